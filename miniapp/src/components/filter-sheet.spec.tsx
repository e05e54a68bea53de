// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { draw } from '../../test/draw.js';
import { pageParams } from '../../test/fake-taro.js';
import { field, form } from '../../test/forms.js';
import { bothOf, filterFields, numberRange, oneOf, rangeOf } from '../data/list-filter.js';
import { shownUnit } from '../fields/shown-unit.js';
import List from '../pages/list/index.js';
import { FilterSheet } from './filter-sheet.js';

const grade = field('select', 'grade', '分级', {
  config: {
    options: [
      { id: 'A', label: 'A 级' },
      { id: 'B', label: 'B 级' },
    ],
  } as never,
});
const amount = field('money', 'amount', '金额', { config: { currency: 'CNY', display: 'yuan', decimals: 2 } as never });
const owner = field('member', 'owner', '负责人', { system: true });
const secret = field('text', 'idNo', '证件', { encrypted: true } as never);
const starred = field('phone', 'phone', '电话', { masked: true });
const device = form('device', '设备', [field('text', 'name', '名称'), grade, amount, owner, secret, starred]);

test('conditions of the fields go to the server together, and an empty list lets them go again', async () => {
  pageParams.formId = device.id;
  const page = draw(<List />, {
    'GET /apps': () => ({ items: [], cursor: null }),
    'GET /forms': () => ({ items: [device], cursor: null }),
    'GET /changes': () => ({ since: '1', items: [] }),
    [`GET /forms/${device.id}/views`]: () => ({ items: [], cursor: null }),
    [`POST /forms/${device.id}/records/query`]: ({ body }) => {
      const filtered = 'filter' in (body as object);
      const items = filtered ? [] : [{ id: 'd1', version: 1, label: '空压机', values: { name: '空压机' } }];
      return { items, cursor: null, total: items.length };
    },
  });
  await page.shows('空压机');
  await page.tap('筛选');
  await page.tap('B 级');
  await page.type('最小值', '1000');
  await page.tap('我');
  await page.tap('查看结果');
  await page.shows('筛选条件下没有数据');
  await page.shows('筛选 3');
  expect(page.asked.filter((one) => one.method === 'POST').at(-1)?.body).toMatchObject({
    filter: {
      and: [
        { field: 'grade', op: 'in', value: ['B'] },
        { field: 'amount', op: 'gte', value: '1000' },
        { field: 'owner', op: 'in', value: [{ me: true }] },
      ],
    },
  });
  await page.tap('清除筛选');
  await page.shows('空压机');
});

test('what the reader sees with stars or what is encrypted cannot be asked for', () => {
  expect(filterFields(device).map((item) => item.field.key)).toEqual(['name', 'grade', 'amount', 'owner']);
});

test('a range without an end, a half-typed number, and a view that filters already', () => {
  expect(numberRange(amount, '1', '2')).toEqual({ field: 'amount', op: 'between', value: ['1', '2'] });
  expect(numberRange(amount, '-', '5')).toEqual({ field: 'amount', op: 'lte', value: '5' });
  expect(numberRange(amount, '-', '')).toBeUndefined();
  const view = { field: 'grade', op: 'eq', value: 'A' } as const;
  expect(bothOf(view, {})).toEqual(view);
  expect(bothOf(view, { owner: oneOf(owner, [], true) as never })).toEqual({
    and: [view, { field: 'owner', op: 'in', value: [{ me: true }] }],
  });
});

test('a range of per cent or 万元 is typed as it is shown (15 % found nothing)', () => {
  const rate = field('percent', 'rate', '毛利率');
  expect(numberRange(rate, '15', '20.5', 2)).toEqual({ field: 'rate', op: 'between', value: ['0.15', '0.205'] });
  const condition = numberRange(amount, '58', '', -4);
  expect(condition).toEqual({ field: 'amount', op: 'gte', value: '580000' });
  expect(rangeOf(condition, -4)).toEqual({ from: '58', to: '' });
  const deal = field('money', 'deal', '预计金额', { config: { currency: 'CNY', display: 'wan' } as never });
  expect(shownUnit(deal)).toEqual({ unit: '万元', places: -4 });
  expect(shownUnit(rate)).toEqual({ unit: '%', places: 2 });
});

test('a blank between two words stays while the second is typed', async () => {
  const asked: unknown[] = [];
  const page = draw(
    <FilterSheet form={device} chosen={{}} onDone={(chosen) => asked.push(chosen.name)} onClose={() => undefined} />,
    { 'GET /members': () => ({ items: [], cursor: null }) },
  );
  await page.type('包含的文字', 'Ah ');
  await page.until(() =>
    expect(page.root.querySelector<HTMLInputElement>('[placeholder="包含的文字"]')?.value).toBe('Ah '),
  );
  await page.type('包含的文字', 'Ah Beng');
  await page.tap('查看结果');
  await page.until(() => expect(asked).toEqual([{ field: 'name', op: 'contains', value: 'Ah Beng' }]));
});
