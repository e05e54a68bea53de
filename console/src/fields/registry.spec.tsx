import { isDerived } from '@lianke/shared/fields/derived';
import { type FieldTypeName, fieldTypeNames, fieldTypes } from '@lianke/shared/fields/registry';
import type { Json } from '@lianke/shared/json';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { App } from 'antd';
import { renderToString } from 'react-dom/server';
import { MemoryRouter } from 'react-router-dom';
import { describe, expect, it } from 'vitest';
import '../i18n/index.js';
import { fieldRenderers } from './registry.js';

const uuid = '00000000-0000-7000-8000-000000000001';
const options = [{ id: 'A', label: '甲', color: 'red' }];
const ref = { id: uuid, label: '王芳' };
const file = (name: string, mime: string) => [{ id: uuid, name, size: 9, mime }];

/** One value of each type as records are read, and what a person reads in it. The compiler asks for every type. */
const samples: Record<FieldTypeName, { config?: Record<string, Json>; read: Json; text: string }> = {
  text: { read: '宁德时代', text: '宁德时代' },
  longText: { read: '一\n二', text: '一' },
  richText: { read: '<p>一<strong>二</strong></p>', text: '一二' },
  number: { config: { decimals: 2, unit: '台' }, read: '-1234567.5', text: '1,234,567.5' },
  money: { config: { decimals: 2 }, read: '585000', text: '585,000' },
  percent: { config: { decimals: 2 }, read: '0.155', text: '15.5%' },
  rating: { config: { max: 5 }, read: '4', text: '4' },
  slider: { config: { unit: '分' }, read: '35', text: '35' },
  date: { read: '2025-03-07', text: '2025-03-07' },
  datetime: { config: { precision: 'minute' }, read: '2025-03-06T16:30:00.000Z', text: '2025-03-0' },
  time: { read: '09:05', text: '09:05' },
  dateRange: { read: '2025-03-01/2025-03-07', text: '2025-03-07' },
  select: { config: { options }, read: 'A', text: '甲' },
  multiSelect: { config: { options }, read: ['A'], text: '甲' },
  cascader: {
    config: { options: [{ id: '华东', label: '华东区', children: [{ id: '浙江', label: '浙江省' }] }] },
    read: '华东/浙江',
    text: '浙江省',
  },
  tags: { read: ['高意向'], text: '高意向' },
  switch: { read: true, text: '是' },
  phone: { read: ['13800138000'], text: '138' },
  email: { read: 'a@b.cn', text: 'a@b.cn' },
  url: { read: 'https://lianke.test/', text: 'lianke.test' },
  idNumber: { config: { masked: false }, read: '11010519491231002X', text: '110105' },
  creditCode: { read: '91350100M000100Y43', text: '91350100M000100Y43' },
  member: { read: ref, text: '王芳' },
  members: { read: [ref], text: '王芳' },
  department: { read: ref, text: '王芳' },
  departments: { read: [ref], text: '王芳' },
  relation: { config: { formId: uuid }, read: ref, text: '王芳' },
  relations: { config: { formId: uuid }, read: [ref], text: '王芳' },
  subform: {
    config: { fields: [{ id: 'f_aaaaaaaaaa', key: 'name', name: '品名', type: 'text', config: {}, rules: {} }] },
    read: [{ id: uuid, label: '甲' }],
    text: '1 行',
  },
  attachment: { read: file('报价.pdf', 'application/pdf'), text: '报价.pdf' },
  image: { read: file('现场.jpg', 'image/jpeg'), text: '现场.jpg' },
  signature: { read: file('signature.png', 'image/png'), text: '✓' },
  autonumber: { read: 'KH001', text: 'KH001' },
  barcode: { read: '6901234567892', text: '6901234567892' },
  location: { read: { lat: 30.2, lng: 120.2, name: '滨江' }, text: '滨江' },
  address: { read: { province: '浙江省', city: '杭州市', detail: '阡陌路' }, text: '阡陌路' },
  lastContact: { read: '2025-02-23T03:00:00.000Z', text: '' },
  formula: { config: { result: { type: 'money', config: { decimals: 2 } } }, read: '1200.5', text: '1,200.5' },
  lookup: {
    config: { relation: 'x', field: 'y', result: { type: 'select', config: { options } } },
    read: 'A',
    text: '甲',
  },
  rollup: { config: { formId: uuid, result: { type: 'number', config: {} } }, read: '12', text: '12' },
};

function drawn(element: React.ReactElement): string {
  return renderToString(
    <QueryClientProvider client={new QueryClient()}>
      <MemoryRouter>
        <App>{element}</App>
      </MemoryRouter>
    </QueryClientProvider>,
  );
}

describe.each(fieldTypeNames)('%s', (type) => {
  const { config = {}, read, text } = samples[type];
  const parsed = fieldTypes[type].config.safeParse(config);
  const field = { key: 'x', name: '字段', type, config: { ...(parsed.data as Record<string, unknown>), ...config } };
  const renderer = fieldRenderers[type];

  it('is said in words, and drawn, empty or not', () => {
    expect(renderer.text(field, read)).toContain(text);
    expect(drawn(<renderer.Value field={field} value={read} />)).not.toBe('');
    for (const empty of [null, undefined]) {
      expect(renderer.text(field, empty)).toBe('');
      drawn(<renderer.Value field={field} value={empty} />);
    }
  });

  it('has a control unless the system keeps it', () => {
    const written = !fieldTypes[type].kept && !isDerived(type);
    expect(renderer.Editor !== undefined).toBe(written);
    if (renderer.Editor) {
      const { Editor } = renderer;
      expect(drawn(<Editor field={field} value={read} onChange={() => undefined} />)).not.toBe('');
    }
  });
});
