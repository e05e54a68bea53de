import { describe, expect, it } from 'vitest';
import { readCivil } from './date/sheet.js';
import { isDerived } from './derived.js';
import { type FieldTypeName, fieldTypeNames, fieldTypes } from './registry.js';
import { sheetFormats } from './sheet-registry.js';
import { cellText } from './sheet-text.js';
import type { SheetCell, SheetReadContext } from './sheet-types.js';

const zone = 'Asia/Shanghai';

function read(type: FieldTypeName, cell: SheetCell, config: object = {}, more: Partial<SheetReadContext> = {}) {
  const parsed = fieldTypes[type].config.parse(config) as never;
  return sheetFormats[type].reader(parsed, { timeZone: zone, ...more })(cell);
}

const serial = (iso: string) => (Date.parse(iso) - Date.UTC(1899, 11, 30)) / 86_400_000;

describe('dates from cells', () => {
  it.each<[SheetCell, string]>([
    [new Date('2025-03-07T00:00:00Z'), '2025-03-07'],
    ['2025.3.7', '2025-03-07'],
    ['2025年3月7日', '2025-03-07'],
    ['20250307', '2025-03-07'],
    [20250307, '2025-03-07'],
    ['2025/03/07', '2025-03-07'],
    ['2025-3-7', '2025-03-07'],
    [' 2025 年 3 月 7 号 ', '2025-03-07'],
    ['２０２５．３．７', '2025-03-07'],
    ['2025/3/7 16:11', '2025-03-07'],
    ['2025年3月7日 星期五', '2025-03-07'],
    [serial('2025-03-07'), '2025-03-07'],
    ['45723', '2025-03-07'],
    ['2024-02-29', '2024-02-29'],
  ])('%s is %s', (cell, date) => expect(read('date', cell)).toEqual({ value: date }));

  it.each<SheetCell>([
    '2025-02-29',
    '2025.13.1',
    '2025年3月',
    '3月7日',
    '下周',
    '2025-03-07-01',
    '202503',
    7,
    1e9,
    true,
    '2025/3/7 25:00',
  ])('%s is no date', (cell) =>
    expect(read('date', cell)).toEqual({ value: null, problem: { code: 'bad_date', params: undefined } }),
  );

  it.each<SheetCell>([null, '', ' ', '-', '无', '暂无'])('%j is empty', (cell) =>
    expect(read('date', cell)).toEqual({ value: null }),
  );

  it.each<[SheetCell, string]>([
    ['2025-02-13 16:11', '2025-02-13T08:11:00.000Z'],
    ['2025年2月13日 下午4点11分', '2025-02-13T08:11:00.000Z'],
    ['2025/2/13 4:11:30 PM', '2025-02-13T08:11:30.000Z'],
    ['2025.2.13', '2025-02-12T16:00:00.000Z'],
    [new Date('2025-02-13T16:11:00Z'), '2025-02-13T08:11:00.000Z'],
    [serial('2025-02-13T16:11:00Z'), '2025-02-13T08:11:00.000Z'],
    ['2025-02-13T16:11:00+08:00', '2025-02-13T08:11:00.000Z'],
    ['2025-02-13 12:30 am', '2025-02-12T16:30:00.000Z'],
  ])('%s is the instant %s in Shanghai', (cell, instant) => expect(read('datetime', cell)).toEqual({ value: instant }));

  it('means the zone of the company, daylight saving included', () => {
    const at = (text: string) => read('datetime', text, {}, { timeZone: 'Europe/Berlin' }).value;
    expect([at('2025-01-05 12:00'), at('2025-07-05 12:00')]).toEqual([
      '2025-01-05T11:00:00.000Z',
      '2025-07-05T10:00:00.000Z',
    ]);
  });

  it('reads every day of 1955–2118 the same in each of the five writings and as a serial number', () => {
    const random = seeded(1);
    for (let round = 0; round < 2000; round++) {
      const day = new Date(Date.UTC(1955, 0, 1) + Math.floor(random() * 59_000) * 86_400_000);
      const iso = day.toISOString().slice(0, 10);
      const [y = '', m = '', d = ''] = iso.split('-');
      const writings: SheetCell[] = [
        day,
        iso,
        `${y}.${+m}.${+d}`,
        `${y}年${+m}月${+d}日`,
        `${y}${m}${d}`,
        `${y}/${m}/${d}`,
        serial(iso),
      ];
      expect(writings.map((cell) => read('date', cell).value)).toEqual(writings.map(() => iso));
    }
  });

  it('keeps the minute of a time that a spreadsheet holds as a fraction of a day', () => {
    for (let minute = 0; minute < 1440; minute++) {
      const civil = readCivil(45_000 + minute / 1440);
      expect([civil?.hour, civil?.minute, civil?.second]).toEqual([Math.floor(minute / 60), minute % 60, 0]);
    }
  });
});

