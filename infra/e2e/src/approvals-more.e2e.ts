import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Presses } from './support/approval-buttons.js';
import { Desk } from './support/approval-desk.js';
import { Hand } from './support/approval-hand.js';
import { openBrowser, openDesk, patience } from './support/browser.js';
import { call, type Item, logInWithPassword, startOver, startSelling } from './support/company.js';
import { button } from './support/controls.js';
import { signOnDesk, signOnPhone } from './support/every-field.js';
import { Journal } from './support/journal.js';
import { Phone } from './support/phone.js';
import { clearPhones } from './support/stage.js';

let browser: Browser;
let page: Page;
let phones: BrowserContext;
beforeAll(async () => {
  browser = await openBrowser();
  page = await openDesk(browser);
  phones = await Phone.context(browser);
});
afterAll(() => browser.close());

interface Form extends Item {
  fields: { id: string; key: string }[];
}

/** A contract whose starter names the approvers; they sign, nobody may change it meanwhile, he fills in a number. */
async function contracts(): Promise<Form> {
  const [app] = (await call(page, 'GET', '/apps')).items;
  const fields = [
    { key: 'name', name: '合同名称', type: 'text' },
    { key: 'number', name: '合同编号', type: 'text' },
  ];
  const form = await call<Form>(page, 'POST', '/forms', { appId: app?.id, key: 'deed', name: '协议', fields });
  const title = (text: string) => ({
    kind: 'text',
    parts: [{ text }, { ref: { source: 'trigger', path: 'name' } }],
  });
  const definition = {
    trigger: { type: 'recordCreated', formId: form.id },
    nodes: [
      {
        id: 'ok',
        name: '审批',
        type: 'approval',
        approvers: [{ kind: 'choice' }],
        title: title('审批 '),
        signature: true,
      },
      {
        ...{ id: 'fill', name: '填编号', type: 'fill', title: title('编号 ') },
        people: [{ kind: 'starter' }],
        fields: { number: 'required' },
      },
    ],
    edges: [
      { from: 'trigger', to: 'ok' },
      { from: 'ok', to: 'fill', port: 'approved' },
    ],
    approval: { lock: 'all' },
  };
  const flow = await call<Item>(page, 'POST', '/flows', { appId: app?.id, name: '协议审批', definition });
  await call(page, 'POST', `/flows/${flow.id}/publish`, {});
  return form;
}

