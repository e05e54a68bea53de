import type { FieldTypeName } from '@lianke/shared/fields/registry';
import { good, type Row, ruledRows } from '@lianke/shared/forms/testing/rule-rows';
import type { Json } from '@lianke/shared/json';

export interface BadRow {
  values: Row;
  /** `field: code`, in any order. */
  codes: string[];
  /** What cells of a sheet say instead, names for ids; null where no cell can be as wrong. */
  cells?: Row | null;
}

export const nobody = '01a00000-0000-7000-8000-000000000000';
/** Records of another form: one fits the good row, the other does not. */
export const fitting = '01a00000-0000-7000-8000-00000000000a';
export const unfit = '01a00000-0000-7000-8000-00000000000b';
const options = ['A', 'B', 'C'].map((id) => ({ id, label: id }));
const tree = [{ id: '华东', label: '华东', children: [{ id: '浙江', label: '浙江' }] }];

/**
 * Values that each type refuses, with the code that every door answers. `json`: a cell of a sheet reads as something good or
 * has no types to be wrong in.
 */
export const badValues: Partial<Record<FieldTypeName, { config?: Row; bad: [Json, string, 'json'?][] }>> = {
  text: {
    config: { maxLength: 5 },
    bad: [
      ['123456', 'too_long'],
      [{ a: 1 }, 'wrong_type'],
      [['x'], 'wrong_type', 'json'],
      [true, 'wrong_type', 'json'],
    ],
  },
  longText: {
    config: { maxLength: 5 },
    bad: [
      ['123456', 'too_long'],
      [true, 'wrong_type', 'json'],
      [{}, 'wrong_type'],
    ],
  },
  richText: {
    config: { maxLength: 5 },
    bad: [
      ['<p>123456</p>', 'too_long'],
      [{}, 'wrong_type'],
      [['<p>'], 'wrong_type', 'json'],
      [3, 'wrong_type', 'json'],
    ],
  },
  number: {
    config: { min: 0, max: 10, decimals: 2 },
    bad: [
      ['x', 'bad_number'],
      ['1e3', 'bad_number'],
      ['1,000', 'bad_number', 'json'],
      [-1, 'too_small'],
      ['10.01', 'too_big'],
      [{}, 'bad_number'],
      [true, 'bad_number'],
      ['9..1', 'bad_number'],
      [11, 'too_big'],
      ['不详', 'bad_number'],
    ],
  },
  money: {
    config: { min: 0, max: 100 },
    bad: [
      ['元', 'bad_number'],
      ['--1', 'bad_number'],
      [-0.01, 'too_small'],
      ['100.01', 'too_big'],
      [['1'], 'bad_number', 'json'],
      ['1.2.3', 'bad_number'],
      [101, 'too_big'],
    ],
  },
  percent: {
    config: { min: 0, max: 100 },
    bad: [
      ['x%', 'bad_number'],
      ['101%', 'too_big'],
      [1.01, 'too_big'],
      ['-1%', 'too_small'],
      [{}, 'bad_number'],
      ['150%', 'too_big'],
    ],
  },
  rating: {
    bad: [
      [0, 'too_small'],
      [6, 'too_big'],
      [2.5, 'off_step'],
      ['x', 'bad_number'],
      [{}, 'bad_number'],
      [7, 'too_big'],
    ],
  },
  slider: {
    config: { step: 5 },
    bad: [
      [3, 'off_step'],
      [-5, 'too_small'],
      [105, 'too_big'],
      ['x', 'bad_number'],
      [52, 'off_step'],
    ],
  },
  date: {
    bad: [
      ['2026-02-30', 'bad_date'],
      ['x', 'bad_date'],
      [{}, 'bad_date'],
      ['2026-13-01', 'bad_date'],
      [20260101, 'bad_date', 'json'],
      ['2026-00-10', 'bad_date'],
      ['2026-04-31', 'bad_date'],
      ['不详', 'bad_date'],
    ],
  },
  datetime: {
    bad: [
      ['x', 'bad_date'],
      ['2026-02-30T00:00:00Z', 'bad_date'],
      [{}, 'bad_date'],
      ['2026-01-01T25:00:00Z', 'bad_date'],
      ['不详', 'bad_date'],
    ],
  },
  time: {
    bad: [
      ['24:00', 'bad_time'],
      ['9', 'bad_time'],
      ['9:60', 'bad_time'],
      [930, 'bad_time', 'json'],
      [{}, 'bad_time'],
      ['25:00', 'bad_time'],
      ['不详', 'bad_time'],
    ],
  },
  dateRange: {
    config: { maxDays: 7 },
    bad: [
      ['2026-01-02/2026-01-01', 'bad_date_range'],
      ['2026-01-01', 'bad_date_range', 'json'],
      ['2026-02-30/2026-03-01', 'bad_date_range'],
      ['2026-01-01/2026-01-08', 'too_many_days'],
      [{ start: 1, end: 2 }, 'bad_date_range'],
    ],
  },
  select: {
    config: { options },
    bad: [
      ['D', 'unknown_option'],
      [1, 'wrong_type', 'json'],
      [['A'], 'wrong_type', 'json'],
      [{}, 'wrong_type'],
      ['E', 'unknown_option'],
    ],
  },
  multiSelect: {
    config: { options },
    bad: [
      [['A', 'D'], 'unknown_option'],
      ['D', 'unknown_option'],
      [[1], 'wrong_type'],
      [{}, 'wrong_type'],
    ],
  },
  cascader: {
    config: { options: tree },
    bad: [
      ['华东', 'not_last_level'],
      ['华南', 'unknown_option'],
      ['华东/北京', 'unknown_option'],
      [1, 'wrong_type', 'json'],
      [[1], 'wrong_type'],
    ],
  },
  tags: {
    bad: [
      [[1], 'wrong_type'],
      [{}, 'wrong_type'],
      [[['a']], 'wrong_type'],
    ],
  },
  switch: {
    bad: [
      ['x', 'wrong_type', 'json'],
      [2, 'wrong_type'],
      [{}, 'wrong_type'],
      [[true], 'wrong_type'],
    ],
  },
  phone: {
    config: { max: 2 },
    bad: [
      [['123'], 'bad_phone'],
      ['问前台', 'bad_phone'],
      [['13800000000', '13800000001', '13800000002'], 'too_many'],
      [[{}], 'bad_phone'],
    ],
  },
  email: {
    bad: [
      ['x', 'bad_email'],
      ['a@b', 'bad_email'],
      ['a b@c.cn', 'bad_email'],
      ['@c.cn', 'bad_email'],
      [{}, 'bad_email'],
      ['a@', 'bad_email'],
      ['没有', 'bad_email', 'json'],
    ],
  },
  url: {
    bad: [
      ['x y', 'bad_url'],
      ['javascript:alert(1)', 'bad_url'],
      ['ftp://a.cn', 'bad_url'],
      [{}, 'bad_url'],
      ['没有', 'bad_url', 'json'],
    ],
  },
  idNumber: {
    bad: [
      ['110105194912310021', 'bad_id_number'],
      ['11010519491331002X', 'bad_id_number'],
      ['123', 'bad_id_number'],
      ['010105194912310021', 'bad_id_number'],
      [{}, 'bad_id_number'],
      ['11010519491231002', 'bad_id_number'],
    ],
  },
  creditCode: {
    bad: [
      ['91350100M000100Y44', 'bad_credit_code'],
      ['9135010OM000100Y43', 'bad_credit_code'],
      ['x', 'bad_credit_code'],
      [{}, 'bad_credit_code'],
      ['91350100M000100Y4', 'bad_credit_code'],
    ],
  },
  member: {
    bad: [
      [nobody, 'no_such_member'],
      ['x', 'no_such_member'],
      [{}, 'no_such_member'],
      [1, 'no_such_member'],
    ],
  },
  members: {
    config: { max: 1 },
    bad: [
      [[nobody], 'no_such_member'],
      ['x', 'no_such_member'],
      [[{}], 'no_such_member'],
    ],
  },
  department: {
    bad: [
      [nobody, 'no_such_department'],
      ['x', 'no_such_department'],
      [1, 'no_such_department'],
    ],
  },
  departments: {
    bad: [
      [[nobody], 'no_such_department'],
      [[1], 'no_such_department'],
    ],
  },
  attachment: {
    config: { max: 1 },
    bad: [
      [[nobody], 'no_such_file'],
      ['x', 'wrong_type', 'json'],
      [['x'], 'no_such_file'],
      [[nobody, '01a00000-0000-7000-8000-000000000001'], 'too_many', 'json'],
    ],
  },
  image: {
    bad: [
      [[nobody], 'no_such_file'],
      ['x', 'wrong_type', 'json'],
      [[1], 'no_such_file'],
    ],
  },
  signature: {
    bad: [
      [[nobody], 'no_such_file'],
      [{}, 'wrong_type'],
      [[nobody, '01a00000-0000-7000-8000-000000000001'], 'too_many', 'json'],
    ],
  },
  barcode: {
    config: { maxLength: 5 },
    bad: [
      ['123456', 'too_long'],
      [{}, 'wrong_type'],
    ],
  },
  location: {
    bad: [
      [{ lat: 91, lng: 0 }, 'wrong_type'],
      ['x', 'wrong_type'],
      [{ lng: 1 }, 'wrong_type'],
    ],
  },
  address: {
    bad: [
      [{ nothing: 1 }, 'wrong_type'],
      [3, 'wrong_type', 'json'],
      [{ city: 1 }, 'wrong_type'],
      [['杭州'], 'wrong_type', 'json'],
    ],
  },
};

