import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, openDesk } from './support/browser.js';
import { call as callAs, type Item, logInWithPassword, startOver } from './support/company.js';
import { Journal } from './support/journal.js';
import { Phone } from './support/phone.js';

let browser: Browser;
let desk: Page;
let phones: BrowserContext;
beforeAll(async () => {
  browser = await openBrowser();
  desk = await openDesk(browser);
  phones = await Phone.context(browser);
});
afterAll(() => browser.close());

const call = <Answer = { items: Item[] }>(method: 'GET' | 'POST' | 'PATCH', path: string, data?: unknown) =>
  callAs<Answer>(desk, method, path, data);

/** The chat with a customer, and the page beside it. */
async function openSidebar(phone: Phone, chat: string): Promise<void> {
  await phone.page.getByRole('button').filter({ hasText: chat }).first().click();
  await phone.page.getByRole('button', { name: '侧边栏' }).click();
}

async function leaveSidebar(phone: Phone): Promise<void> {
  await phone.closeApp();
  await phone.closeChat();
}

test('beside a WeCom chat: the customer found, linked and followed up in two taps; a new one; one of a colleague', async () => {
  const journal = new Journal('sidebar', desk);
  await logInWithPassword(desk);
  await startOver(desk);
  await call('POST', '/app-templates/crm/install', {});
  const forms = new Map<string, string>((await call('GET', '/forms')).items.map((form) => [form.key, form.id]));
  const roles = (await call('GET', '/roles')).items;
  const sales = roles.find((role) => role.key === 'sales')?.id;
  const members = (await call('GET', '/members')).items;
  const made = new Map<string, string>();
  for (const [name, customer, phone] of [
    ['王芳', '美利云', '15966667600'],
    ['陈静', '格尔软件', '13653074505'],
  ] as const) {
    const member = members.find((each) => each.name === name);
    if (!member) throw new Error(`nobody is called ${name}`);
    await call('PATCH', `/members/${member.id}`, { roleIds: [...member.roles.map((role) => role.id), sales] });
    const values = { name: customer, phone: [phone], owner: member.id };
    made.set(customer, (await call<{ id: string }>('POST', `/forms/${forms.get('customer')}/records`, { values })).id);
  }
  const followUps = async (customer: string) =>
    (
      await call('POST', `/forms/${forms.get('followUp')}/records/query`, {
        filter: { field: 'customer', op: 'eq', value: made.get(customer) },
      })
    ).items;

  const wangfang = await Phone.of(phones, 'wangfang');
  const step = (name: string, work: () => Promise<void>) => journal.step(name, work, wangfang.page);
  await step('王芳打开侧边栏，认出客户并对应', async () => {
    await openSidebar(wangfang, '杨主任-美利云');
    await wangfang.text('是这个客户吗').waitFor();
    await wangfang.text('就是它').click();
    await wangfang.app.locator('.record-head').getByText('美利云').waitFor();
  });
  await step('两下记一条跟进', async () => {
    await wangfang.text('已报价').click();
    await wangfang.text('保存').click();
    await wangfang.text('已记录').waitFor();
    expect(await followUps('美利云')).toMatchObject([{ values: { content: '已报价', way: '微信' } }]);
  });
  await step('贴上标签', async () => {
    await wangfang.app.locator('.side-tags').click();
    await wangfang.text('高意向').click();
    await wangfang.text('确定').click();
    await wangfang.app.locator('.side-tags').getByText('高意向').waitFor();
    await leaveSidebar(wangfang);
  });
  await step('没有的客户，从聊天里新建', async () => {
    await openSidebar(wangfang, '林小美（海川）');
    await wangfang.text('新建客户').click();
    await wangfang.field('客户名称').waitFor();
    await wangfang.text('保存').click();
    await wangfang.app.locator('.record-head').getByText('宁波海川贸易有限公司').waitFor();
    const people = await call('POST', `/forms/${forms.get('contact')}/records/query`, {});
    expect(people.items).toMatchObject([{ label: '林小美', values: { phone: ['13700001234'] } }]);
    await leaveSidebar(wangfang);
  });
  await step('同事的客户，只知道有，看不到是谁', async () => {
    const chenjing = await Phone.of(phones, 'chenjing');
    await openSidebar(chenjing, '胡总-格尔');
    await chenjing.text('就是它').click();
    await chenjing.app.locator('.record-head').getByText('格尔软件').waitFor();
    await openSidebar(wangfang, '胡总');
    await wangfang.text('这位联系人已经对应到一个客户').waitFor();
    expect(await wangfang.app.getByText('格尔').count()).toBe(0);
  });
});
