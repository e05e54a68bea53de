// @vitest-environment jsdom
import { test } from 'vitest';
import { draw } from '../../../test/draw.js';
import { field, form } from '../../../test/forms.js';
import type { RecordRow } from '../../data/record-types.js';
import { Fill } from './fill.js';

const price = field('number', 'price', '单价', { config: {} });
const count = field('number', 'count', '数量', { config: {} });
const inner = (key: string, name: string, type: string, config: object = {}) => ({
  ...{ id: `f_in_${key}`, key, name, type, config, rules: {} },
});
const lines = field('subform', 'lines', '明细', {
  config: {
    formId: '00000000-0000-7000-8000-0000000000f1',
    parentField: 'f_up',
    fields: [
      inner('cost', '费用', 'number'),
      inner('tax', '税费', 'formula', {
        expression: '{费用}*0.1',
        result: { type: 'number', config: { decimals: 2 } },
      }),
    ],
  } as never,
});
const result = { type: 'number', config: { decimals: 2 } };
const total = field('formula', 'total', '合计', { config: { expression: '{单价}*{数量}', result } as never });
const taxes = field('formula', 'taxes', '税费合计', { config: { expression: 'SUM({明细.税费})', result } as never });
const region = field('lookup', 'region', '地区', { config: { result: { type: 'text', config: {} } } as never });
const order = form('order', '订单', [price, count, lines, total, taxes, region]);
const record: RecordRow = {
  ...{ id: 'r1', version: 1, label: '订单' },
  values: {
    price: '3',
    count: '2',
    region: '华东',
    total: '6',
    lines: [{ id: 'l1', values: { cost: '50', tax: '5' } }] as never,
  },
};

test('formulas are computed while one types, and what comes from other records waits for saving', async () => {
  const page = draw(<Fill form={order} record={record} preset={{}} />, {});
  await page.shows('合计6');
  await page.shows('税费合计5');
  await page.shows('地区华东');
  const [first] = page.root.querySelectorAll('input');
  await page.typeInto(first, '10');
  await page.shows('合计20');
  await page.shows('地区保存后计算');
});

test('a row of a subform shows what its formula gives before it is kept', async () => {
  const page = draw(<Fill form={order} record={record} preset={{}} />, {});
  await page.shows('税费合计5');
  await page.tap('50');
  await page.shows('税费5');
  await page.typeInto([...page.root.querySelectorAll('input')].at(-1), '200');
  await page.shows('税费20');
  await page.tap('确定');
  await page.shows('税费合计20');
});

test('a field that is shown and required for my department can be filled in (it was hidden, and saving was refused)', async () => {
  const asked = field('department', 'asked', '申请部门', { config: { default: 'mine' } });
  const reason = field('text', 'reason', '折扣原因', {
    rules: {
      visibleWhen: { field: 'asked', op: 'in', value: [{ myDepartment: true }] },
      requiredWhen: { field: 'asked', op: 'in', value: [{ myDepartment: true }] },
    },
  });
  const page = draw(<Fill form={form('discount', '折扣', [asked, reason])} record={undefined} preset={{}} />, {});
  await page.shows('申请部门销售一部');
  await page.shows('折扣原因');
  await page.tap('保存');
  await page.shows('必填');
});