export function corpus(): BadRow[] {
  const rows: BadRow[] = [];
  for (const [type, { bad }] of Object.entries(badValues)) {
    for (const [value, code, only] of bad) {
      const cells = only === 'json' ? { cells: null } : {};
      rows.push({ values: { ...good, [`${type}1`]: value }, codes: [`${type}1: ${code}`], ...cells });
      // The fault of a value is told along with the others of its row; what only the database knows is asked last.
      const asked = JSON.stringify(value).includes(nobody) && code === 'no_such_file';
      rows.push({
        values: { ...good, name: '', [`${type}1`]: value },
        codes: [...(asked ? [] : [`${type}1: ${code}`]), 'name: required'],
        // A sheet's files are in it or not: nothing is asked.
        ...(asked ? { cells: null } : cells),
      });
    }
  }
  const rule = (values: Row, ...codes: string[]) => {
    const named = Object.fromEntries(
      Object.entries(values)
        .filter(([, value]) => value === unfit)
        .map(([key]) => [key, 'ZZ999']),
    );
    const cells = Object.keys(named).length > 0 ? { cells: { ...good, ...values, ...named } } : {};
    rows.push({ values: { ...good, ...values }, codes, ...cells });
  };
  rows.push(...ruledRows());
  rule({ stage: 'C', kind: null, next: null, locked: 1, reason: '价格' }, 'locked: locked_by');
  rule({ stage: 'C', kind: null, next: null, locked: 1 }, 'locked: locked_by', 'reason: required');
  rule({ target: unfit }, 'target: record_does_not_fit');
  rule({ target: unfit, code: 'ZZ998' }, 'target: record_does_not_fit');
  rule({ target: nobody }, 'target: no_such_record');
  rule({ target: 'x' }, 'target: no_such_record');
  rule({ target: unfit, name: null }, 'name: required');
  rule({ offer: unfit }, 'offer: record_not_offered');
  rule({ offer: unfit, code: 'AB12' }, 'code: bad_pattern');
  rule({ nothing: 1 }, 'nothing: unknown_field');
  rule({ createdAt: '2020-01-01T00:00:00Z', code: 'x' }, 'code: bad_pattern', 'createdAt: system_kept');
  return rows;
}
