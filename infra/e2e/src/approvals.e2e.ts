import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addToApp, leaveDesigner, openItem, openManagement } from './support/app.js';
import { Presses } from './support/approval-buttons.js';
import { Desk } from './support/approval-desk.js';
import { Hand } from './support/approval-hand.js';
import { openBrowser, openDesk } from './support/browser.js';
import { call, type Item, logInWithPassword, startOver } from './support/company.js';
import { button, choose, labelled } from './support/controls.js';
import { FlowDesigner } from './support/flow-designer.js';
import { FormDesigner } from './support/form-designer.js';
import { Journal } from './support/journal.js';
import { Phone } from './support/phone.js';
import { clearPhones } from './support/stage.js';

let browser: Browser;
let page: Page;
let phones: BrowserContext;
/** Address of the app once it is made. */
let app = '';
beforeAll(async () => {
  browser = await openBrowser();
  page = await openDesk(browser);
  phones = await Phone.context(browser);
});
afterAll(() => browser.close());

/** A new record, with its owner; from wherever the console stands. */
async function add(form: string, name: string, amount: string, owner: string): Promise<void> {
  await page.goto(app);
  await openItem(page, form);
  await button(page, '新增').first().click();
  const drawer = page.getByRole('dialog', { name: `新增${form}` });
  await labelled(drawer, `${form}名称`).fill(name);
  await labelled(drawer, '金额').fill(amount);
  await choose(page, labelled(drawer, '负责人'), owner);
  await button(drawer, '保存').click();
  await drawer.waitFor({ state: 'hidden' });
}

