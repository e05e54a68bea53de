import { describe, expect, it } from 'vitest';
import type { ReadField } from '../api/queries.js';
import { readPaste } from './paste.js';

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
const names = { member: [{ id: 'w', name: '王芳' }], department: [{ id: 'd', name: '销售一部' }] };
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
    expect(pasted).toMatchObject({ cells: 1, skipped: 4, reason: '不是数字' });
    expect(readPaste([['']], [field('a', 'text', { rules: { required: true } })], names).reason).toBe('必填');
    expect(readPaste([['赵六']], [field('a', 'member')], names).reason).toBe('没有这位成员');
  });
});
