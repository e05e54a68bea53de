import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, openDesk } from './support/browser.js';
import { call, type Item, logInWithPassword, mine, startOver } from './support/company.js';
import { system } from './support/environment.js';
import { Journal } from './support/journal.js';
import { mineCorp, Phone } from './support/phone.js';
import { clearPhones, dismiss } from './support/stage.js';

let browser: Browser;
let desk: Page;
let phones: BrowserContext;
beforeAll(async () => {
  browser = await openBrowser();
  desk = await openDesk(browser);
  phones = await Phone.context(browser);
});
afterAll(() => browser.close());

test('a visit kept without a network outlives the phone, is sent once, and a leaver is out within a minute', async () => {
  const journal = new Journal('phones', desk);
  await logInWithPassword(desk);
  await startOver(desk);
  await clearPhones();
  await call(desk, 'POST', '/app-templates/crm/install', {});
  const forms = new Map((await call(desk, 'GET', '/forms')).items.map((form) => [form.key, form.id]));
  const sales = (await call(desk, 'GET', '/roles')).items.find((role) => role.key === 'sales')?.id;
  const rep = (await call(desk, 'GET', '/members')).items.find((each) => each.name === '王芳');
  if (!rep) throw new Error('nobody is called 王芳');
  await call(desk, 'PATCH', `/members/${rep.id}`, { roleIds: [...rep.roles.map((role) => role.id), sales] });
  const values = { name: '东篱茶业', owner: rep.id };
  const { id: customer } = await call<Item>(desk, 'POST', `/forms/${forms.get('customer')}/records`, { values });
  const visits = async () => {
    const filter = { field: 'customer', op: 'eq', value: customer };
    const { items } = await call(desk, 'POST', `/forms/${forms.get('followUp')}/records/query`, { filter });
    return items.map((item) => item.values.content);
  };

  let phone = await Phone.of(phones, 'wangfang');
  const visit = async (content: string) => {
    const photo = await phone.page.screenshot({ type: 'jpeg' });
    await phone.logVisit({ customer: '东篱茶业', content, plan: '寄样品', photo });
    await phone.text('保存').click();
  };
  await journal.step(
    '有网络时记一次',
    async () => {
      await phone.openApp();
      await visit('看了茶样');
      await phone.text(/^已记录/).waitFor();
      await expect.poll(visits).toEqual(['看了茶样']);
    },
    phone.page,
  );
  await journal.step('断网再记一次，手机被关掉', async () => {
    await phone.setOnline(false);
    await visit('仓库里断网');
    await phone.text('没有网络，已存在手机里，联网后自动发送').waitFor();
  });
  await phone.page.close();
  expect(await visits()).toEqual(['看了茶样']);

  phone = await Phone.of(phones, 'wangfang');
  await journal.step(
    '再打开就补发，只有一条',
    async () => {
      if (await phone.isOffline()) await phone.setOnline(true);
      await phone.openApp();
      await expect.poll(async () => (await visits()).sort(), { timeout: 30_000 }).toEqual(['仓库里断网', '看了茶样']);
      await phone.openTab('客户');
      await phone.text('东篱茶业').click();
      await phone.text(/仓库里断网/).waitFor();
      expect(
        await phone.app
          .getByText(/仓库里断网/)
          .filter({ visible: true })
          .count(),
      ).toBe(1);
    },
    phone.page,
  );

  await journal.step('特大字号，没有横向滚动', async () => {
    await phone.back();
    await phone.openTab('我的');
    await phone.text('特大').click();
    for (const tab of ['客户', '待办', '工作台', '我的']) {
      await phone.openTab(tab);
      await phone.app.locator('.text-huge').filter({ visible: true }).first().waitFor();
      expect(await phone.scrollsSideways(), tab).toBe(false);
    }
  });
  await journal.step('请同事代理审批，再收回', async () => {
    await phone.text('标准').click();
    await phone.text('审批代理').click();
    await phone.text('选择成员').click();
    await phone.text('李伟').click();
    await phone.text('开始代理').click();
    await phone.text('代理中').waitFor();
    await phone.text('结束').click();
    await phone.text('已结束').waitFor();
    await phone.back();
  });

  const office = await openDesk(browser);
  await journal.step(
    '王芳在电脑上也登录着',
    async () => {
      await phone.closeApp();
      await office.goto(`${system.consoleUrl}/login?tenant=${mine}`);
      await office.getByRole('tab', { name: '扫码登录' }).click();
      await phone.openMessages();
      await phone.scanToLogIn();
      await office.getByRole('heading', { name: '我的应用' }).waitFor();
    },
    office,
  );
  const back = await dismiss(mineCorp, 'wangfang');
  try {
    await journal.step('离职的人一分钟内被请出', async () => {
      const isOut = async () => {
        await office.reload();
        return office
          .getByRole('tab', { name: '扫码登录' })
          .waitFor({ timeout: 3000 })
          .then(
            () => true,
            () => false,
          );
      };
      await expect.poll(isOut, { timeout: 60_000 }).toBe(true);
    });
    const { items } = await call(desk, 'GET', '/members');
    expect(items.find((each) => each.id === rep.id)).toMatchObject({ state: 'left' });
  } finally {
    await back();
  }
});