test('a contract approval drawn on the canvas, and the buttons of an approval on PC and phone', async () => {
  const journal = new Journal('approvals', page);
  const step = journal.step.bind(journal);
  const forms = new FormDesigner(page);
  const flow = new FlowDesigner(page);

  await step('空的企业', async () => {
    await logInWithPassword(page);
    await startOver(page);
    await clearPhones();
  });
  await step('合同表单', async () => {
    await button(page, '新建应用').click();
    await labelled(page, '应用名称').fill('合同管理');
    await page.keyboard.press('Enter');
    await button(page, '新建表单').click();
    app = /^.*\/apps\/[^/]+/.exec(page.url())?.[0] ?? '';
    await form('合同');
  });
  await step('报销表单', async () => {
    await leaveDesigner(page);
    await addToApp(page, '新建表单');
    await form('报销');
  });
  const newFlow = async (of: string, name: string) => {
    await leaveDesigner(page);
    await openManagement(page, of);
    await page.getByRole('tab', { name: '流程设定' }).click();
    await button(page, '新建流程').click();
    const dialog = page.getByRole('dialog', { name: '新建流程' });
    await labelled(dialog, '流程名称').fill(name);
    await button(dialog, '新建流程').click();
    await dialog.waitFor({ state: 'hidden' });
  };

  await step('合同审批：按金额分支', async () => {
    await newFlow('合同', '合同审批');
    await flow.addAfter('触发条件', undefined, '条件分支');
    await labelled(flow.properties, '分支名称').fill('5 万元以内');
    await button(flow.properties, '添加条件').click();
    await choose(page, labelled(flow.properties, '字段'), '金额');
    await choose(page, labelled(flow.properties, '条件'), '小于等于');
    await labelled(flow.properties, '值').fill('50000');
  });
  await step('5 万元以内：主管', async () => {
    await flow.addAfter('条件分支', '5 万元以内', '审批');
    await flow.rename('主管审批');
    await choose(page, labelled(flow.properties, '审批人 人员类型'), '主管');
  });
  await step('以上：主管，然后财务与老板会签，24 工作小时转给上级', async () => {
    await flow.addAfter('条件分支', '否则', '审批');
    await flow.rename('大额主管审批');
    await choose(page, labelled(flow.properties, '审批人 人员类型'), '主管');
    await flow.addAfter('大额主管审批', '同意', '审批');
    await flow.rename('财务与老板会签');
    await choose(page, labelled(flow.properties, '审批人 人员类型'), '成员');
    const members = labelled(flow.properties, '选择成员');
    for (const person of ['财务', '老板']) {
      await members.click();
      await page.getByRole('option').filter({ hasText: person, visible: true }).first().click();
      await page.keyboard.press('Escape');
    }
    await flow.properties.getByText('会签：全部同意才通过').click();
    await flow.properties.getByText('超时怎么办').click();
    await button(flow.properties, '添加一个时限').click();
    await choose(page, labelled(flow.properties, '到时间就'), '转给上级');
  });
  await step('发布合同审批', () => flow.publish());

  await step('报销审批：按步骤设计', async () => {
    await button(page, '返回流程设定').click();
    await newFlow('报销', '报销审批');
    await page.getByText('步骤', { exact: true }).first().click();
    await page.getByRole('button', { name: '在这里添加步骤' }).first().click();
    await page.getByRole('menuitem', { name: '审批' }).click();
    await flow.rename('负责人审批');
    await choose(page, labelled(flow.properties, '审批人 人员类型'), '字段里的人');
    await page.getByRole('button', { name: '在这里添加步骤' }).last().click();
    await page.getByRole('menuitem', { name: '审批' }).click();
    await flow.rename('管理员审批');
    await choose(page, labelled(flow.properties, '审批人 人员类型'), '成员');
    await labelled(flow.properties, '选择成员').click();
    await page.getByRole('option').filter({ hasText: '管理员', visible: true }).first().click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: '在这里添加步骤' }).last().click();
    await page.getByRole('menuitem', { name: '抄送' }).click();
    await choose(page, labelled(flow.properties, '抄送给 人员类型'), '发起人');
  });
  await step('发布报销审批', () => flow.publish());

  const presses = new Presses('approvals');
  const desk = new Desk(page, presses);
  const rep = await Phone.of(phones, 'wangfang');
  const hand = new Hand(rep, presses);
  await step('提交合同', async () => {
    await button(page, '返回流程设定').click();
    await leaveDesigner(page);
    await add('合同', '小合同', '30000', '王芳');
    await add('合同', '大合同', '800000', '王芳');
  });
  const manager = await Phone.of(phones, 'chenzg');
  const treasurer = await Phone.of(phones, 'caiwu');
  const boss = await Phone.of(phones, 'boss');
  const agree = async (phone: Phone, name: string) => {
    const card = phone.card(name);
    await card.waitFor();
    await button(card, '同意').click();
    await button(card, '同意').waitFor({ state: 'detached' });
  };
  await step(
    '主管在聊天里同意两份',
    async () => {
      await manager.openChat();
      await agree(manager, '小合同');
      await agree(manager, '大合同');
    },
    manager.page,
  );
  await step(
    '财务与老板都签了才通过',
    async () => {
      await treasurer.openChat();
      await agree(treasurer, '大合同');
      await boss.openChat();
      await agree(boss, '大合同');
    },
    boss.page,
  );

  await step('报销一', () => add('报销', '差旅费', '1200', '王芳'), page);
  const title = /差旅费/;
  await step(
    '手机：要求补充材料',
    async () => {
      await rep.openApp();
      await hand.open(title);
      await hand.act('要求补充材料', { reason: '请附车票' });
    },
    rep.page,
  );
  await step(
    'PC：补充材料',
    async () => {
      await desk.open(title);
      await desk.act('补充材料', { reason: '车票已附' });
    },
    page,
  );
  await step(
    '手机：加签、减签、抄送、退回',
    async () => {
      await hand.reopen(title);
      await hand.act('加签', { people: ['李伟'], choice: '和我一起' });
      await hand.act('减签');
      await hand.act('抄送', { people: ['李伟'] });
      await hand.act('退回', { reason: '金额写错了' });
    },
    rep.page,
  );
  await step(
    'PC：重新提交',
    async () => {
      await desk.open(title);
      await desk.act('重新提交', { reason: '已改' });
    },
    page,
  );
  await step(
    '手机：同意，撤回同意，再同意',
    async () => {
      await hand.reopen(title);
      await hand.decide('同意', '可以');
      await hand.reopen(title, '已办');
      await hand.act('撤回同意');
      await hand.reopen(title);
      await hand.decide('同意', '可以');
    },
    rep.page,
  );
  await step(
    'PC：加签、减签、抄送、退回',
    async () => {
      await desk.open(title);
      await desk.act('抄送', { people: ['王芳'], reason: '请知悉' });
      await desk.act('加签', { people: ['李伟'], choice: '和我一起：每人一票' });
      await desk.act('减签');
      await desk.act('退回', { target: '负责人审批', reason: '请再核一次' });
    },
    page,
  );
  await step(
    '手机：看抄送，再同意',
    async () => {
      await hand.readCopy(title);
      await hand.reopen(title);
      await hand.decide('同意', '核过了');
    },
    rep.page,
  );
  await step(
    'PC：委派',
    async () => {
      await desk.open(title);
      await desk.act('委派', { people: ['王芳'] });
    },
    page,
  );
  await step(
    '手机：提交意见',
    async () => {
      await hand.reopen(title);
      await hand.act('提交意见', { reason: '建议同意' });
    },
    rep.page,
  );
  await step(
    'PC：同意，流程结束，看抄送，打印',
    async () => {
      await desk.open(title);
      await desk.decide('同意', '同意');
      await desk.readCopy(title);
      await desk.print(title);
    },
    page,
  );
  await step('手机：打印', () => hand.print(), rep.page);

  await addExpenses('招待费', '打车费', '快递费', '停车费', '过路费');
  await step(
    'PC：催办，撤回',
    async () => {
      await desk.urge(/招待费/);
      await desk.openStarted(/招待费/);
      await desk.act('撤回', { reason: '写错了' });
    },
    page,
  );
  await step(
    '手机：转办，批量同意',
    async () => {
      await hand.reopen(/过路费/);
      await hand.act('转办', { people: ['管理员'] });
      await hand.approveMany(/打车费/, /快递费/, /停车费/);
    },
    rep.page,
  );
  await step(
    'PC：转办，批量同意，拒绝',
    async () => {
      await desk.open(/过路费/);
      await desk.act('转办', { people: ['王芳'], reason: '你更清楚' });
      await desk.approveMany(/快递费/, /停车费/);
      await desk.open(/打车费/);
      await desk.decide('拒绝', '超标');
    },
    page,
  );
  await step(
    '手机：拒绝',
    async () => {
      await rep.openTab('工作台');
      await hand.open(/过路费/);
      await hand.decide('拒绝', '不是公事');
    },
    rep.page,
  );
  await step(
    '合同和报销的结果',
    async () => {
      await desk.openTab('我发起的');
      for (const [name, state] of [
        ...['小合同', '大合同', '差旅费', '快递费', '停车费'].map((each) => [each, '已同意'] as const),
        ...['打车费', '过路费'].map((each) => [each, '已拒绝'] as const),
        ['招待费', '已撤回'],
      ] as const)
        await page.getByRole('listitem').filter({ hasText: name }).getByText(state, { exact: true }).waitFor();
    },
    page,
  );
  expect(presses.owed()).toEqual([]);

  /** 报销 of 王芳, without the form on the screen. */
  async function addExpenses(...names: string[]): Promise<void> {
    const members = (await call(page, 'GET', '/members')).items;
    const id = (await call(page, 'GET', '/forms')).items.find((each) => each.name === '报销')?.id;
    const { fields } = await call<{ fields: Item[] }>(page, 'GET', `/forms/${id}`);
    const keyOf = (field: string) => fields.find((each) => each.name === field)?.key ?? field;
    const owner = members.find((each) => each.name === '王芳')?.id;
    for (const name of names) {
      const values = { [keyOf('报销名称')]: name, [keyOf('金额')]: '80', [keyOf('负责人')]: owner };
      await call(page, 'POST', `/forms/${id}/records`, { values });
    }
  }

  async function form(name: string): Promise<void> {
    await labelled(page.getByRole('dialog'), '表单名称').fill(name);
    await page.keyboard.press('Enter');
    await button(page, '负责人，成员').waitFor();
    await forms.drag('单行文本', `${name}名称`);
    await forms.drag('金额', '金额');
    await forms.publish();
  }
});
