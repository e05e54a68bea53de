// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { draw } from '../../test/draw.js';
import { pageParams, taro } from '../../test/fake-taro.js';
import { field, form } from '../../test/forms.js';
import Customers from '../pages/customers/index.js';
import FormPage from '../pages/form/index.js';
import List from '../pages/list/index.js';
import Nearby from '../pages/nearby/index.js';
import RecordPage from '../pages/record/index.js';

const device = form('device', '设备', [field('text', 'name', '名称')]);
const pages = { list: List, form: FormPage, record: RecordPage, nearby: Nearby };
const none = () => ({ items: [], cursor: null });

test.each(Object.entries(pages))('%s: forms that could not be read are no missing permission', async (_, Page) => {
  Object.assign(pageParams, { formId: device.id, id: '' });
  let broken = true;
  const page = draw(<Page />, {
    'GET /changes': () => ({ since: '1', items: [] }),
    'GET /apps': none,
    'GET /forms': () => (broken ? 503 : none()),
  });
  await page.shows('重试');
  expect(page.text()).not.toContain('没有权限');
  broken = false;
  await page.tap('重试');
  await page.shows('没有找到这张表单，或没有权限查看');
  taro.switchTab.mockClear();
  await page.tap('返回');
  expect(taro.switchTab).toHaveBeenCalledWith({ url: '/pages/workbench/index' });
});

test('customers: a failed read says so once, without “no customer form” below it', async () => {
  const page = draw(<Customers />, {
    'GET /changes': () => ({ since: '1', items: [] }),
    'GET /apps': () => 503,
    'GET /forms': none,
  });
  await page.shows('重试');
  expect(page.text()).not.toContain('还没有客户表');
});

test('a card’s record that is gone leads back: it offered to ask again and nothing else', async () => {
  Object.assign(pageParams, { formId: device.id, id: 'r-gone' });
  const page = draw(<RecordPage />, {
    'GET /changes': () => ({ since: '1', items: [] }),
    'GET /apps': none,
    'GET /forms': () => ({ items: [device], cursor: null }),
  });
  await page.shows('返回');
  expect(page.text()).not.toContain('重试');
  taro.switchTab.mockClear();
  await page.tap('返回');
  expect(taro.switchTab).toHaveBeenCalledWith({ url: '/pages/workbench/index' });
});
