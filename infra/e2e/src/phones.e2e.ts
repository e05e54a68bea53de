import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { approvedForm } from './support/approval-form.js';
import { openBrowser, openDesk, patience } from './support/browser.js';
import { call, type Item, logInWithPassword, mine, type Selling, startOver, startSelling } from './support/company.js';
import { button, choose } from './support/controls.js';
import { system } from './support/environment.js';
import { Journal } from './support/journal.js';
import { Phone } from './support/phone.js';
import { clearPhones, deliverAgain, dismiss, joinDingtalk } from './support/stage.js';

let browser: Browser;
let desk: Page;
let phones: BrowserContext;
let selling: Selling;
beforeAll(async () => {
  browser = await openBrowser();
  desk = await openDesk(browser);
  phones = await Phone.context(browser);
  await logInWithPassword(desk);
  await startOver(desk);
  await clearPhones();
  selling = await startSelling(desk, ['王芳', '陈主管']);
});
afterAll(() => browser.close());

/** The log-in page on a computer, and the person's own phone or page of the platform that confirms it. */
const logIns = {
  wecom: async (office: Page, phone: Phone) => {
    await office.getByRole('tab', { name: '扫码登录' }).click();
    await phone.openMessages();
    await phone.scanToLogIn();
  },
  dingtalk: async (office: Page, _: Phone, name: string) => {
    await office.getByRole('tab', { name: '扫码登录' }).click();
    await choose(office, office.getByRole('combobox', { name: '选择企业' }), /我的企业.*钉钉/);
    await office.getByRole('link', { name: '打开钉钉登录页' }).click();
    await office.getByRole('link', { name: new RegExp(`^${name}`) }).click();
  },
};

