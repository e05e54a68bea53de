import type { Browser, BrowserContext, FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, openDesk, patience } from './support/browser.js';
import { call, type Item, logInWithPassword, startOver } from './support/company.js';
import { button } from './support/controls.js';
import { system } from './support/environment.js';
import { Journal } from './support/journal.js';
import { Phone } from './support/phone.js';
import { clearPhones } from './support/stage.js';

let browser: Browser;
let phones: BrowserContext;
beforeAll(async () => {
  browser = await openBrowser();
  phones = await Phone.context(browser);
  await clearPhones();
});
afterAll(async () => {
  // The apps of the directory leave the phones again.
  await clearPhones();
  await browser.close();
});

interface Way {
  channel: string;
  tenant: { key: string; name: string };
}

/** The company's line on the sandbox's directory page. */
const line = (page: Page, company: string, platform: string) =>
  page.getByRole('listitem').filter({ hasText: company }).filter({ hasText: platform });

/** Names that the platform has drawn into its elements, each in a tree of its own that no script of ours reads in earnest. */
const drawnNames = (place: Page | FrameLocator) =>
  place
    .locator('ww-open-data')
    .evaluateAll((elements) => elements.map((element) => element.shadowRoot?.textContent ?? ''));

/** Key of the company that came from the directory: nobody chose it. */
async function keyOf(page: Page, channel: string): Promise<string> {
  const find = async () => {
    const { items } = await call<{ items: Way[] }>(page, 'GET', '/auth/connections');
    return items.find((way) => way.channel === channel && /^c[0-9a-f]{12}$/.test(way.tenant.key))?.tenant.key;
  };
  await expect.poll(find, { timeout: patience }).toBeDefined();
  return (await find()) ?? '';
}

test('companies add the app in the directories of WeCom and DingTalk, and their administrators log in', async () => {
  const office = await openDesk(browser);
  const journal = new Journal('directory', office);
  const add = async (company: string, platform: string) => {
    await office.goto(`${system.sandboxUrl}/directory`);
    await line(office, company, platform).getByRole('button', { name: '添加' }).click();
    await line(office, company, platform).getByText('已添加').waitFor();
  };
  await journal.step('企业微信的应用目录里添加联客', () => add('我的企业', '企业微信'));
  await journal.step('管理员用企业微信扫码，第一次进入', async () => {
    await office.goto(`${system.consoleUrl}/login?tenant=${await keyOf(office, 'wecom')}`);
    await office.frameLocator('iframe[src*="/wwlogin/"]').locator('[data-qr]').waitFor();
    const phone = await Phone.of(phones, 'admin');
    await phone.scanToLogIn();
    await phone.page.close();
    await office.getByText('先建一个应用').first().waitFor();
  });
  await journal.step('成员没有姓名，许可各有期限', async () => {
    await office.goto(`${system.consoleUrl}/admin/connections`);
    await office.getByText('企业已授权').waitFor();
    await office.getByText(/还有 \d+ 人没有姓名/).waitFor();
    const rows = office.locator('.ant-table-row');
    await rows.first().waitFor();
    expect(await rows.count()).toBeGreaterThan(3);
    await rows.first().scrollIntoViewIfNeeded();
  });
  await journal.step('没有姓名的成员，控制台里由企业微信显示姓名', async () => {
    await office.goto(`${system.consoleUrl}/admin/members`);
    await expect.poll(() => drawnNames(office), { timeout: patience }).toContain('王芳');
    // What we know of them stands underneath.
    expect(
      await office
        .locator('ww-open-data')
        .first()
        .evaluate((element) => element.textContent),
    ).toMatch(/^(成员|部门) /);
  });
  const phone = await Phone.of(phones, 'admin');
  await journal.step(
    '手机上也由企业微信显示',
    async () => {
      await phone.openDirectoryApp();
      await expect.poll(() => drawnNames(phone.app), { timeout: patience }).toContain('管理员');
    },
    phone.page,
  );
  await phone.page.close();
  await journal.step(
    '企业微信的应用目录里移除',
    async () => {
      await office.goto(`${system.sandboxUrl}/directory`);
      await line(office, '我的企业', '企业微信').getByRole('button', { name: '移除' }).click();
      await line(office, '我的企业', '企业微信').getByText('未添加').waitFor();
      const out = async () => (await office.request.get(`${system.consoleUrl}/api/v1/me`)).status();
      await expect.poll(out, { timeout: patience }).toBe(401);
    },
    office,
  );

  await journal.step('钉钉的应用目录里添加联客', () => add('演示企业', '钉钉'));
  await journal.step('管理员从登录页去钉钉', async () => {
    await office.goto(`${system.consoleUrl}/login?tenant=${await keyOf(office, 'dingtalk')}`);
    await office.getByRole('tab', { name: '扫码登录' }).waitFor();
    await office.getByRole('link', { name: '打开钉钉登录页' }).waitFor();
  });
  await journal.step('在钉钉里选谁来确认', async () => {
    await office.getByRole('link', { name: '打开钉钉登录页' }).click();
    await office.getByRole('link', { name: /^管理员/ }).waitFor();
  });
  await journal.step('第一次进入', async () => {
    await office.getByRole('link', { name: /^管理员/ }).click();
    await office.getByText('先建一个应用').first().waitFor();
  });
  await journal.step('钉钉给姓名，许可按公司', async () => {
    await office.goto(`${system.consoleUrl}/admin/connections`);
    await office.getByText('企业已授权').waitFor();
    await office.getByText('钉钉还没有告诉我们订购的期限；试用或免费开通的没有。').scrollIntoViewIfNeeded();
    expect(await office.getByText(/没有姓名/).count()).toBe(0);
  });
  await office.context().close();
});

