import { isDerived } from '@lianke/shared/fields/derived';
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
  richText: { config: { maxLength: 100 }, read: '<p>一<strong>二</strong></p>', text: '一二' },
  percent: { config: { decimals: 2 }, read: '0.155', text: '15.5%' },
  rating: { config: { max: 5 }, read: '4', text: '4 星，共 5 星' },
  slider: { config: { min: 0, max: 100, step: 5, unit: '分' }, read: '35', text: '35 分' },
  time: { config: { precision: 'minute' }, read: '09:05', text: '09:05' },
  dateRange: { read: '2025-03-01/2025-03-07', text: '2025-03-01 ~ 2025-03-07' },
  cascader: {
    config: { options: [{ id: '华东', label: '华东区', children: [{ id: '浙江', label: '浙江省' }] }] },
    read: '华东/浙江',
    text: '华东区 / 浙江省',
  },
  idNumber: { config: { masked: true }, read: '11010519491231002X', text: '110105********002X' },
  creditCode: { read: '91350100M000100Y43', text: '91350100M000100Y43' },
  members: { config: { max: 50 }, read: [ref], text: '王芳' },
  departments: { config: { max: 50 }, read: [ref], text: '王芳' },
  relations: { config: { formId: uuid }, read: [ref], text: '王芳' },
  subform: {
    config: { fields: [{ id: 'f_aaaaaaaaaa', key: 'name', name: '品名', type: 'text', config: {}, rules: {} }] },
    read: [{ id: uuid, values: { name: '甲' } }],
    text: '1 行',
  },
  image: {
    config: { max: 9 },
    read: [{ id: uuid, name: '现场.jpg', size: 9, mime: 'image/jpeg' }],
    text: '现场.jpg',
  },
  signature: { read: [{ id: uuid, name: 'signature.png', size: 9, mime: 'image/png' }], text: '已签名' },
  barcode: { config: { maxLength: 200 }, read: '6901234567892', text: '6901234567892' },
  lastContact: { config: { sources: [] }, read: '2025-02-23T03:00:00.000Z', text: '12 天未联系' },
  formula: { config: { result: { type: 'money', config: { decimals: 2 } } }, read: '1200.5', text: '1,200.50 元' },
  lookup: {
    config: { relation: 'customer', field: 'grade', result: { type: 'select', config: { options } } },
    read: 'A',
    text: '甲',
  },
  rollup: {
    config: { formId: uuid, relation: 'customer', result: { type: 'number', config: {} } },
    read: '12',
    text: '12',
  },
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

  test('accepts its own value and sends what the server takes, if it is sent at all', () => {
    if (isDerived(type)) return;
    const renderer = renderers[type];
    expect(renderer.check?.(read, shown) ?? null).toBeNull();
    const wire = renderer.toWire ? renderer.toWire(read, shown) : read;
    expect(fieldTypes[type].parse(wire, fieldTypes[type].config.parse(config))).toMatchObject({ ok: true });
  });
});

test('a type newer than this app shows its plain value', () => {
  const unknown = field('hologram' as ReadField['type'], 'x', '全息');
  expect(formatField(unknown, { a: 1 }, context)).toBe('{"a":1}');
});

test('a related record that the reader may not see is said to be there', () => {
  const unseen = { id: uuid, label: '' };
  const customer = field('relation', 'customer', '客户', { config: { formId: uuid, onDelete: 'detach' } });
  expect(formatField(customer, unseen, context)).toBe('客户不可见');
  const customers = field('relations', 'customers', '客户', { config: { formId: uuid } });
  expect(formatField(customers, [ref, unseen], context)).toBe('王芳、客户不可见');
});