describe('amounts from cells', () => {
  const money = (cell: SheetCell, factor?: number) => read('money', cell, {}, { factor });
  it.each<[SheetCell, string]>([
    [12.5, '125000'],
    ['12.5万', '125000'],
    ['12.5 万元', '125000'],
    ['125,000元', '125000'],
    ['1,200,000元', '1200000'],
    ['￥125,000.50元', '125000.5'],
    ['1.2亿', '120000000'],
    ['3千', '3000'],
    ['300', '3000000'],
    ['１２．５', '125000'],
    ['约20万', '200000'],
    ['(3)', '-30000'],
    ['-3', '-30000'],
    [0, '0'],
    [0.1 + 0.2, '3000'],
  ])('%s in a column of 万元 is %s 元', (cell, yuan) => expect(money(cell, 10_000)).toEqual({ value: yuan }));

  it.each<SheetCell>(['待定', '面议', '10-20万', '1,23', '12万3', '--5', true, 'NaN', '1e5', new Date(0)])(
    '%s is empty with a warning',
    (cell) => expect(money(cell, 10_000)).toMatchObject({ value: null, problem: { code: 'bad_number' } }),
  );

  it.each<SheetCell>([null, '', '-', '/', '无', '暂无'])('%j is empty', (cell) =>
    expect(money(cell)).toEqual({ value: null }),
  );

  it('agrees with exact arithmetic for any amount of fen in every writing', () => {
    const random = seeded(2);
    for (let round = 0; round < 3000; round++) {
      const fen = Math.floor(random() * 1e12);
      const yuan = decimal(fen, 2);
      const [whole = '', part = ''] = yuan.split('.');
      const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',') + (part === '' ? '' : `.${part}`);
      const wan = decimal(fen, 6);
      for (const cell of [`${yuan}元`, `${grouped}元`, `￥${grouped} 元`, `${wan}万`, `${wan} 万元`, wan])
        expect([cell, money(cell, 10_000).value]).toEqual([cell, yuan]);
    }
  });

  it('reads per cent as the field counts it', () => {
    expect(read('number', '15%', { unit: '%' }).value).toBe('15');
    expect(read('number', '15%').value).toBe('0.15');
    expect(read('number', '1,024').value).toBe('1024');
  });

  it('says when a number is out of bounds', () =>
    expect(read('number', 5, { max: 3 })).toMatchObject({ value: null, problem: { code: 'too_big' } }));
});

describe('phones from cells', () => {
  it.each<[SheetCell, string[]]>([
    [13632945116, ['13632945116']],
    ['136-5307-4505', ['13653074505']],
    ['153 7347 5455', ['15373475455']],
    ['１５９６５９０２７７１', ['15965902771']],
    ['+86 138 0013 8000', ['13800138000']],
    ['0420-89928180转393', ['0420-89928180-393']],
    ['010-65308888', ['010-65308888']],
    ['13632945116/13965207446', ['13632945116', '13965207446']],
    ['13632945116、13965207446', ['13632945116', '13965207446']],
    ['13632945116 13965207446', ['13632945116', '13965207446']],
    ['手机：13632945116', ['13632945116']],
  ])('%s is %j', (cell, phones) => expect(read('phone', cell)).toEqual({ value: phones }));

  it('keeps the good one of two and says so', () =>
    expect(read('phone', '13632945116/待补')).toEqual({ value: ['13632945116'], problem: { code: 'bad_phone' } }));

  it.each<SheetCell>(['问前台', '123'])('%s is empty with a warning', (cell) =>
    expect(read('phone', cell)).toMatchObject({ value: null, problem: { code: 'bad_phone' } }),
  );

  it('finds any mobile number however it is written, alone and in pairs', () => {
    const random = seeded(3);
    const mobile = () => `1${3 + Math.floor(random() * 7)}${String(Math.floor(random() * 1e9)).padStart(9, '0')}`;
    const writings = [
      (n: string) => n,
      (n: string) => `${n.slice(0, 3)} ${n.slice(3, 7)} ${n.slice(7)}`,
      (n: string) => `${n.slice(0, 3)}-${n.slice(3, 7)}-${n.slice(7)}`,
      (n: string) => n.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)),
      (n: string) => `+86${n}`,
    ];
    for (let round = 0; round < 1000; round++) {
      const a = mobile();
      const b = mobile();
      for (const write of writings) {
        expect(read('phone', write(a)).value).toEqual([a]);
        expect(read('phone', `${write(a)}/${write(b)}`).value).toEqual([...new Set([a, b])]);
      }
      expect(read('phone', Number(a)).value).toEqual([a]);
    }
  });
});