test('a file proves the domain, a subscribed page comes to the phone, and a customer’s page opens the chat', async () => {
  const desk = await openDesk(browser);
  const journal = new Journal('directory-desk', desk);
  await logInWithPassword(desk);
  await startOver(desk);
  const name = 'WW_verify_a1B2c3D4e5F6g7H8.txt';
  await journal.step('上传域名校验文件，根目录立刻能打开', async () => {
    await desk.goto(`${system.consoleUrl}/admin/connections`);
    const choosing = desk.waitForEvent('filechooser');
    await button(desk, '上传校验文件').click();
    await (await choosing).setFiles({ name, mimeType: 'text/plain', buffer: Buffer.from('a1B2c3D4e5F6g7H8') });
    await desk.getByText('校验文件打得开').waitFor();
    await desk.getByText('校验文件打得开').scrollIntoViewIfNeeded();
    const served = await fetch(`${system.consoleUrl}/${name}`);
    expect([served.status, await served.text()]).toEqual([200, 'a1B2c3D4e5F6g7H8']);
  });
  await journal.step('试一次登录：企业微信的登录页在新窗口里', async () => {
    const opening = desk.context().waitForEvent('page');
    await desk.getByRole('link', { name: '试一次登录' }).click();
    const trial = await opening;
    await trial.locator('[data-qr]').waitFor();
    const phone = await Phone.of(phones, 'wangfang');
    await phone.scanToLogIn();
    await phone.page.close();
    await trial.getByText('授权回调域设对了').waitFor();
    await trial.close();
  });
  await journal.step('扫码回来，授权回调域一行变绿', async () => {
    const line = desk.getByText(/^登录从 .* 回来过$/);
    await line.waitFor();
    await line.scrollIntoViewIfNeeded();
  });

  await call(desk, 'POST', '/app-templates/crm/install', {});
  const forms = new Map((await call(desk, 'GET', '/forms')).items.map((form) => [form.key, form]));
  const formId = forms.get('customer')?.id ?? '';
  const { items: members } = await call(desk, 'GET', '/members');
  const sales = (await call(desk, 'GET', '/roles')).items.find((role) => role.key === 'sales')?.id;
  const rep = members.find((member) => member.name === '王芳');
  if (!rep) throw new Error('nobody is called 王芳');
  await call(desk, 'PATCH', `/members/${rep.id}`, { roleIds: [...rep.roles.map((role) => role.id), sales] });
  for (const values of [
    { name: '美利云', phone: ['15966667600'], owner: rep.id },
    { name: '格尔软件', phone: ['13653074505'], owner: rep.id },
  ])
    await call(desk, 'POST', `/forms/${formId}/records`, { values });
  const appId = (await call(desk, 'GET', '/apps')).items[0]?.id ?? '';
  const widget = (id: string, x: number, more: object) => ({ id, formId, place: { x, y: 0, w: 12, h: 6 }, ...more });
  const page = await call<Item>(desk, 'POST', '/dashboards', {
    ...{ appId, name: '客户日报' },
    definition: {
      filters: [],
      widgets: [
        widget('all', 0, { type: 'metric', title: '客户数', measure: { fn: 'count' }, unit: '家' }),
        widget('who', 12, {
          type: 'bar',
          title: '各人的客户',
          dimension: { field: 'owner' },
          measure: { fn: 'count' },
        }),
      ],
    },
  });

  await journal.step('订阅页面，先发给自己', async () => {
    await desk.goto(`${system.consoleUrl}/apps/${appId}/dashboards/${page.id}`);
    await button(desk, '订阅').click();
    await button(desk, '新建订阅').click();
    await button(desk, '保存').click();
    await button(desk, '发给我试试').click();
    await button(desk, '发送记录').click();
    await desk.getByText('已送达').waitFor();
    await desk.getByText(/^经.+ 送达$/).waitFor();
  });
  await journal.step('图片到了手机上', async () => {
    const phone = await Phone.of(phones, 'admin');
    await phone.openChat();
    const card = phone.card('客户日报');
    await card.waitFor();
    const picture = card.locator('img').first();
    await expect.poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(300);
    await journal.show(phone.page, '手机上的报表');
    await phone.page.close();
  });

  const phone = await Phone.of(phones, 'wangfang');
  await journal.step(
    '从客户页打开会话',
    async () => {
      await phone.page.getByRole('button').filter({ hasText: '杨主任-美利云' }).first().click();
      await phone.page.getByRole('button', { name: '侧边栏' }).click();
      await phone.text('就是它').click();
      await phone.app.locator('.record-head').getByText('美利云').waitFor();
      await phone.closeApp();
      await phone.closeChat();
      await phone.openApp();
      await phone.openTab('客户');
      await phone.text('美利云').click();
      await phone.text('打开会话').click();
      // The client leaves the mini-app for the conversation with him.
      await phone.page.getByRole('button', { name: '侧边栏' }).waitFor();
      await phone.page.getByRole('heading', { name: /杨主任/ }).waitFor();
    },
    phone.page,
  );
});
