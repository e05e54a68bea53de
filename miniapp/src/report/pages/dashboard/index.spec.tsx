// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { draw } from '../../../../test/draw.js';
import { pageParams } from '../../../../test/fake-taro.js';
import { field, form } from '../../../../test/forms.js';
import Dashboard from './index.js';

const order = form('order', '订单', [field('number', 'amount', '金额')]);
const place = { x: 0, y: 0, w: 6, h: 4 };
const widget = { id: 'w1', type: 'metric', title: '本月回款', formId: order.id, place, measure: { fn: 'count' } };
const filters = [{ id: 'when', type: 'date', title: '', fields: {} }];
const answers = (data: (filters: string | undefined) => unknown) => ({
  'GET /apps': () => ({ items: [], cursor: null }),
  'GET /forms': () => ({ items: [order], cursor: null }),
  'GET /changes': () => ({ since: '1', items: [] }),
  'GET /dashboards/d1': () => ({
    ...{ id: 'd1', appId: 'a', name: '销售看板', version: 1, mayEdit: false, updatedAt: '2025-03-01T00:00:00Z' },
    definition: { widgets: [widget], filters },
  }),
  'GET /dashboards/d1/data': ({ query }: { query: Record<string, string> }) => data(query.filters),
});
const value = (n: number) => ({ widgets: [{ id: 'w1', kind: 'value', value: n }] });

test('numbers that could not be read are told with 重试 (the cards stayed grey for ever)', async () => {
  Object.assign(pageParams, { id: 'd1' });
  let broken = true;
  const page = draw(
    <Dashboard />,
    answers(() => (broken ? 503 : value(12))),
  );
  await page.shows('重试');
  expect(page.root.querySelector('.bone')).toBeNull();
  broken = false;
  await page.tap('重试');
  await page.shows('本月回款');
  await page.shows('12');
});

test('any days from one to another can be chosen, as on the computer', async () => {
  Object.assign(pageParams, { id: 'd1' });
  const asked = JSON.stringify({ when: { from: '2025-02-03', to: '2025-02-14' } });
  const page = draw(
    <Dashboard />,
    answers((given) => value(given === asked ? 7 : 12)),
  );
  await page.shows('12');
  await page.tap('时间 ▾');
  await page.shows('自选日期');
  const pickers = () => [...page.root.querySelectorAll<HTMLInputElement>('.test-picker')];
  await page.typeInto(pickers()[0], '2025-02-20');
  await page.typeInto(pickers()[1], '2025-02-14');
  await page.shows('结束日期早于开始日期');
  await page.typeInto(pickers()[0], '2025-02-03');
  await page.gone('结束日期早于开始日期');
  await page.tap('查看这些天');
  await page.shows('2025-02-03 至 2025-02-14');
  await page.shows('7');
});
