import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addToApp, leaveDesigner, openItem, openManagement } from './support/app.js';
import { openBrowser, openDesk } from './support/browser.js';
import { localDay } from './support/calendar.js';
import { logInWithPassword, startOver } from './support/company.js';
import { button, choose, enterTags, labelled } from './support/controls.js';
import { besideCustomer, customerFields, taskFields } from './support/customer-forms.js';
import { median, millisecondsUntil } from './support/duration.js';
import { FlowDesigner } from './support/flow-designer.js';
import { FormDesigner } from './support/form-designer.js';
import { Journal } from './support/journal.js';
import { component, PageDesigner } from './support/page-designer.js';

const oldCustomers = [
  '客户名称,所属行业,公司规模,联系人姓名,职位,联系电话,邮箱,地址,来源渠道,客户分级,首次联系日期,自定义标签,负责人',
  '海天机械,通用设备,50-200 人,周工,采购经理,13800000001,zhou@haitian.example,宁波市北仑区,官网,A,2025-03-07,技术型,管理员',
  '远山食品,食品,200-1000 人,林总,总经理,13800000002,lin@yuanshan.example,成都市武侯区,展会,B,2025年4月2日,高意向、价格敏感,管理员',
  '青禾软件,软件服务,50 人以下,何工,技术总监,13800000003,he@qinghe.example,杭州市滨江区,官网,C,2025.5.9,,管理员',
].join('\n');

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
    await button(page, '新建应用').click();
    await labelled(page, '应用名称').fill('客户关系管理');
    await page.keyboard.press('Enter');
    await button(page, '新建表单').waitFor();
  });
  await step('新建表单', async () => {
    await button(page, '新建表单').click();
    await nameForm(page, '客户信息表');
  });
  await step('拖拽添加字段', () => customerFields(designer));
  await step('发布客户信息表', () => designer.publish());
  for (const { form, build } of besideCustomer) {
    await step(form, async () => {
      await leaveDesigner(page);
      await addToApp(page, '新建表单');
      await nameForm(page, form);
      await build(designer);
      await designer.publish();
    });
  }
  await step('销售任务表', async () => {
    await leaveDesigner(page);
    await addToApp(page, '新建表单');
    await nameForm(page, '销售任务表');
    await taskFields(designer);
    await designer.publish();
  });
  await step('最后联系时间由系统记录', async () => {
    await leaveDesigner(page);
    await openManagement(page, '客户信息表');
    await designer.select('最后联系时间', '最后联系时间');
    await designer.takeLastContactFrom('跟进记录 · 客户', '沟通时间');
    await designer.publish();
  });
  await step('导入历史数据', async () => {
    await leaveDesigner(page);
    await page.getByRole('main').getByRole('link', { name: '导入', exact: true }).first().click();
    const choosing = page.waitForEvent('filechooser');
    await page.getByText('把表格拖到这里，或点击选择').click();
    await (await choosing).setFiles({ name: '历史客户.csv', mimeType: 'text/csv', buffer: Buffer.from(oldCustomers) });
    for (const header of oldCustomers.split('\n', 1).join().split(',')) {
      await button(page, `${header}：${header}`).waitFor();
    }
    await button(page, '导入 3 条').click();
    await page.getByText('导入完成').waitFor();
  });

  const flow = new FlowDesigner(page);
  await step('进入流程设计', async () => {
    await openManagement(page, '客户信息表');
    await page.getByRole('tab', { name: '流程设定' }).click();
    await button(page, '新建流程').waitFor();
  });
  await step('创建新流程', async () => {
    await button(page, '新建流程').click();
    const dialog = page.getByRole('dialog', { name: '新建流程' });
    await labelled(dialog, '流程名称').fill('新客户录入自动提醒');
    await labelled(dialog, '触发条件').waitFor();
    await dialog.getByText('当新增数据时', { exact: true }).waitFor();
    await button(dialog, '新建流程').click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText('当【客户信息表】新增数据时', { exact: true }).first().waitFor();
  });
  await step('添加流程节点', () => flow.pullOut('触发条件', '新增数据'));
  await step('配置节点动作', async () => {
    await choose(page, labelled(flow.properties, '目标表单'), '销售任务表');
    await flow.assignText('任务标题', ['【新客户跟进】', { field: '客户信息表.客户名称' }]);
    await flow.assignField('负责人', '客户信息表.负责人');
    await flow.assignDaysFromNow('截止日期', 3);
  });
  await step('发布流程', () => flow.publish());

  const board = new PageDesigner(page);
  await step('创建报表页面', async () => {
    await button(page, '返回流程设定').click();
    await leaveDesigner(page);
    await addToApp(page, '自定义页面');
    await labelled(page, '页面名称').fill('客户数据看板');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: '组件库' }).waitFor();
  });
  await step('饼图', async () => {
    await board.drag('饼图', { x: 40, y: 60 });
    await board.set('数据源', '客户信息表');
    await board.set('统计维度', '来源渠道');
    await board.set('统计数值', '数据条数（客户数量）');
  });
  await step('柱状图', async () => {
    await board.drag('柱状图', { x: 700, y: 60 });
    await board.set('数据源', '客户信息表');
    await board.set('统计维度', '负责人');
    await board.set('统计数值', '数据条数（客户数量）');
  });
  await step('指标图', async () => {
    await board.drag('指标图', { x: 40, y: 480 });
    await board.set('数据源', '客户信息表');
    await board.entitle('本月新增客户');
    await board.addRange('创建时间', '本月');
  });
  await step('数据列表', async () => {
    await board.drag('数据列表', { x: 700, y: 480 });
    await board.set('数据源', '客户信息表');
    await board.entitle('高意向客户');
    await board.addTags('自定义标签', ['高意向']);
  });
  await step('漏斗图', async () => {
    await board.drag('漏斗图', { x: 40, y: 640 });
    await board.set('数据源', '商机');
    await board.set('统计维度', '销售阶段');
  });
  await step('发布看板', async () => {
    await button(page, '预览').click();
    const preview = page.getByRole('dialog', { name: '预览“客户数据看板”' });
    await preview.getByRole('region', { name: '本月新增客户', exact: true }).getByText('3', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await preview.waitFor({ state: 'hidden' });
    await button(page, '发布').click();
    await page.getByRole('heading', { name: '客户数据看板' }).waitFor();
    await component(page, '本月新增客户').getByText('3', { exact: true }).waitFor();
    const eager = component(page, '高意向客户');
    await eager.getByText('远山食品', { exact: true }).waitFor();
    await eager.getByText('海天机械', { exact: true }).waitFor({ state: 'detached' });
  });

  const desk = await page.context().newPage();
  const shown = (title: string, text: string) =>
    component(page, title).getByText(text, { exact: true }).waitFor({ state: 'attached' });
  const allShow = (name: string, count: number) => [
    shown('本月新增客户', String(3 + count)),
    shown('各来源渠道的客户数量', `展会：${1 + count}`),
    shown('各负责人的客户数量', `管理员：${3 + count}`),
    shown('高意向客户', name),
  ];
  const durations: number[] = [];
  await step('录入一条新的客户信息', async () => {
    await desk.goto(page.url());
    for (const [index, name] of ['测试客户', '测试客户二', '测试客户三'].entries()) {
      // A window behind another neither loses the focus nor draws at once.
      await desk.bringToFront();
      await openItem(desk, '客户信息表');
      await button(desk, '新增').first().click();
      const drawer = desk.getByRole('dialog', { name: '新增客户' });
      await labelled(drawer, '客户名称').fill(name);
      await choose(desk, labelled(drawer, '客户分级'), 'A');
      await choose(desk, labelled(drawer, '来源渠道'), '展会');
      await enterTags(desk, labelled(drawer, '自定义标签'), ['高意向']);
      await choose(desk, labelled(drawer, '负责人'), '管理员');
      const written = desk.waitForResponse(
        (answer) => answer.request().method() === 'POST' && new URL(answer.url()).pathname.endsWith('/records'),
      );
      await button(drawer, '保存').click();
      expect((await written).ok()).toBe(true);
      await page.bringToFront();
      durations.push(await millisecondsUntil(...allShow(name, index + 1)));
      await drawer.waitFor({ state: 'hidden' });
    }
  });
  await step(
    '看板实时更新',
    async () => {
      await component(page, '高意向客户').getByText('测试客户三', { exact: true }).waitFor();
      expect(median(durations), `milliseconds until the page had changed: ${durations.map(Math.round)}`).toBeLessThan(
        1_000,
      );
    },
    page,
  );
  await step('商机进入漏斗', async () => {
    await openItem(desk, '商机');
    await button(desk, '新增').first().click();
    const drawer = desk.getByRole('dialog', { name: '新增商机' });
    await labelled(drawer, '商机名称').fill('测试客户年度采购');
    await choose(desk, labelled(drawer, '客户'), '测试客户');
    await choose(desk, labelled(drawer, '销售阶段'), '方案报价');
    await button(drawer, '保存').click();
    await drawer.waitFor({ state: 'hidden' });
    await shown('各销售阶段的商机数量', '方案报价：1');
  });
  await step('任务中心', async () => {
    await page.getByRole('link', { name: /^任务中心/ }).click();
    for (const name of ['测试客户', '测试客户二', '测试客户三']) {
      const task = page.getByRole('listitem').filter({ has: page.getByText(`【新客户跟进】${name}`, { exact: true }) });
      await task.getByText(localDay(3)).waitFor();
    }
    // What was imported before the flow was published made no task.
    expect(await page.getByRole('listitem').filter({ hasText: '【新客户跟进】' }).count()).toBe(3);
  });
});

/** Names the form that is being made; its empty canvas then stands open. */
async function nameForm(page: Page, name: string): Promise<void> {
  await labelled(page.getByRole('dialog'), '表单名称').fill(name);
  await page.keyboard.press('Enter');
  await button(page, '负责人，成员').waitFor();
}
