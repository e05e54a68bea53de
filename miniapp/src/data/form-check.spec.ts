import { splitFields } from '@lianke/shared/forms/short-form';
import { describe, expect, test } from 'vitest';
import { field, form } from '../../test/forms.js';
import { checkValues, fillable, startValues } from './form-check.js';

const required = { rules: { required: true } };

test('every wrong value has its reason at its field', () => {
  const fields = [
    field('text', 'name', '客户名称', required),
    field('phone', 'phone', '电话', { config: { max: 2 } }),
    field('email', 'mail', '邮箱'),
    field('number', 'rate', '赢率', { config: { min: 0, max: 100, decimals: 0 } }),
    field('date', 'due', '截止日期'),
    field('attachment', 'files', '附件', required),
  ];
  expect(
    checkValues(fields, { name: '', phone: ['abc'], mail: 'x@', rate: '101', due: '2025-02-30', files: [] }),
  ).toEqual({
    name: '必填',
    phone: '电话号码不对',
    mail: '邮箱地址不对',
    rate: '不能大于 100',
    due: '日期不对',
    files: '必填',
  });
  expect(
    checkValues(fields, {
      name: '甲',
      phone: ['13800138000', ''],
      rate: '12',
      files: [{ id: '1', name: 'a', size: 1, mime: '' }],
    }),
  ).toEqual({});
});

test('an empty second phone line does not make a required phone filled', () => {
  expect(checkValues([field('phone', 'phone', '电话', { config: { max: 3 }, ...required })], { phone: [''] })).toEqual({
    phone: '必填',
  });
});

describe('what stands open and what waits behind 更多', () => {
  const some = (count: number) =>
    Array.from({ length: count }, (_, index) => field('text', `t${index}`, `字段${index}`));

  test('a short form opens exactly its fields and the required ones', () => {
    const fields = [...some(6), field('text', 'must', '必填', required)];
    const { first, more } = splitFields(fields, fields[0]?.id, [fields[4]?.id ?? '']);
    expect(first.map((item) => item.key)).toEqual(['t4', 'must']);
    expect(more).toHaveLength(5);
  });

  test('required ones and the title first, then the next of the layout up to five', () => {
    const others = some(12);
    const title = field('text', 'name', '名称');
    const must = field('text', 'must', '必填项', required);
    const { first, more } = splitFields([...others, title, must], title.id);
    expect(first.map((item) => item.key)).toEqual(['name', 'must', 't0', 't1', 't2']);
    expect(more).toHaveLength(9);
  });

  test('a handful of fields is not hidden', () => {
    expect(splitFields(some(8), undefined).more).toEqual([]);
  });

  test('all required fields stand open, however many', () => {
    expect(
      splitFields(
        some(9).map((item) => ({ ...item, ...required })),
        undefined,
      ).first,
    ).toHaveLength(9);
  });
});

test('only fields a person may fill are offered', () => {
  const owner = field('member', 'owner', '负责人', { system: true });
  const created = field('datetime', 'createdAt', '创建时间', { system: true, writable: false });
  const target = form('a', 'a', [
    field('text', 'x', 'x'),
    field('autonumber', 'n', 'n'),
    field('text', 'y', 'y', { writable: false }),
    owner,
    created,
  ]);
  expect(fillable(target).map((item) => item.key)).toEqual(['x', 'owner']);
});

test('defaults the phone knows are filled in', () => {
  const context = {
    me: { id: 'm1', label: '王芳' },
    department: null,
    now: '2025-03-07T02:00:00.000Z',
    today: '2025-03-07',
    time: '10:00',
  };
  const fields = [
    field('select', 'state', '状态', { default: { kind: 'literal', value: '草稿' } }),
    field('member', 'by', '经办人', { default: { kind: 'me' } }),
    field('date', 'day', '日期', { default: { kind: 'now' } }),
    field('datetime', 'time', '时间', { default: { kind: 'now' } }),
    field('time', 'clock', '几点', { default: { kind: 'now' } }),
    field('members', 'mates', '同行', { default: { kind: 'me' } }),
  ];
  expect(startValues(fields, context)).toEqual({
    state: '草稿',
    by: { id: 'm1', label: '王芳' },
    day: '2025-03-07',
    time: '2025-03-07T02:00:00.000Z',
    clock: '10:00',
    mates: [{ id: 'm1', label: '王芳' }],
  });
});

test('a department field starts with the main department, a member field with me, by its own setting too', () => {
  const me = { id: 'm1', label: '王芳' };
  const department = { id: 'd1', label: '销售一部' };
  const fields = [
    field('department', 'asked', '申请部门', { default: { kind: 'myDepartment' } }),
    field('department', 'mine', '所属部门', { config: { default: 'mine' } }),
    field('department', 'other', '协办部门', { config: { default: 'none' } }),
    field('member', 'by', '经办人', { config: { default: 'me' } }),
  ];
  const context = { me, department, now: '2025-03-07T02:00:00.000Z', today: '2025-03-07', time: '10:00' };
  expect(startValues(fields, context)).toEqual({ asked: department, mine: department, by: me });
  expect(startValues(fields, { ...context, department: null })).toEqual({ by: me });
});
