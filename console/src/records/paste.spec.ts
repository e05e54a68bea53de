import { fieldTypeNames, fieldTypes } from '@lianke/shared/fields/registry';
import type { Json } from '@lianke/shared/json';
import { afterEach, describe, expect, it } from 'vitest';
import type { ReadField } from '../api/queries.js';
import { fieldRenderers } from '../fields/registry.js';
import { i18n } from '../i18n/index.js';
import { setTimeZone } from '../shared/format.js';
import { readPaste } from './paste.js';
import { toWrite } from './values.js';

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
const names = { member: [{ id: 'w', name: '王芳' }], department: [{ id: 'd', name: '销售一部', parentId: null }] };
const one = (of: ReadField, text: string) => readPaste([[text]], [of], names).rows[0]?.values[of.key];

describe('readPaste', () => {
  it('reads texts by the field’s type', () => {
    expect(one(field('a', 'money'), '58 万元')).toBe('580000');
    expect(one(field('a', 'money'), '¥1,200.50')).toBe('1200.5');
    expect(one(field('a', 'number'), '1,200 人')).toBe('1200');
    expect(one(field('a', 'date'), '2025/3/7')).toBe('2025-03-07');
    expect(one(field('a', 'date'), '2025年3月7日')).toBe('2025-03-07');
    expect(one(field('a', 'switch'), '否')).toBe(false);
    expect(one(field('a', 'tags'), '高意向、技术型')).toEqual(['高意向', '技术型']);
    expect(one(field('a', 'member'), '王芳')).toBe('w');
    expect(one(field('a', 'department'), '销售一部')).toBe('d');
    const select = field('a', 'select', { config: { options: [{ id: 'x', label: 'A 类' }] } });
    expect(one(select, 'A 类')).toBe('x');
    expect(one(field('a', 'text'), '')).toBeNull();
  });
  it('leaves out what cannot stand and says why', () => {
    const fields = [field('a', 'number'), field('b', 'text', { writable: false })];
    const pasted = readPaste(
      [
        ['x', 'y', 'z'],
        ['5', 'y'],
      ],
      fields,
      names,
    );
    expect(pasted.rows).toEqual([{ row: 1, values: { a: '5' } }]);
    expect(pasted).toMatchObject({ cells: 1, skipped: 4, reason: expect.stringMatching(/^.+（3）、不是数字（1）$/) });
    const whole = [field('a', 'text'), field('b', 'autonumber', { writable: false })];
    expect(readPaste([['甲', '', '']], whole, names)).toMatchObject({ cells: 1, skipped: 0, reason: '' });
    expect(readPaste([['甲', 'KH001']], whole, names)).toMatchObject({ skipped: 1, reason: '由系统维护' });
    expect(readPaste([['']], [field('a', 'text', { rules: { required: true } })], names).reason).toBe('必填');
    expect(readPaste([['赵六']], [field('a', 'member')], names).reason).toBe('没有这位成员');
  });
});

const uuid = (n: number) => `00000000-0000-7000-8000-00000000000${n}`;
const [wang, li, north, firm, other] = [
  { id: uuid(1), label: '王芳' },
  { id: uuid(2), label: '李伟' },
  { id: uuid(3), label: '华北' },
  { id: uuid(4), label: '华兴' },
  { id: uuid(5), label: '博远' },
];
const known = {
  member: [wang, li].map(({ id, label }) => ({ id, name: label })),
  department: [
    { id: north.id, name: north.label, parentId: null },
    { id: uuid(6), name: '华南', parentId: null },
  ],
  links: new Map([['a', new Map<string, typeof firm | null>([firm, other].map((item) => [item.label, item]))]]),
};
const choices = [
  { id: 'A', label: '甲', color: 'red' },
  { id: 'B', label: '乙 类', color: 'blue' },
];