describe('words from cells', () => {
  const grades = { options: ['A', 'B', 'C'].map((id) => ({ id, label: id })) };
  const aliases = [
    { option: 'A', words: ['战略'] },
    { option: 'B', words: ['重点'] },
  ];
  it.each([
    ['a', 'A'],
    ['B级', 'B'],
    ['战略客户', 'A'],
    ['重点', 'B'],
    ['Ｃ', 'C'],
    [' A ', 'A'],
  ])('grade %s is %s', (text, id) => expect(read('select', text, grades, { aliases }).value).toBe(id));
  it('reads a note either way round', () => {
    const words = { options: [{ id: '战略', label: '战略' }] };
    expect(read('select', 'A', words, { aliases }).value).toBe('战略');
  });
  it('says which text is no option, and takes what the person decided', () => {
    expect(read('select', 'D', grades)).toEqual({
      value: null,
      problem: { code: 'unknown_option', params: { value: 'D' } },
    });
    expect(read('select', 'D', grades, { decided: new Map([['D', 'C']]) })).toEqual({ value: 'C', mapped: 'C' });
    expect(read('select', 'A', grades, { decided: new Map([['A', null]]) })).toEqual({ value: null, mapped: '' });
  });
  it('reads several options and tells the unknown ones', () => {
    expect(read('multiSelect', 'A，c; D', grades)).toMatchObject({
      value: ['A', 'C'],
      problem: { params: { value: 'D' } },
    });
    expect(read('multiSelect', 'A B', grades).value).toEqual(['A', 'B']);
  });
  it.each([
    '技术型,高意向',
    '技术型，高意向',
    '技术型、高意向',
    '技术型;高意向',
    '技术型 高意向',
    '技术型\n高意向、技术型',
  ])('tags %j', (text) => expect(read('tags', text)).toEqual({ value: ['技术型', '高意向'] }));
  it('keeps line breaks, emoji and quotes of notes', () => {
    expect(read('longText', '需求：替换\r\n预算待批😀').value).toBe('需求：替换\n预算待批😀');
    expect(read('longText', '"急"').value).toBe('"急"');
  });
  it('leaves a malformed mail address out', () => {
    expect(read('email', 'c9 at example.com')).toMatchObject({ value: null, problem: { code: 'bad_email' } });
    expect(read('email', 'C9＠Example.com').value).toBe('C9@Example.com');
  });
  it('cuts an address without losing a character', () => {
    expect(read('address', '成都市高新区天府大道334号').value).toEqual({
      city: '成都市',
      district: '高新区',
      detail: '天府大道334号',
    });
    expect(read('address', '广东省深圳市南山区科技园730号').value).toMatchObject({
      province: '广东省',
      city: '深圳市',
      district: '南山区',
    });
    expect(read('address', '科技园730号').value).toEqual({ detail: '科技园730号' });
  });
  it('reads yes and no', () =>
    expect(['是', '√', true, 1, 'N', '否', '-'].map((cell) => read('switch', cell).value)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
      null,
    ]));
  it('shows numbers as the sheet does', () =>
    expect([cellText(0.1 + 0.2), cellText(1e21), cellText(1e-7), cellText(13632945116)]).toEqual([
      '0.3',
      '1000000000000000000000',
      '0.0000001',
      '13632945116',
    ]));
});

