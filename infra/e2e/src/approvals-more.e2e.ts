import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Desk, Hand } from './support/approvals.js';
import { openBrowser, openDesk, patience } from './support/browser.js';
import { call, type Item, logInWithPassword, startOver, startSelling } from './support/company.js';
import { button, labelled } from './support/controls.js';
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
  const desk = new Desk(page);
  const rep = await Phone.of(phones, 'wangfang');
  const hand = new Hand(rep);

  const first = await call<Item>(page, 'POST', `/forms/${form.id}/records`, {
    values: { name: '年度框架' },
  });
  await step('PC：发起人选择审批人', async () => {
    await desk.open(/年度框架/);
    await desk.act('选择审批人', { people: ['王芳'] });
  });
  await step(
    '手机：解锁数据',
    async () => {
      await rep.openApp();
      await hand.open(/年度框架/);
      await hand.act('解锁数据', { reason: '名称要补全' });
      await rep.text('名称要补全').waitFor();
    },
    rep.page,
  );
  await step(
    '手机：没签名不能同意，签名后同意',
    async () => {
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
      await labelled(page, '合同编号').fill('HT-001');
      await button(page, '提交').click();
      await page.getByRole('status').filter({ hasText: '已完成' }).waitFor();
    },
    page,
  );
  expect(await read(first.id)).toMatchObject({ number: 'HT-001' });

  // The phone's own session: he is the starter.
  const second = await rep.app.locator('html').evaluate(
    async (_, { path, values }) => {
      const answer = await fetch(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ values }),
      });
      if (!answer.ok) throw new Error(await answer.text());
      return (await answer.json()) as { id: string };
    },
    { path: `/api/v1/forms/${form.id}/records`, values: { name: '补充协议', owner: member('王芳') } },
  );
  await step(
    '手机：发起人选择审批人',
    async () => {
      await hand.reopen(/补充协议/, '全部');
      await hand.act('选择审批人', { people: ['管理员'] });
    },
    rep.page,
  );
  await step(
    'PC：解锁数据，签名后同意',
    async () => {
      await desk.open(/补充协议/);
      await desk.act('解锁数据', { reason: '金额要改' });
      await page.getByText('金额要改').first().waitFor();
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
      await rep.field('合同编号').locator('input').fill('HT-002');
      await hand.press('提交');
      await rep.text('需要你填写').waitFor({ state: 'hidden' });
    },
    rep.page,
  );
  await expect.poll(async () => (await read(second.id)).number, { timeout: patience }).toBe('HT-002');
});
