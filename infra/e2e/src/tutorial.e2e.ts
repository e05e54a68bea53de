import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, test } from 'vitest';
import { addToApp, leaveDesigner, openItem } from './support/app.js';
import { openBrowser, openDesk } from './support/browser.js';
import { localDay } from './support/calendar.js';
import { logInWithPassword, startOver } from './support/company.js';
import { choose, labelled, named } from './support/controls.js';
import { FlowDesigner } from './support/flow-designer.js';
import { FormDesigner } from './support/form-designer.js';
import { Journal } from './support/journal.js';
import { component, PageDesigner } from './support/page-designer.js';

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await openBrowser();
  page = await openDesk(browser);
});
afterAll(() => browser.close());

test('the tutorial, word for word, in an empty company', async () => {
  const journal = new Journal('tutorial', page);
  const step = journal.step.bind(journal);
  const designer = new FormDesigner(page);

  await step('登录平台', async () => {
    await logInWithPassword(page);
    await startOver(page);
  });
  await step('新建应用', async () => {
    await page.getByRole('button', { name: '新建应用' }).click();
    await page.getByLabel('应用名称').fill('客户关系管理');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: '新建表单' }).waitFor();
  });
  await step('新建表单', async () => {
    await page.getByRole('button', { name: '新建表单' }).click();
    await page.getByLabel('表单名称').fill('客户信息表');
    await page.keyboard.press('Enter');
    await page.getByRole('complementary', { name: '控件库' }).waitFor();
  });
  await step('拖拽添加字段', async () => {
    await designer.drag('单行文本', '客户名称');
    await designer.drag('下拉框', '客户分级');
    await designer.options(['A', 'B', 'C']);
    await designer.drag('日期时间', '首次联系日期');
    await designer.drag('下拉框', '来源渠道');
    await designer.options(['官网', '展会', '转介绍']);
  });
  await step('发布客户信息表', () => designer.publish());
  await step('销售任务表', async () => {
    await leaveDesigner(page);
    await addToApp(page, '新建表单');
    await page.getByRole('dialog').getByLabel('表单名称').fill('销售任务表');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: '负责人，成员' }).waitFor();
    await designer.drag('单行文本', '任务标题');
    await designer.drag('日期时间', '截止日期');
    await designer.drag('开关', '已完成');
    await designer.showForm();
    await labelled(designer.properties, '任务表单').click();
  });
  await step('发布销售任务表', () => designer.publish());

  const flow = new FlowDesigner(page);
  await step('进入流程设计', async () => {
    await leaveDesigner(page);
    await openItem(page, '客户信息表');
    await page.getByRole('main').getByText('管理', { exact: true }).click();
    await page.getByRole('tab', { name: '流程设定' }).click();
  });
  await step('创建新流程', async () => {
    await page.getByRole('button', { name: '新建流程' }).click();
    const dialog = page.getByRole('dialog', { name: '新建流程' });
    await dialog.getByLabel('流程名称').fill('新客户录入自动提醒');
    await dialog.getByRole('radio', { name: '当新增数据时' }).check();
    await dialog.getByRole('button', { name: '新建流程' }).click();
    await dialog.waitFor({ state: 'hidden' });
  });
  await step('添加流程节点', () => flow.pullOut('当【客户信息表】新增数据时', '新增数据'));
  await step('配置节点动作', async () => {
    await choose(page, labelled(flow.properties, '目标表单'), '销售任务表');
    await flow.assignText('任务标题', ['【新客户跟进】', { field: '客户信息表.客户名称' }]);
    await flow.assignField('负责人', '客户信息表.负责人');
    await flow.assignDaysFromNow('截止日期', 3);
  });
  await step('发布流程', () => flow.publish());

  const board = new PageDesigner(page);
  await step('创建报表页面', async () => {
    await page.getByRole('button', { name: '返回流程设定' }).click();
    await leaveDesigner(page);
    await addToApp(page, '自定义页面');
    await page.getByLabel('页面名称').fill('客户数据看板');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: '组件库' }).waitFor();
  });
  await step('饼图', async () => {
    await board.drag('饼图', { x: 40, y: 60 });
    await board.set('数据源', '客户信息表');
    await board.set('统计维度', '来源渠道');
    await board.set('统计数值', /^数据条数/);
  });
  await step('柱状图', async () => {
    await board.drag('柱状图', { x: 700, y: 60 });
    await board.set('数据源', '客户信息表');
    await board.set('统计维度', '负责人');
  });
  await step('指标图', async () => {
    await board.drag('指标图', { x: 40, y: 480 });
    await board.set('数据源', '客户信息表');
    await labelled(board.properties, '标题').fill('本月新增客户');
    await board.addCondition('创建时间', '本月');
  });
  await step('数据列表', async () => {
    await board.drag('数据列表', { x: 700, y: 480 });
    await board.set('数据源', '客户信息表');
  });
  await step('发布看板', async () => {
    await page.getByRole('button', { name: named('发布') }).click();
    await page.getByRole('heading', { name: '客户数据看板' }).waitFor();
    await component(page, '本月新增客户').getByText('0', { exact: true }).waitFor();
  });

  const secondDesk = await page.context().newPage();
  await step(
    '录入一条新的客户信息',
    async () => {
      await secondDesk.goto(page.url());
      await openItem(secondDesk, '客户信息表');
      await secondDesk
        .getByRole('button', { name: named('新增') })
        .first()
        .click();
      const drawer = secondDesk.getByRole('dialog', { name: '新增客户' });
      await labelled(drawer, '客户名称').fill('测试客户');
      await choose(secondDesk, labelled(drawer, '客户分级'), 'A');
      await choose(secondDesk, labelled(drawer, '来源渠道'), '展会');
      await choose(secondDesk, labelled(drawer, '负责人'), '管理员');
      await drawer.getByRole('button', { name: named('保存') }).click();
      await drawer.waitFor({ state: 'hidden' });
    },
    secondDesk,
  );
  await step(
    '看板实时更新',
    async () => {
      const soon = { timeout: 1_000 };
      await component(page, '本月新增客户').getByText('1', { exact: true }).waitFor(soon);
      await component(page, '各负责人的客户数量')
        .getByText('管理员：1', { exact: true })
        .waitFor({ ...soon, state: 'attached' });
      await component(page, '各来源渠道的客户数量')
        .getByText('展会：1', { exact: true })
        .waitFor({ ...soon, state: 'attached' });
    },
    page,
  );
  await step('任务中心', async () => {
    await page.getByRole('link', { name: /^任务中心/ }).click();
    const task = page.getByRole('listitem').filter({ hasText: '【新客户跟进】测试客户' });
    await task.waitFor();
    await task.getByText(localDay(3)).waitFor();
  });
});
