// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { draw } from '../../../../test/draw.js';
import { pageParams, taro } from '../../../../test/fake-taro.js';
import { field, form } from '../../../../test/forms.js';
import Dashboard from '../dashboard/index.js';
import WidgetPage from './index.js';

const order = form('order', '订单', [field('date', 'day', '日期')]);
const widget = {
  ...{ id: 'w1', type: 'line', title: '每月订单', formId: order.id, limit: 20, place: { x: 0, y: 0, w: 8, h: 6 } },
  ...{ dimension: { field: 'day', unit: 'month' }, measure: { fn: 'count' } },
};
const months = Array.from({ length: 12 }, (_, at) => `2024-${String(at + 1).padStart(2, '0')}-01`);
const data = {
  id: 'w1',
  kind: 'groups',
  items: months.map((month, at) => ({ groups: [month], metrics: { value: at + 100 } })),
  drill: months.map((month) => ({ field: 'day', op: 'eq', value: month })),
};
const answers = {
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
  'GET /dashboards/d1/data': () => ({ widgets: [data] }),
};

test('a widget opens on a screen of its own', async () => {
  Object.assign(pageParams, { id: 'd1' });
  const page = draw(<Dashboard />, answers);
  await page.tap('全屏');
  expect(taro.navigateTo).toHaveBeenLastCalledWith({ url: '/report/pages/widget/index?id=d1&widget=w1' });
});

test('there every number of a long line can be read, and opens its records', async () => {
  Object.assign(pageParams, { id: 'd1', widget: 'w1' });
  const page = draw(<WidgetPage />, answers);
  await page.shows('2024-12111');
  expect(page.text()).toContain('2024-01100');
  await page.tap('2024-12');
  expect(taro.navigateTo).toHaveBeenLastCalledWith({ url: expect.stringContaining('/pages/list/index?') });
});
