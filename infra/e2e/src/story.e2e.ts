import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, test } from 'vitest';
import { openItem } from './support/app.js';
import { openBrowser, openDesk } from './support/browser.js';
import { mine, startOver } from './support/company.js';
import { choose, named } from './support/controls.js';
import { system } from './support/environment.js';
import { Journal } from './support/journal.js';
import { component } from './support/page-designer.js';
import { Phone } from './support/phone.js';

const ledger = fileURLToPath(new URL('../../../server/assets/demo/客户台账.xlsx', import.meta.url));

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await openBrowser();
  page = await openDesk(browser);
});
afterAll(() => browser.close());

test('from the ledger in Excel to the approval in the chat', async () => {
  const journal = new Journal('story', page);
  const step = journal.step.bind(journal);
  const phones = await browser.newContext({ locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
  phones.setDefaultTimeout(10_000);

  const admin = await Phone.of(phones, 'admin');
  await step('扫码登录', async () => {
    await page.goto(`${system.consoleUrl}/login?tenant=${mine}`);
    await page.getByRole('tab', { name: '扫码登录' }).click();
    await step('手机扫一扫', () => admin.scanToLogIn(), admin.page);
    await page.getByRole('heading', { name: '我的应用' }).waitFor();
  });
  await step('空的企业', () => startOver(page), page);
  await step('用模板', async () => {
    await page.getByRole('button', { name: '用模板' }).click();
    await page.getByRole('button', { name: '安装 客户关系管理' }).click();
    await page.getByRole('navigation').getByRole('link', { name: named('客户信息表') }).waitFor();
  });
  await step('上传客户台账', async () => {
    await openItem(page, '客户信息表');
    await page.getByRole('main').getByText('导入', { exact: true }).first().click();
    await page.locator('input[type=file]').setInputFiles(ledger);
    await page.getByRole('button', { name: '客户信息表：将导入 3,979，查看这些行' }).waitFor({ timeout: 20_000 });
  });
  await step('核对四个数', async () => {
    for (const count of ['客户信息表：拒绝 21', '客户信息表：重名 75', '客户信息表：离职负责人 78', '跟进记录：将导入 3,923', '跟进记录：待挑选 62', '跟进记录：拒绝 15']) {
      await page.getByRole('button', { name: `${count}，查看这些行` }).waitFor();
    }
  });
});
