import { describe, expect, it } from 'vitest';
import type { ReadField } from '../api/queries.js';
import { changedValues, cleanText, copiedValues, faultOf, initialValues, sameValue, toWrite } from './values.js';

const field = (key: string, type: ReadField['type'], more: Partial<ReadField> = {}): ReadField =>
  ({
    id: `f_${key.padEnd(10, '0')}`,
    key,
    name: key,
    type,
    config: {},
    rules: {},
    writable: true,
    ...more,
  }) as ReadField;
const wang = { id: '00000000-0000-7000-8000-000000000001', label: '王芳' };

describe('toWrite', () => {
  it('answers ids for references and files, null for blanks', () => {
    expect(toWrite(field('a', 'member'), wang)).toBe(wang.id);
    expect(toWrite(field('a', 'relation'), null)).toBeNull();
    expect(toWrite(field('a', 'attachment'), [{ id: 'x', name: 'y', size: 1, mime: '' }])).toEqual(['x']);
    expect(toWrite(field('a', 'phone'), ['', '138'])).toEqual(['138']);
    expect(toWrite(field('a', 'phone'), [''])).toBeNull();
    expect(toWrite(field('a', 'tags'), [])).toBeNull();
    expect(toWrite(field('a', 'switch'), false)).toBe(false);
  });
});

describe('sameValue', () => {
  it('compares what would be written', () => {
    expect(sameValue(field('a', 'member'), wang, { ...wang, label: '她' })).toBe(true);
    expect(sameValue(field('a', 'text'), '', null)).toBe(true);
    expect(sameValue(field('a', 'switch'), false, null)).toBe(false);
    expect(sameValue(field('a', 'address'), { city: 'a', detail: 'b' }, { detail: 'b', city: 'a' })).toBe(true);
  });
});

describe('cleanText', () => {
  it('copies what one would type elsewhere', () => {
    expect(cleanText(field('a', 'money'), '580000.00')).toBe('580000.00');
    expect(cleanText(field('a', 'phone'), ['138 0000-0001', '010-6688'])).toBe('13800000001\n0106688');
    expect(cleanText(field('a', 'member'), wang)).toBe('王芳');
    expect(cleanText(field('a', 'text'), null)).toBe('');
  });
});

describe('copiedValues', () => {
  it('leaves out what the system keeps and what no two records may share', () => {
    const fields = [
      field('name', 'text'),
      field('code', 'text', { rules: { unique: true } }),
      field('no', 'autonumber', { writable: false }),
      field('city', 'text'),
      field('owner', 'member', { system: true }),
    ];
    const settings = { summaryFields: [], uniqueSets: [{ fields: ['f_city000000', 'x'] }] };
    const values = { name: '甲', code: 'K1', no: '1', city: '宁波', owner: wang };
    expect(copiedValues({ fields, settings } as never, { values })).toEqual({ name: '甲' });
  });
});

describe('changedValues', () => {
  it('leaves out what is the same, read-only or not in the form', () => {
    const fields = [
      field('a', 'text'),
      field('b', 'text'),
      field('c', 'text', { writable: false }),
      field('d', 'text'),
    ];
    expect(changedValues(fields, { a: '1', b: '2', c: '3' }, { a: '1', b: '', c: '4' })).toEqual({ b: null });
  });
});

describe('faultOf', () => {
  it('names what the server would refuse', () => {
    expect(faultOf(field('a', 'text', { rules: { required: true } }), ' ')).toBe('必填');
    expect(faultOf(field('a', 'text', { config: { maxLength: 3 } }), '四个字符')).toBe('最多 3 个字符');
    expect(faultOf(field('a', 'email'), 'x')).toBe('邮箱地址不对');
    expect(faultOf(field('a', 'phone'), ['12'])).toBe('电话号码不对');
    expect(faultOf(field('a', 'number', { config: { max: 5 } }), '6')).toBe('不能大于 5');
    expect(faultOf(field('a', 'member', { rules: { required: true } }), wang)).toBeUndefined();
    expect(faultOf(field('a', 'text'), null)).toBeUndefined();
  });
});

describe('initialValues', () => {
  it('fills defaults and the owner', () => {
    const fields = [
      field('owner', 'member', { system: true }),
      field('a', 'text', { default: { kind: 'literal', value: '官网' } }),
      field('b', 'member', { config: { default: 'me' } }),
      field('c', 'department', { default: { kind: 'myDepartment' } }),
      field('d', 'date', { default: { kind: 'now' } }),
      field('e', 'text', { writable: false, default: { kind: 'literal', value: 'x' } }),
      field('f', 'text'),
      field('g', 'members', { default: { kind: 'me' } }),
      field('h', 'departments', { default: { kind: 'myDepartment' } }),
    ];
    const dept = { id: 'd', label: '销售部' };
    expect(initialValues(fields, wang, dept, new Date('2025-03-07T01:00:00.000Z'))).toEqual({
      owner: wang,
      a: '官网',
      b: wang,
      c: dept,
      d: '2025-03-07',
      g: [wang],
      h: [dept],
    });
  });

  it('mean the company’s day and time, also before eight in the morning (yesterday was filled in)', () => {
    const fields = (['date', 'time', 'datetime'] as const).map((type) =>
      field(type, type, { default: { kind: 'now' } }),
    );
    expect(initialValues(fields, wang, null, new Date('2025-03-06T23:30:00.000Z'))).toEqual({
      date: '2025-03-07',
      time: '07:30',
      datetime: '2025-03-06T23:30:00.000Z',
    });
  });
});