describe('every field type', () => {
  const id = '01920000-0000-7000-8000-000000000001';
  const samples: Record<FieldTypeName, { config?: object; value: unknown }> = {
    text: { value: '=1+1' },
    longText: { value: 'a\nb' },
    number: { value: '12.5' },
    money: { value: '125000' },
    date: { value: '2025-03-07' },
    datetime: { value: '2025-03-07T08:11:00.000Z' },
    select: { config: { options: [{ id: 'a', label: '甲' }] }, value: 'a' },
    multiSelect: {
      config: {
        options: [
          { id: 'a', label: '甲' },
          { id: 'b', label: '乙' },
        ],
      },
      value: ['a', 'b'],
    },
    tags: { value: ['高意向', '技术型'] },
    switch: { value: false },
    phone: { value: ['13800138000', '010-65308888-12'] },
    email: { value: 'a@b.cn' },
    url: { value: 'https://a.cn/x' },
    member: { value: id },
    department: { value: id },
    relation: { config: { formId: id }, value: id },
    attachment: { value: [id] },
    autonumber: { value: 'HT20250001' },
    location: { value: { lat: 31.2, lng: 121.4 } },
    address: { value: { city: '成都市', district: '高新区', detail: '天府大道334号' } },
    lastContact: { value: '2025-03-07T08:11:00.000Z' },
    richText: { value: '<p>一</p><p>二</p>' },
    percent: { value: '0.155' },
    rating: { value: '4' },
    slider: { value: '35' },
    time: { value: '09:05' },
    dateRange: { value: '2026-01-05/2026-01-31' },
    cascader: {
      config: { options: [{ id: '华东', label: '华东区', children: [{ id: '浙江', label: '浙江省' }] }] },
      value: '华东/浙江',
    },
    idNumber: { value: '11010519491231002X' },
    creditCode: { value: '91350100M000100Y43' },
    members: { value: [id] },
    departments: { value: [id] },
    relations: { config: { formId: id }, value: [id] },
    subform: { value: [{ id, values: { a: '1' } }] },
    image: { value: [id] },
    signature: { value: [id] },
    barcode: { value: '6901234567892' },
    formula: { config: { result: { type: 'number', config: {} } }, value: '12.5' },
    lookup: {
      config: { relation: 'customer', field: 'level', result: { type: 'tags', config: {} } },
      value: ['高意向', '技术型'],
    },
    rollup: { config: { formId: id, relation: 'customer', result: { type: 'date', config: {} } }, value: '2025-03-07' },
  };
  const lookup = (text: string) => ({ value: text === '名字' ? id : null });
  it.each(fieldTypeNames)('%s comes back from the cell it was written to', (type) => {
    const { config = {}, value } = samples[type];
    const parsed = fieldTypes[type].config.parse(config) as never;
    const format = sheetFormats[type];
    const cell = format.write(value as never, parsed, { timeZone: zone, nameOf: () => '名字' });
    const back = format.reader(parsed, { timeZone: zone, member: lookup, department: lookup, record: lookup })(cell);
    // Derived values leave; what a sheet says of them is refused.
    if (isDerived(type)) expect(back).toEqual({ value: null, problem: { code: 'system_kept', params: undefined } });
    else if (type === 'subform') expect(back).toMatchObject({ value: null, problem: { code: 'wrong_type' } });
    else if (fieldTypes[type].refers === 'file')
      expect(back).toEqual({ value: null, problem: { code: 'no_such_file', params: undefined } });
    else expect(back.value).toEqual(value);
    expect(format.write(null, parsed, { timeZone: zone, nameOf: () => '' })).toBeNull();
    expect(format.reader(parsed, { timeZone: zone })(null)).toEqual({ value: null });
  });
  it.each(fieldTypeNames)('%s reads any cell without throwing, and its value passes the type itself', (type) => {
    const { config = {} } = samples[type];
    const parsed = fieldTypes[type].config.parse(config) as never;
    const reader = sheetFormats[type].reader(parsed, { timeZone: zone });
    const random = seeded(4);
    const alphabet = [...'0123456789-./:年月日万元亿,，、; ()+%@aZ中😀\n\u0000\u3000（）'];
    for (let round = 0; round < 1500; round++) {
      const text = Array.from(
        { length: Math.floor(random() * 12) },
        () => alphabet[Math.floor(random() * alphabet.length)],
      ).join('');
      for (const cell of [
        text,
        random() * 1e6,
        -random(),
        random() > 0.5,
        new Date(random() * 4e12),
        new Date(Number.NaN),
        Number.POSITIVE_INFINITY,
      ]) {
        const { value } = reader(cell);
        expect(fieldTypes[type].parse(value, parsed)).toMatchObject(
          type === 'autonumber' && value === null ? { ok: false } : { ok: true },
        );
      }
    }
  });
});

/** mulberry32: the same numbers in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** `units` / 10^digits in full, by integer arithmetic only. */
function decimal(units: number, digits: number): string {
  const text = String(units).padStart(digits + 1, '0');
  const tail = text.slice(-digits).replace(/0+$/, '');
  return tail === '' ? text.slice(0, -digits) : `${text.slice(0, -digits)}.${tail}`;
}
