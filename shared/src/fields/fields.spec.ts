import { describe, expect, it } from 'vitest';
import { filterOps } from '../filter/ast.js';
import type { Json } from '../json.js';
import { type FieldTypeName, fieldTypeNames, fieldTypes } from './registry.js';
import { aggregateFns } from './types.js';

const id = '01a00000-0000-7000-8000-000000000001';
const options = [
  { id: 'a', label: '甲' },
  { id: 'b', label: '乙' },
];

/** What a client may send to a field of each type with this config; types kept by the system take nothing. */
const samples: Partial<Record<FieldTypeName, { config?: Record<string, unknown>; raw: unknown[] }>> = {
  text: { raw: ['客户'] },
  longText: { raw: ['第一行\n第二行'] },
  number: { raw: [1.5, '1.50'] },
  money: { raw: [80000, '80000.00'] },
  date: { raw: ['2026-03-04'] },
  datetime: { raw: ['2026-03-04T00:30:00+08:00'] },
  select: { config: { options }, raw: ['a'] },
  multiSelect: { config: { options }, raw: [['a', 'b']] },
  tags: { raw: [['重点']] },
  switch: { raw: [true] },
  phone: { raw: [['13800000000']] },
  email: { raw: ['a@example.com'] },
  url: { raw: ['https://example.com/'] },
  member: { raw: [id] },
  department: { raw: [id] },
  relation: { config: { formId: id }, raw: [id] },
  attachment: { raw: [[id]] },
  richText: { raw: ['<p>一<b>二</b></p><ul><li>三</li></ul>', '一\n二'] },
  percent: { raw: [0.155, '0.155', '15.5%'] },
  rating: { config: { half: true }, raw: [4, '3.5'] },
  slider: { config: { step: 5 }, raw: [35, '40'] },
  time: { raw: ['9:05', '09:05:30'] },
  dateRange: { raw: ['2026-01-05/2026-01-31', { start: '2026-01-05', end: '2026-01-05' }] },
  cascader: {
    config: { options: [{ id: '华东', label: '华东', children: [{ id: '浙江', label: '浙江省' }] }] },
    raw: ['华东/浙江', ['华东', '浙江省']],
  },
  idNumber: { raw: ['11010519491231002X', '11010519491231002x'] },
  creditCode: { raw: ['91350100M000100Y43'] },
  members: { raw: [[id], id, [{ id, label: '王芳' }]] },
  departments: { raw: [[id]] },
  relations: { config: { formId: id }, raw: [[id]] },
  subform: {
    config: { fields: [{ name: '数量', type: 'number' }] },
    raw: [[{ id, values: { a: '1' } }, { values: {} }]],
  },
  image: { raw: [[id]] },
  signature: { raw: [[id]] },
  barcode: { raw: ['6901234567892'] },
  address: { raw: [{ province: '浙江省', city: '杭州市', district: '', detail: '' }] },
};

describe.each(fieldTypeNames)('%s', (name) => {
  const type = fieldTypes[name];
  const sample = samples[name];
  const config = type.config.safeParse(sample?.config ?? {});

  it('is registered under its own name, labelled in both languages, with capabilities from the closed lists', () => {
    expect(type.type).toBe(name);
    expect(type.label.zh).toMatch(/\p{Script=Han}/u);
    expect(type.label.en).toMatch(/^[A-Z]/);
    for (const op of type.operators) expect(filterOps).toContain(op);
    for (const fn of type.aggregates) expect(aggregateFns).toContain(fn);
    expect(type.operators).toEqual(expect.arrayContaining(['empty', 'notEmpty']));
    expect(new Set(type.operators).size).toBe(type.operators.length);
    if (type.storage === 'jsonb') expect([type.sortable, type.groupable]).toEqual([false, false]);
  });

  it('has a config that is its own canonical form', () => {
    if (!sample) return;
    expect(config.error).toBeUndefined();
    expect(type.config.parse(config.data)).toEqual(config.data);
  });

  it('makes one canonical value of what clients send, and clears on null and empty text', () => {
    if (!sample) {
      // Without a sample only what the system keeps, or what a phone’s sensor makes, may pass.
      expect(type.kept || name === 'location' || name === 'autonumber').toBe(true);
      return;
    }
    for (const raw of sample.raw) {
      const parsed = type.parse(raw, config.data);
      expect(parsed, JSON.stringify(raw)).toMatchObject({ ok: true });
      if (!parsed.ok) continue;
      expect(parsed.value).not.toBeNull();
      expect(type.parse(parsed.value, config.data)).toEqual(parsed);
    }
    for (const blank of [null, '']) expect(type.parse(blank, config.data)).toEqual({ ok: true, value: null });
  });

  it('takes part in the shared rules: masks hide, references say what they name, only single values may be unique', () => {
    if (type.refers) expect(['uuid', 'uuid[]']).toContain(type.storage);
    if (type.mayBeUnique) expect(['text', 'numeric', 'date']).toContain(type.storage);
    if (!type.mask || !sample) return;
    const parsed = type.parse(sample.raw[0], config.data);
    if (!parsed.ok || parsed.value === null) throw new Error('the sample is no value');
    expect(type.mask(parsed.value)).not.toBe(parsed.value);
  });

  it('refuses what is no value of it with a code, and never throws', () => {
    const strange: Json[] = [{ nothing: { at: 'all' } }, [[1]]];
    for (const raw of strange) expect(type.parse(raw, config.data ?? {}).ok).toBe(false);
  });
});
