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
    await page
      .getByRole('navigation')
      .getByRole('link', { name: named('客户信息表') })
      .waitFor();
  });
  await step('上传客户台账', async () => {
    await openItem(page, '客户信息表');
    await page.getByRole('main').getByText('导入', { exact: true }).first().click();
    await page.locator('input[type=file]').setInputFiles(ledger);
    await page.getByRole('button', { name: '客户信息表：将导入 3,979，查看这些行' }).waitFor({ timeout: 20_000 });
  });
  await step('核对四个数', async () => {
    for (const count of [
      '客户信息表：拒绝 21',
      '客户信息表：重名 75',
      '客户信息表：离职负责人 78',
      '跟进记录：将导入 3,923',
      '跟进记录：待挑选 62',
      '跟进记录：拒绝 15',
    ]) {
      await page.getByRole('button', { name: `${count}，查看这些行` }).waitFor();
    }
  });
  await step('导入', async () => {
    await page.getByRole('button', { name: '导入 3,979 条' }).click();
    await page.getByText('导入完成').waitFor({ timeout: 30_000 });
    await page.getByText('没有触发流程，没有给任何人发消息。').waitFor();
  });
  await step('去分配 78 家', async () => {
    await page.getByRole('button', { name: '去分配 78 家' }).click();
    await page.getByText('共 78 条').waitFor();
  });
  await step('分配给李伟', async () => {
    await page.getByRole('checkbox', { name: '全选' }).check();
    const bar = page.getByRole('toolbar', { name: '已选 78 条' });
    await bar.getByRole('button', { name: named('转移') }).click();
    const dialog = page.getByRole('dialog', { name: '转移 78 条给' });
    await choose(page, dialog.getByRole('combobox'), '李伟');
    await dialog.getByRole('button', { name: named('转移') }).click();
    await page.getByText('已把 78 条转移给李伟').waitFor();
  });
  await step('看板', async () => {
    await openItem(page, '客户数据看板');
    await component(page, '客户总数').getByText('3,979', { exact: true }).waitFor();
  });

  const rep = await Phone.of(phones, 'wangfang');
  await step(
    '王芳在手机上新增客户',
    async () => {
      const app = await rep.openApp();
      await rep.openTab('客户');
      await app.getByText('新建', { exact: true }).filter({ visible: true }).click();
      await rep.field('客户名称').locator('input').fill('测试客户');
      await rep.save();
    },
    rep.page,
  );
  await step(
    '看板加一',
    () => component(page, '客户总数').getByText('3,980', { exact: true }).waitFor({ timeout: 2_000 }),
    page,
  );
  await step(
    '手机上的待办',
    async () => {
      await rep.page.getByRole('button', { name: '返回' }).first().click();
      await rep.openTab('待办');
      await rep.app.getByText('【新客户跟进】测试客户').filter({ visible: true }).first().waitFor();
    },
    rep.page,
  );
  await step('聊天里的卡片', async () => {
    await rep.closeApp();
    await rep.openChat();
    await rep.card('【新客户跟进】测试客户').waitFor();
  });
  await step('提交合同', async () => {
    await rep.page.getByRole('button', { name: '返回' }).first().click();
    const app = await rep.openApp();
    await rep.openTab('合同');
    await app.getByText('新建', { exact: true }).filter({ visible: true }).click();
    await rep.field('合同名称').locator('input').fill('测试客户年度合同');
    await rep.field('合同金额').locator('input').fill('800000');
    await rep.field('客户').getByText('请选择').click();
    await app.getByText('测试客户', { exact: true }).last().click();
    await rep.save();
    await app.getByText('审批中').filter({ visible: true }).first().waitFor();
  });
  const manager = await Phone.of(phones, 'chenzg');
  await step(
    '主管收到审批卡片',
    async () => {
      await manager.openChat();
      await manager.card('合同审批：测试客户年度合同').getByText('800,000 元').waitFor();
    },
    manager.page,
  );
  await step('在卡片上同意', async () => {
    const card = manager.card('合同审批：测试客户年度合同');
    await card.getByRole('button', { name: '同意' }).click();
    await card
      .getByText(/已同意/)
      .first()
      .waitFor({ timeout: 5_000 });
    await card.getByRole('button', { name: '同意', exact: true }).waitFor({ state: 'detached' });
  });
  await step('合同已生效', () => rep.app.getByText('已生效').filter({ visible: true }).first().waitFor(), rep.page);
});
