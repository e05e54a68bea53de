import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openItem } from './support/app.js';
import { openBrowser, openDesk, windows } from './support/browser.js';
import { logInWithPassword, startOver } from './support/company.js';
import { button, choose, labelled } from './support/controls.js';
import { system } from './support/environment.js';
import { Journal } from './support/journal.js';

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await openBrowser();
  page = await openDesk(browser);
});
afterAll(() => browser.close());

/** One call of the API with the desk's session. */
async function call(method: 'POST' | 'PATCH', path: string, data: unknown) {
  const answer = await page.request.fetch(`${system.consoleUrl}/api/v1${path}`, {
    method,
    headers: { Origin: system.consoleUrl },
    data: data as never,
  });
  if (!answer.ok()) throw new Error(`${method} ${path} answered ${answer.status()}: ${await answer.text()}`);
  return answer.json();
}

test('two of the same customer become one, and a visitor fills in the form on a phone', async () => {
  const journal = new Journal('duplicates', page);
  const step = journal.step.bind(journal);
  await logInWithPassword(page);
  await startOver(page);
  const app = await call('POST', '/apps', { name: '客户' });
  const form = await call('POST', '/forms', {
    appId: app.id,
    name: '客户',
    fields: [
      { key: 'name', name: '名称', type: 'text', rules: { required: true } },
      { key: 'phone', name: '电话', type: 'phone' },
      { key: 'city', name: '城市', type: 'text' },
    ],
  });
  const visits = await call('POST', '/forms', {
    appId: app.id,
    name: '拜访',
    fields: [
      { key: 'note', name: '内容', type: 'text' },
      { key: 'customer', name: '客户', type: 'relation', config: { formId: form.id, onDelete: 'refuse' } },
    ],
  });
  const made = await call('POST', `/forms/${form.id}/records/batch`, {
    create: [
      { values: { name: '上海华兴科技有限公司', phone: '13800138000', city: '上海' } },
      { values: { name: '华兴科技（有限责任公司）', city: '浦东' } },
    ],
  });
  const ids: string[] = made.results.map((item: { id: string }) => item.id);
  // The one that goes has visits of its own.
  for (const customer of ids)
    await call('POST', `/forms/${visits.id}/records`, { values: { note: `拜访 ${ids.indexOf(customer)}`, customer } });
  const visited = async (): Promise<string[]> =>
    (await call('POST', `/forms/${visits.id}/records/query`, { sort: [{ field: 'note', dir: 'asc' }] })).items.map(
      (item: { values: { customer: { id: string } } }) => item.values.customer.id,
    );
  await step('设置查重规则', async () => {
    await page.goto(`${system.consoleUrl}/apps/${app.id}/forms/${form.id}/manage/duplicates`);
    await button(page, '添加规则').click();
    await button(page, '添加规则').click();
    await choose(page, page.getByRole('combobox', { name: '字段' }).last(), '名称');
    await page.getByRole('combobox', { name: '怎样算相同' }).last().click();
    await page.getByRole('option').filter({ hasText: '同一家公司' }).filter({ visible: true }).first().click();
    await button(page, '保存规则').click();
    await page.getByText('查重规则已保存').waitFor();
  });
  await step('填写时提醒', async () => {
    await page.goto(`${system.consoleUrl}/apps/${app.id}/forms/${form.id}`);
    await openItem(page, '客户');
    await page
      .getByRole('main')
      .getByRole('button', { name: /新增|新建/ })
      .first()
      .click();
    await labelled(page.getByRole('dialog'), '名称').fill('华兴科技公司');
    await page.getByText('已存在“上海华兴科技有限公司”').waitFor();
  });
  await step('整张表单查重', async () => {
    await page.goto(`${system.consoleUrl}/apps/${app.id}/forms/${form.id}/duplicates`);
    await page.getByRole('combobox', { name: '按规则' }).click();
    await page.getByRole('option').filter({ hasText: '名称' }).filter({ visible: true }).first().click();
    await page.getByText('1 组，共 2 条').waitFor();
  });
  await step('并排对比', async () => {
    await button(page, '合并').click();
    await page.getByRole('radio', { name: '城市 华兴科技（有限责任公司）' }).click();
  });
  await step('合并', async () => {
    await button(page.getByRole('dialog'), '合并').click();
    await page.getByText('已合并 2 条数据').waitFor();
    await page.getByText('没有重复的数据').waitFor();
    const { items } = await call('POST', `/forms/${form.id}/records/query`, {});
    expect(
      items.map((item: { values: { name: string; city: string } }) => [item.values.name, item.values.city]),
    ).toEqual([['上海华兴科技有限公司', '浦东']]);
    expect(await visited()).toEqual([ids[0], ids[0]]);
  });
  await step('撤销合并', async () => {
    await button(page, '撤销').click();
    await page.getByText('已撤销合并').waitFor();
    await page.getByText('1 组，共 2 条').waitFor();
    expect(await visited()).toEqual(ids);
  });

  const link = await call('POST', `/forms/${form.id}/public-forms`, {
    settings: {
      name: '展会登记',
      intro: '留下联系方式，我们会尽快联系你。',
      fields: ['name', 'phone'],
      captcha: false,
    },
  });
  const visitor = await browser.newContext({ viewport: { width: 375, height: 720 }, ...windows });
  const phone = await visitor.newPage();
  await step(
    '手机上填外链',
    async () => {
      await phone.goto(link.url);
      await button(phone, '提交').click();
      await phone.getByText('必填').first().waitFor();
      expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375);
      await labelled(phone, '名称').fill('云汀纺织');
    },
    phone,
  );
  await step('提交成功', async () => {
    await button(phone, '提交').click();
    await phone.getByText('提交成功').waitFor();
    const { items } = await call('POST', `/forms/${form.id}/records/query`, { search: '云汀' });
    expect(items).toHaveLength(1);
  });
  await visitor.close();
}, 120_000);