test('who starts names the approvers, they unlock and sign, and he fills in, on PC and phone', async () => {
  const journal = new Journal('approvals-more', page);
  const step = journal.step.bind(journal);
  await logInWithPassword(page);
  await startOver(page);
  await clearPhones();
  await startSelling(page, ['王芳']);
  const form = await contracts();
  const members = (await call(page, 'GET', '/members')).items;
  const member = (name: string) => members.find((each) => each.name === name)?.id;
  const read = async (id: string) =>
    (await call<{ values: Record<string, unknown> }>(page, 'GET', `/forms/${form.id}/records/${id}`)).values;
  const presses = new Presses('approvals-more');
  const desk = new Desk(page, presses);
  const rep = await Phone.of(phones, 'wangfang');
  const hand = new Hand(rep, presses);

  const first = await call<Item>(page, 'POST', `/forms/${form.id}/records`, {
    values: { name: '年度框架' },
  });
  await step('PC：发起人选择审批人', async () => {
    await desk.open(/年度框架/);
    await desk.act('选择审批人', { people: ['王芳'] });
  });
  await step(
    '手机：解锁数据，委派',
    async () => {
      await rep.openApp();
      await hand.open(/年度框架/);
      await hand.act('解锁数据', { reason: '名称要补全' });
      await rep.text('名称要补全').waitFor();
      await hand.act('委派', { people: ['管理员'], reason: '请看条款' });
    },
    rep.page,
  );
  await step(
    'PC：提交意见',
    async () => {
      await desk.open(/年度框架/);
      await desk.act('提交意见', { reason: '付款期太长' });
    },
    page,
  );
  await step(
    '手机：没签名不能同意，签名后同意',
    async () => {
      await hand.reopen(/年度框架/);
      await hand.addPhrase('条款没问题');
      await hand.press('同意');
      await rep.text('请先签名').waitFor();
      await signOnPhone(rep.page, rep.field('手写签名'), rep.app);
      await hand.decide('同意', '可以');
    },
    rep.page,
  );
  await step(
    'PC：填写',
    async () => {
      await desk.open(/编号 年度框架/);
      await button(page, '提交').click();
      await page
        .getByText(/合同编号/)
        .first()
        .waitFor();
      await desk.fill('合同编号', 'HT-001');
    },
    page,
  );
  expect(await read(first.id)).toMatchObject({ number: 'HT-001' });

  const second = await startOnPhone('补充协议');
  await startOnPhone('意向书');
  await step(
    '手机：发起人选择审批人，催办；撤回另一份',
    async () => {
      await hand.withdraw(/意向书/, '不签了');
      await hand.open(/补充协议/, '全部');
      await hand.act('选择审批人', { people: ['管理员'] });
      await hand.reopen(/补充协议/, '我发起的');
      await hand.act('催办');
    },
    rep.page,
  );
  await step(
    'PC：要求补充材料',
    async () => {
      await desk.open(/补充协议/);
      await desk.act('要求补充材料', { reason: '请附原协议' });
    },
    page,
  );
  await step(
    '手机：补充材料',
    async () => {
      await hand.reopen(/补充协议/);
      await hand.act('补充材料', { reason: '已附', file: '原协议.png' });
    },
    rep.page,
  );
  await step(
    'PC：看到材料，退回给发起人',
    async () => {
      await desk.open(/补充协议/);
      await page.getByRole('link', { name: /^原协议/ }).waitFor();
      await desk.act('退回', { target: '发起人', reason: '名称不对', choice: '直接回到我这里' });
    },
    page,
  );
  await step(
    '手机：重新提交',
    async () => {
      await hand.reopen(/补充协议/);
      await hand.act('重新提交', { reason: '改好了' });
    },
    rep.page,
  );
  await step(
    'PC：解锁数据，签名后同意，撤回同意，再同意',
    async () => {
      await desk.open(/补充协议/);
      await desk.act('解锁数据', { reason: '金额要改' });
      await page.getByText('金额要改').first().waitFor();
      await desk.addPhrase('已核对');
      await signOnDesk(page, page.locator('main'));
      await desk.decide('同意', '好');
      await desk.openTab('已办');
      await page
        .getByText(/^审批 补充协议/)
        .first()
        .click();
      await desk.act('撤回同意', { reason: '还要看一眼' });
      await desk.open(/补充协议/);
      await signOnDesk(page, page.locator('main'));
      await desk.decide('同意', '好');
    },
    page,
  );
  await step(
    '手机：填写',
    async () => {
      await hand.reopen(/编号 补充协议/, '全部');
      await hand.press('提交');
      await rep.text(/合同编号/).waitFor();
      await hand.fill('合同编号', 'HT-002');
    },
    rep.page,
  );
  await expect.poll(async () => (await read(second.id)).number, { timeout: patience }).toBe('HT-002');
  await step('手机：请同事代理审批，再收回', () => hand.beAway('李伟'), rep.page);
  await step('PC：请同事代理审批，再收回', () => desk.beAway('李伟'), page);
  expect(presses.owed()).toEqual([]);

  /** A record that 王芳 adds: the phone's own session, so that she is the starter. */
  async function startOnPhone(name: string): Promise<{ id: string }> {
    return rep.app.locator('html').evaluate(
      async (_, { path, values }) => {
        const answer = await fetch(path, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ values }),
        });
        if (!answer.ok) throw new Error(await answer.text());
        return (await answer.json()) as { id: string };
      },
      { path: `/api/v1/forms/${form.id}/records`, values: { name, owner: member('王芳') } },
    );
  }
});
