import { describe, expect, it } from 'vitest';
import { maskIdNumber } from './id-number/value.js';
import { type FieldTypeName, fieldTypes } from './registry.js';
import { sheetFormats } from './sheet-registry.js';
import type { SheetCell } from './sheet-types.js';

function parse(type: FieldTypeName, raw: unknown, config: object = {}) {
  return fieldTypes[type].parse(raw, fieldTypes[type].config.parse(config));
}

function read(type: FieldTypeName, cell: SheetCell, config: object = {}) {
  const parsed = fieldTypes[type].config.parse(config) as never;
  return sheetFormats[type].reader(parsed, { timeZone: 'Asia/Shanghai' })(cell).value;
}

describe('percent', () => {
  it('is kept as a share, counted per cent in its limits', () => {
    expect(parse('percent', '33.333%')).toEqual({ ok: true, value: '0.3333' });
    expect(parse('percent', 0.1)).toEqual({ ok: true, value: '0.1' });
    expect(parse('percent', '120%', { max: 100 })).toEqual({ ok: false, code: 'too_big', params: { max: '100%' } });
    expect(['15%', 0.15, '0.15', '１５％'].map((cell) => read('percent', cell))).toEqual([
      '0.15',
      '0.15',
      '0.15',
      '0.15',
    ]);
  });
});

describe('rating and slider', () => {
  it('take only their own stops', () => {
    expect(parse('rating', 4.5)).toMatchObject({ ok: false, code: 'off_step' });
    expect(parse('rating', 4.5, { half: true })).toEqual({ ok: true, value: '4.5' });
    expect(parse('rating', 6)).toMatchObject({ ok: false, code: 'too_big' });
    expect(parse('rating', 0)).toMatchObject({ ok: false, code: 'too_small' });
    expect(parse('slider', 7, { min: 2, step: 5 })).toEqual({ ok: true, value: '7' });
    expect(parse('slider', 10, { min: 2, step: 5 })).toMatchObject({ ok: false, code: 'off_step' });
    expect(parse('slider', 0.3, { step: 0.1, max: 1 })).toEqual({ ok: true, value: '0.3' });
    expect(fieldTypes.slider.config.safeParse({ min: 5, max: 5 }).success).toBe(false);
    expect(['4星', '★★★★☆', '4/5', 4].map((cell) => read('rating', cell))).toEqual(['4', '4', '4', '4']);
  });
});

describe('time and date range', () => {
  it.each<[SheetCell, string]>([
    ['9:30', '09:30'],
    ['下午3点半', '15:30'],
    ['15时20分', '15:20'],
    [0.5, '12:00'],
    [45000.75, '18:00'],
    [new Date(Date.UTC(1899, 11, 30, 8, 5)), '08:05'],
  ])('time %s is %s', (cell, time) => expect(read('time', cell)).toBe(time));
  it.each(['24:00', '9', '9:60', '2026-01-01'])('%s is no time', (raw) =>
    expect(parse('time', raw)).toMatchObject({ ok: false, code: 'bad_time' }),
  );
  it.each<[SheetCell, string]>([
    ['2026-01-05 ~ 2026-01-31', '2026-01-05/2026-01-31'],
    ['2026年1月5日至2026年1月31日', '2026-01-05/2026-01-31'],
    ['2026/1/5-2026/1/31', '2026-01-05/2026-01-31'],
    ['2026-01-05 - 2026-01-31', '2026-01-05/2026-01-31'],
    ['2026-01-05', '2026-01-05/2026-01-05'],
  ])('range %s is %s', (cell, range) => expect(read('dateRange', cell)).toBe(range));
  it('ends after it begins and within its limit', () => {
    expect(parse('dateRange', '2026-02-01/2026-01-31')).toMatchObject({ ok: false, code: 'bad_date_range' });
    expect(parse('dateRange', '2026-02-30/2026-03-01')).toMatchObject({ ok: false, code: 'bad_date_range' });
    expect(parse('dateRange', '2026-02-01/2026-02-08', { maxDays: 7 })).toMatchObject({ code: 'too_many_days' });
  });
});

describe('numbers of people and companies', () => {
  it.each(['11010519491231002X', '440524188001010014'])('%s is an ID card number', (raw) =>
    expect(parse('idNumber', raw)).toEqual({ ok: true, value: raw }),
  );
  it.each(['110105194912310021', '11010519491331002X', '1101051949123100', '01010519491231002X'])('%s is none', (raw) =>
    expect(parse('idNumber', raw)).toMatchObject({ ok: false, code: 'bad_id_number' }),
  );
  it('finds any single wrong digit and any two neighbours changed round', () => {
    const right = '11010519491231002X';
    for (let at = 0; at < 17; at++) {
      for (let digit = 0; digit < 10; digit++) {
        const wrong = right.slice(0, at) + digit + right.slice(at + 1);
        if (wrong !== right) expect(parse('idNumber', wrong).ok, wrong).toBe(false);
      }
      const swapped = right.slice(0, at) + right[at + 1] + right[at] + right.slice(at + 2);
      if (swapped !== right) expect(parse('idNumber', swapped).ok, swapped).toBe(false);
    }
  });
  it('hides birth date and order', () => expect(maskIdNumber('11010519491231002X')).toBe('110105********002X'));
  it.each(['91350100M000100Y43', '91110000600037341L', '91330106673959654P'])('%s is a credit code', (raw) =>
    expect(parse('creditCode', raw)).toEqual({ ok: true, value: raw }),
  );
  it.each(['91350100M000100Y44', '91350100M000100Y4', '9135010OM000100Y43'])('%s is none', (raw) =>
    expect(parse('creditCode', raw)).toMatchObject({ ok: false, code: 'bad_credit_code' }),
  );
});

describe('cascading select', () => {
  const config = {
    options: [
      {
        id: '华东',
        label: '华东区',
        children: [
          { id: '浙江', label: '浙江省' },
          { id: '上海', label: '上海市' },
        ],
      },
      { id: '华南', label: '华南区', children: [{ id: '其他', label: '其他' }] },
      { id: '西部', label: '西部', children: [{ id: '其他', label: '其他' }] },
    ],
  };
  it('goes to the last level unless it may end before', () => {
    expect(parse('cascader', '华东区', config)).toMatchObject({ ok: false, code: 'not_last_level' });
    expect(parse('cascader', '华东区', { ...config, anyLevel: true })).toEqual({ ok: true, value: '华东' });
    expect(parse('cascader', '华东/北京', config)).toMatchObject({ ok: false, code: 'unknown_option' });
  });
  it.each([['华东区/浙江省'], ['华东 > 浙江省'], ['华东-浙江'], ['浙江省']])('%s is found', (cell) =>
    expect(read('cascader', cell, config)).toBe('华东/浙江'),
  );
  it('does not guess between two of one name', () => expect(read('cascader', '其他', config)).toBeNull());
  it('refuses five levels too many, repeats and slashes', () => {
    const deep = (levels: number): object[] => [
      { id: 'a', label: 'a', ...(levels > 1 ? { children: deep(levels - 1) } : {}) },
    ];
    const valid = (options: object[]) => fieldTypes.cascader.config.safeParse({ options }).success;
    expect([valid(deep(5)), valid(deep(6))]).toEqual([true, false]);
    expect(
      valid([
        { id: 'a', label: 'x' },
        { id: 'b', label: 'x' },
      ]),
    ).toBe(false);
    expect(valid([{ id: 'a/b', label: 'x' }])).toBe(false);
  });
});