test.each([
  {
    platform: 'wecom',
    userid: 'wangfang',
    name: '王芳',
    company: '东篱茶业',
    leaver: { userid: 'wangfang', name: '王芳' },
  },
  {
    platform: 'dingtalk',
    userid: 'chenzg',
    name: '陈主管',
    company: '云汀纺织',
    leaver: { userid: 'zhaolei', name: '赵磊' },
  },
] as const)(
  'on a phone with $platform: log-ins, visits, one kept without a network, a decision, and out',
  async (who) => {
    const { platform, userid, name, company, leaver } = who;
    const journal = new Journal(`phones-${platform}`, desk);
    const memberId = selling.people.get(name) ?? '';
    const form = await approvedForm(desk, userid, { members: [memberId] });
    const values = { name: company, owner: memberId };
    const made = await call<Item>(desk, 'POST', `/forms/${selling.forms.get('customer')}/records`, { values });
    const visits = async () => {
      const filter = { field: 'customer', op: 'eq', value: made.id };
      return (await call(desk, 'POST', `/forms/${selling.forms.get('followUp')}/records/query`, { filter })).items;
    };
    const said = async () => (await visits()).map((item) => item.values.content).sort();

    let phone = await Phone.of(phones, userid);
    await phone.page.locator(`.phone[data-platform="${platform}"]`).waitFor();
    const step = (title: string, work: () => Promise<void>, page = phone.page) => journal.step(title, work, page);
    const visit = async (content: string) => {
      const photo = await phone.page.screenshot({ type: 'jpeg' });
      await phone.logVisit({ customer: company, content, plan: '寄样品', photo });
      await phone.text('保存').click();
    };
    await step('在聊天里打开就登录了，记一次拜访', async () => {
      await phone.openApp();
      await phone.text(`${name} · 我的企业`).waitFor();
      await visit('看了茶样');
      await phone.text(/^已记录/).waitFor();
      await expect.poll(said, { timeout: 30_000 }).toEqual(['看了茶样']);
      const [first] = await visits();
      expect(first?.values.place).toMatchObject({ lat: expect.any(Number), lng: expect.any(Number) });
      expect(first?.values.photos).toMatchObject([{ mime: 'image/jpeg' }]);
    });
    await step('断网再记一次，手机被关掉', async () => {
      await phone.setOnline(false);
      await visit('仓库里断网');
      await phone.text('没有网络，已存在手机里，联网后自动发送').waitFor();
    });
    await phone.page.close();
    expect(await said()).toEqual(['看了茶样']);

    phone = await Phone.of(phones, userid);
    await step('再打开就补发，只有一条', async () => {
      if (await phone.isOffline()) await phone.setOnline(true);
      await phone.openApp();
      await expect.poll(said, { timeout: 30_000 }).toEqual(['仓库里断网', '看了茶样']);
      await phone.openTab('客户');
      await phone.text(company).click();
      await phone.text(/仓库里断网/).waitFor();
      const shown = phone.app.getByText(/仓库里断网/).filter({ visible: true });
      expect(await shown.count()).toBe(1);
      await phone.back();
      await phone.closeApp();
    });

    await call(desk, 'POST', `/forms/${form.id}/records`, { values: { name: '买一台打印机' } });
    await step('在卡片上同意，再按一次也只批了一次', async () => {
      await phone.openChat();
      const card = phone.card('买一台打印机');
      await button(card, '同意').click();
      const outcome = card.getByRole('button', { name: /已同意/ });
      await outcome.waitFor();
      const record = (await call(desk, 'POST', `/forms/${form.id}/records/query`, {})).items[0];
      const path = `/forms/${form.id}/records/${record?.id}/approvals`;
      const agreed = async () => {
        const { items } = await call<{ items: { taskId: string }[] }>(desk, 'GET', path);
        const { progress } = await call<{ progress: { action: string }[] }>(desk, 'GET', `/tasks/${items[0]?.taskId}`);
        return progress.filter(({ action }) => action === 'approved').length;
      };
      await expect.poll(agreed, { timeout: patience }).toBe(1);
      await outcome.click();
      await deliverAgain(platform, userid);
      expect(await agreed()).toBe(1);
      await outcome.waitFor();
      await phone.closeChat();
    });

    if (platform === 'wecom') await ofOnePhone(phone, step);

    if (leaver.userid !== userid) {
      await joinDingtalk(leaver.userid, leaver.name);
      const known = async () => (await call(desk, 'GET', '/members')).items.some((each) => each.name === leaver.name);
      await expect.poll(known, { timeout: 60_000 }).toBe(true);
    }
    const office = await openDesk(browser);
    await step(
      '在电脑上也登录',
      async () => {
        await office.goto(`${system.consoleUrl}/login?tenant=${mine}`);
        await logIns[platform](office, phone, leaver.name);
        await office.getByRole('heading', { name: '我的应用' }).waitFor();
      },
      office,
    );
    const member = async () => (await call(desk, 'GET', '/members')).items.find((each) => each.name === leaver.name);
    const status = async () => (await office.request.get(`${system.consoleUrl}/api/v1/me`)).status();
    expect(await status()).toBe(200);
    const back = await dismiss(platform, leaver.userid);
    try {
      await step(
        '离职的人一分钟内被请出',
        async () => {
          await expect.poll(status, { timeout: 60_000 }).toBe(401);
          await office.reload();
          await office.getByRole('tab', { name: '扫码登录' }).waitFor();
        },
        office,
      );
      expect(await member()).toMatchObject({ state: 'left' });
    } finally {
      if (leaver.userid === userid) await back();
    }
    await office.context().close();
    await phone.page.close();
  },
);

/** What is the same on every platform. */
async function ofOnePhone(phone: Phone, step: (title: string, work: () => Promise<void>) => Promise<void>) {
  await step('特大字号，没有横向滚动', async () => {
    await phone.openApp();
    await phone.openTab('我的');
    await phone.text('特大').click();
    for (const tab of ['客户', '待办', '工作台', '我的']) {
      await phone.openTab(tab);
      await phone.app.locator('.text-huge').filter({ visible: true }).first().waitFor();
      expect(await phone.scrollsSideways(), tab).toBe(false);
    }
  });
  await step('请同事代理审批，再收回', async () => {
    await phone.text('标准').click();
    await phone.text('审批代理').click();
    await phone.text('选择成员').click();
    await phone.text('李伟').click();
    await phone.text('开始代理').click();
    await phone.text('代理中').waitFor();
    await phone.text('结束').click();
    await phone.text('已结束').waitFor();
    await phone.back();
    await phone.closeApp();
  });
}
