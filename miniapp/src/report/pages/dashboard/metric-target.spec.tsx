// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { draw } from '../../../../test/draw.js';
import { pageParams, taro } from '../../../../test/fake-taro.js';
import { field, form } from '../../../../test/forms.js';
import Dashboard from './index.js';

const order = form('order', '订单', [field('number', 'amount', '金额')]);
const widget = {
  ...{ id: 'w1', type: 'metric', title: '本月回款', formId: order.id, place: { x: 0, y: 0, w: 6, h: 4 } },
  ...{ measure: { fn: 'count' }, target: { id: 't1', whose: 'me' } },
};
const target = {
  ...{ name: '回款', unit: '元', amount: '2000', actual: '1750.5', percent: 87 },
  ...{ from: '2026-01-01', to: '2026-03-31' },
};
const answers = (shown: typeof target | null) => ({
  'GET /apps': () => ({ items: [], cursor: null }),
  'GET /forms': () => ({ items: [order], cursor: null }),
  'GET /changes': () => ({ since: '1', items: [] }),
  'GET /dashboards/d1': () => ({
    ...{
      id: 'd1',
      appId: 'a',
      name: '销售看板',
      version: 1,
      published: true,
      hasDraft: false,
      mayEdit: false,
      updatedAt: '2025-03-01T00:00:00Z',
    },
    definition: { widgets: [widget], filters: [] },
  }),
  'GET /dashboards/d1/data': () => ({ widgets: [{ id: 'w1', kind: 'value', value: 12, target: shown }] }),
});

test('a metric tells how far its target is, and opens its records', async () => {
  Object.assign(pageParams, { id: 'd1' });
  const page = draw(<Dashboard />, answers(target));
  await page.shows('目标完成 87%');
  expect(page.text()).toContain('1,750.5 / 2,000 元');
  expect(page.text()).toContain('回款，2026-01-01 至 2026-03-31');
  await page.tap('目标完成 87%');
  expect(taro.navigateTo).toHaveBeenLastCalledWith({ url: expect.stringContaining('/pages/list/index?') });
});

test('a metric whose reader has no target in its period says so', async () => {
  Object.assign(pageParams, { id: 'd1' });
  await draw(<Dashboard />, answers(null)).shows('这一期没有目标');
});