/** Of each type that is edited in a cell: values as records are read. The test asks for every such type. */
const samples: Partial<Record<ReadField['type'], { config?: Record<string, Json>; values: Json[] }>> = {
  text: { values: ['宁德时代', '0012'] },
  longText: { values: ['第一行\n第二行'] },
  number: { config: { decimals: 2, unit: '台' }, values: ['-1234567.5', '0'] },
  money: { config: { decimals: 2, display: 'wan' }, values: ['585000', '-1200.5'] },
  percent: { config: { decimals: 2 }, values: ['0.155', '1'] },
  rating: { config: { max: 5 }, values: ['4'] },
  slider: { config: { unit: '分' }, values: ['35'] },
  date: { values: ['2025-03-07'] },
  datetime: { config: { precision: 'minute' }, values: ['2025-03-06T16:30:00.000Z'] },
  time: { values: ['09:05'] },
  dateRange: { values: ['2025-03-01/2025-03-07', '2025-03-01/2025-03-01'] },
  select: { config: { options: choices }, values: ['A', 'B'] },
  multiSelect: { config: { options: choices }, values: [['A', 'B']] },
  cascader: {
    config: { options: [{ id: '华东', label: '华东区', children: [{ id: '浙江', label: '浙江省' }] }] },
    values: ['华东/浙江'],
  },
  tags: { values: [['高意向', '技术型']] },
  switch: { values: [true, false] },
  phone: { values: [['13800138000', '010-62345678']] },
  email: { values: ['a@b.cn'] },
  url: { values: ['https://lianke.test/a?b=1'] },
  idNumber: { config: { masked: false }, values: ['11010519491231002X'] },
  creditCode: { values: ['91350100M000100Y43'] },
  member: { values: [wang] },
  members: { values: [[wang, li]] },
  department: { values: [north] },
  departments: { values: [[north, { id: uuid(6), label: '华南' }]] },
  relation: { config: { formId: uuid(9) }, values: [firm] },
  relations: { config: { formId: uuid(9) }, values: [[firm, other]] },
  barcode: { values: ['6901234567892'] },
};
const inCell = fieldTypeNames.filter((type) => fieldRenderers[type].inCell && !fieldTypes[type].kept);

describe('what was copied from the same table', () => {
  afterEach(async () => {
    setTimeZone('Asia/Shanghai');
    await i18n.changeLanguage('zh');
  });

  it.each([...new Set([...inCell, 'relations' as const])])('is pasted as it was: %s', async (type) => {
    const sample = samples[type];
    if (!sample) throw new Error(`no sample of ${type}`);
    const parsed = fieldTypes[type].config.safeParse(sample.config ?? {});
    const of = field('a', type, { config: { ...(parsed.data as Record<string, Json>), ...sample.config } });
    for (const language of ['zh', 'en'])
      for (const value of sample.values) {
        await i18n.changeLanguage(language);
        const text = fieldRenderers[type].text(of, value);
        const pasted = readPaste([[text]], [of], known);
        expect([language, text, pasted.reason, pasted.rows[0]?.values.a]).toEqual([
          language,
          text,
          '',
          toWrite(of, value),
        ]);
      }
  });

  it('is read in the company’s time zone', () => {
    setTimeZone('America/New_York');
    const of = field('a', 'datetime', { config: { precision: 'minute' } });
    const value = '2025-03-06T16:30:00.000Z';
    expect(readPaste([[fieldRenderers.datetime.text(of, value)]], [of], known).rows[0]?.values.a).toBe(value);
  });
});

describe('pasted names', () => {
  const people = {
    ...known,
    member: [
      { id: 'gone', name: '王芳', account: 'wf0', mobile: null, state: 'left' as const },
      { id: 'one', name: '王芳', account: 'wf1', mobile: '13800138000', state: 'active' as const },
      { id: 'x', name: '李伟', account: 'lw1', mobile: null, state: 'active' as const },
      { id: 'y', name: '李伟', account: 'lw2', mobile: null, state: 'active' as const },
    ],
    links: new Map([['a', new Map([['重名', null]])]]),
  };
  const read = (type: ReadField['type'], text: string) => {
    const { rows, reason } = readPaste([[text]], [field('a', type, { config: { formId: uuid(9) } })], people);
    return rows[0]?.values.a ?? reason;
  };

  it('mean colleagues, not those who left, and are accounts and phones too', () => {
    expect(['王芳', 'WF1', '13800138000', 'wf0'].map((text) => read('member', text))).toEqual([
      'one',
      'one',
      'one',
      '没有这位成员',
    ]);
  });

  it('that two bear are left out, and say so', () => {
    expect(read('member', '李伟')).toBe('有多位同名的“李伟”，请改用账号或手机号');
    expect(read('members', '王芳、李伟')).toContain('有多位同名的“李伟”');
    expect(read('relation', '重名')).toBe('“重名”对应多条数据');
  });
});
