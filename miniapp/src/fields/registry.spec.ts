import { fieldTypeNames, fieldTypes } from '@lianke/shared/fields/registry';
import { describe, expect, test } from 'vitest';
import { field } from '../../test/forms.js';
import type { Json, ReadField } from '../data/record-types.js';
import { t } from '../i18n/index.js';
import { formatField, renderers } from './registry.js';

const uuid = '00000000-0000-7000-8000-000000000001';
const options = [{ id: 'A', label: '甲', color: 'red' }];
const ref = { id: uuid, label: '王芳' };
const context = { t, zone: 'Asia/Shanghai', now: Date.parse('2025-03-07T03:00:00Z') };

/** One value of each type as records are read, with what a phone shows. */
const samples: Record<ReadField['type'], { config?: Record<string, Json>; read: Json; text: string }> = {
  text: { config: { maxLength: 200 }, read: '宁德时代', text: '宁德时代' },
  longText: { config: { maxLength: 5000 }, read: '一\n二', text: '一\n二' },
  number: { config: { decimals: 2, unit: '台' }, read: '-1234567.5', text: '-1,234,567.5 台' },
  money: { config: { decimals: 2, currency: 'CNY', display: 'wan' }, read: '585000', text: '58.5 万元' },
  date: { read: '2025-03-07', text: '2025-03-07' },
  datetime: { config: { precision: 'minute' }, read: '2025-03-06T16:30:00.000Z', text: '2025-03-07 00:30' },
  select: { config: { options, display: 'dropdown' }, read: 'A', text: '甲' },
  multiSelect: { config: { options }, read: ['A'], text: '甲' },
  tags: { config: { suggestions: [] }, read: ['高意向', '技术型'], text: '高意向、技术型' },
  switch: { read: false, text: '否' },
  phone: { config: { max: 3 }, read: ['13800138000', '0571-88881234'], text: '13800138000、0571-88881234' },
  email: { read: 'a@b.cn', text: 'a@b.cn' },
  url: { read: 'https://lianke.test', text: 'https://lianke.test' },
  member: { config: { default: 'none' }, read: ref, text: '王芳' },
  department: { config: { default: 'none' }, read: ref, text: '王芳' },
  relation: { config: { formId: uuid, onDelete: 'detach' }, read: ref, text: '王芳' },
  attachment: {
    config: { accept: 'any', max: 20 },
    read: [{ id: uuid, name: '报价.pdf', size: 9, mime: 'application/pdf' }],
    text: '报价.pdf',
  },
  autonumber: { config: { prefix: 'KH' }, read: 'KH001', text: 'KH001' },
  location: { read: { lat: 30.2084, lng: 120.2101, name: '滨江' }, text: '滨江' },
  address: { read: { province: '浙江省', city: '杭州市', detail: '阡陌路' }, text: '浙江省杭州市阡陌路' },
  lastContact: { config: { sources: [] }, read: '2025-02-23T03:00:00.000Z', text: '12 天未联系' },
};

describe.each(fieldTypeNames)('%s', (type) => {
  const { config = {}, read, text } = samples[type];
  const shown = field(type, 'x', '字段', { config });

  test('is shown as a person reads it, and as nothing when empty', () => {
    expect(formatField(shown, read, context)).toBe(text);
    expect([null, undefined, '', []].map((value) => formatField(shown, value, context))).toEqual(['', '', '', '']);
  });

  test('has a control unless the system keeps it', () => {
    expect(renderers[type].Control === null).toBe(fieldTypes[type].kept === true);
  });

  test('accepts its own value and sends what the server takes', () => {
    const renderer = renderers[type];
    expect(renderer.check?.(read, shown) ?? null).toBeNull();
    const wire = renderer.toWire ? renderer.toWire(read) : read;
    expect(fieldTypes[type].parse(wire, fieldTypes[type].config.parse(config))).toMatchObject({ ok: true });
  });
});

test('a type newer than this app shows its plain value', () => {
  const unknown = field('hologram' as ReadField['type'], 'x', '全息');
  expect(formatField(unknown, { a: 1 }, context)).toBe('{"a":1}');
});
