import { fieldTypes } from '@lianke/shared/fields/registry';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, openDesk, patience, windows } from './support/browser.js';
import { logInWithPassword, startOver } from './support/company.js';
import { button } from './support/controls.js';
import { system } from './support/environment.js';
import { fillings } from './support/every-field.js';
import { FormDesigner } from './support/form-designer.js';
import { Journal } from './support/journal.js';
import { call } from './support/records.js';

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await openBrowser();
  page = await openDesk(browser);
});
afterAll(() => browser.close());

type Stored = Record<string, unknown>;

/** A value of the API in one line: names of what it points at, texts, parts of an address. */
function told(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(told).join();
  if (typeof value !== 'object') return String(value);
  const { label, name, values } = value as { label?: string; name?: string; values?: object };
  return (
    label ??
    name ??
    Object.values(values ?? value)
      .map(told)
      .join(' ')
  );
}

/** Days and numbers are compared whole: `2025-03-07T00:00:00.000Z` is no day. */
const whole = new Set(['日期', '日期区间', '数字', '金额', '百分比', '公式', '汇总']);

test('a form of every field type is designed by hand, filled in on a desk and on a phone, and read back', async () => {
  const journal = new Journal('fields', page);
  const step = journal.step.bind(journal);
  await logInWithPassword(page);
  await startOver(page);
  const app = await call<{ id: string }>(page, 'POST', '/api/v1/apps', { name: '全部字段' });
  const make = (name: string, fields: object[]) =>
    call<{ id: string }>(page, 'POST', '/api/v1/forms', { appId: app.id, name, fields });
  const customers = await make('客户', [
    { key: 'name', name: '名称', type: 'text' },
    { key: 'city', name: '城市', type: 'text' },
  ]);
  await call(page, 'POST', `/api/v1/forms/${customers.id}/records`, { values: { name: '巴比食品', city: '上海' } });
  const form = await make('样表', []);
  await make('拜访', [
    { key: 'what', name: '内容', type: 'text' },
    { key: 'when', name: '拜访时间', type: 'datetime' },
    { key: 'of', name: '对象', type: 'relation', config: { formId: form.id } },
  ]);
  const designer = new FormDesigner(page);
  await page.goto(`${system.consoleUrl}/apps/${app.id}/forms/${form.id}/manage/design`);

  await step('拖入每一种字段', async () => {
    for (const { control, build } of fillings) {
      await designer.drag(control, control);
      await build?.(designer);
    }
  });
  await step('说明文字、分割线与标签页', async () => {
    await designer.words('请如实填写');
    await designer.line('以下选填');
  });
  await step('发布', () => designer.publish());

  const list = `${system.consoleUrl}/apps/${app.id}/forms/${form.id}`;
  /** The records with all they hold; lists tell only what rows of subforms are called. */
  const records = async () => {
    const path = `/api/v1/forms/${form.id}/records`;
    const { items } = await call<{ items: { id: string }[] }>(page, 'POST', `${path}/query`, {});
    return Promise.all(items.map(({ id }) => call<{ values: Stored }>(page, 'GET', `${path}/${id}`)));
  };
  const fields = (
    await call<{ fields: { key: string; name: string; type: string }[] }>(page, 'GET', `/api/v1/forms/${form.id}`)
  ).fields;
  const types = new Set(fields.map((field) => field.type));
  expect(Object.keys(fieldTypes).filter((type) => !types.has(type))).toEqual([]);
  // Only what is reckoned is not touched on the phone.
  const reckoned = ['自动编号', '最后联系时间', '公式', '引用字段', '汇总'];
  expect(fillings.filter(({ phone }) => !phone).map(({ control }) => control)).toEqual(reckoned);
  const read = (values: Stored | undefined, name: string) =>
    told(values?.[fields.find((field) => field.name === name)?.key ?? '']);
  const compare = (values: Stored | undefined, side: 'desks' | 'phones') => {
    for (const filling of fillings) {
      const expected = filling[side];
      if (expected === undefined) continue;
      const found = read(values, filling.control);
      if (expected === '*') expect(found, filling.control).not.toBe('');
      else if (whole.has(filling.control)) expect(found, filling.control).toBe(expected);
      else expect(found, filling.control).toContain(expected);
    }
  };

  await step('在电脑上填写', async () => {
    await page.goto(list);
    await page
      .getByRole('main')
      .getByRole('button', { name: /新增|新建/ })
      .first()
      .click();
    const drawer = page.getByRole('dialog');
    await drawer.getByText('请如实填写').waitFor();
    for (const { control, desk } of fillings) {
      if (!desk) continue;
      await desk(page, drawer).catch((error) => {
        throw new Error(`${control}：${error.message}`);
      });
    }
    await drawer.getByText('合同.png').first().waitFor();
    await drawer.getByText('手写签名').first().scrollIntoViewIfNeeded();
  });
  await step('保存并读回', async () => {
    await button(page.getByRole('dialog'), '保存').click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    const [made] = await records();
    compare(made?.values, 'desks');
    await page.getByRole('link', { name: '杭州云汀' }).first().click();
    await page.getByText('请如实填写').waitFor();
    await page.getByText('以下选填').waitFor();
  });

  const pocket = await browser.newContext({
    viewport: { width: 375, height: 720 },
    deviceScaleFactor: 2,
    hasTouch: true,
    isMobile: true,
    ...windows,
    geolocation: { latitude: 30.25, longitude: 120.15 },
    permissions: ['geolocation'],
    storageState: await page.context().storageState(),
  });
  pocket.setDefaultTimeout(patience);
  const phone = await pocket.newPage();
  const fits = async () =>
    expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375);
  await step(
    '在手机上填写',
    async () => {
      await phone.goto(`${system.consoleUrl}/m/#/pages/form/index?formId=${form.id}`);
      await phone.getByText(/^更多 \d+ 项/).tap();
      await fits();
      for (const { control, phone: tap } of fillings) {
        const box = phone
          .locator('.field')
          .filter({ has: phone.getByText(control, { exact: true }) })
          .first();
        await tap?.(phone, box).catch((error) => {
          throw new Error(`${control}：${error.message}`);
        });
      }
      await phone.getByText('请如实填写').scrollIntoViewIfNeeded();
    },
    phone,
  );
  await step('手机上保存并读回', async () => {
    await phone.getByText('保存', { exact: true }).filter({ visible: true }).last().tap();
    await phone.getByText('宁波海晟').filter({ visible: true }).first().waitFor();
    const made = (await records()).find((record) => read(record.values, '单行文本') === '宁波海晟');
    compare(made?.values, 'phones');
    await fits();
  });
  await pocket.close();
});
