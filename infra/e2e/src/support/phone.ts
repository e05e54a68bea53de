import type { Browser, BrowserContext, FrameLocator, Locator, Page } from 'playwright-core';
import { again } from './again.js';
import { patience, windows } from './browser.js';
import { system } from './environment.js';
import { mineCorp } from './stage.js';

/** One person's phone in 我的企业, as the sandbox draws it. */
export class Phone {
  private constructor(readonly page: Page) {}

  static async of(context: BrowserContext, userid: string): Promise<Phone> {
    const page = await context.newPage();
    await page.setViewportSize({ width: 420, height: 900 });
    await page.goto(`${system.sandboxUrl}/drawer?user=${userid}&corp=${mineCorp}`);
    await page.locator('.phone').waitFor();
    return new Phone(page);
  }

  /** Everybody's phones: windows of their own, as people have them. */
  static async context(browser: Browser): Promise<BrowserContext> {
    const phones = await browser.newContext({ ...windows });
    phones.setDefaultTimeout(patience);
    return phones;
  }

  /** 扫一扫, the waiting log-in page, 确认登录. */
  async scanToLogIn(): Promise<void> {
    await this.page.getByRole('button', { name: '扫一扫' }).first().click();
    await this.page.locator('[data-login]').first().click();
    await this.page.getByRole('button', { name: '确认登录' }).click();
  }

  /** Opens the app from 工作台; what is in it. */
  async openApp(): Promise<FrameLocator> {
    await this.page.getByRole('button', { name: '工作台' }).last().click();
    await this.page.getByRole('button').filter({ hasText: '联客' }).first().click();
    await this.app.getByText('我的本月').waitFor();
    return this.app;
  }

  /** Opens the app that came from the directory, which stands behind the company's own. */
  async openDirectoryApp(): Promise<void> {
    await this.page.getByRole('button', { name: '工作台' }).last().click();
    await this.page.getByRole('button').filter({ hasText: '联客' }).last().click();
  }

  /** The mini-app in the phone's frame. */
  get app(): FrameLocator {
    return this.page.frameLocator('iframe');
  }

  /** A field of the form that is being filled in. */
  field(name: string): Locator {
    return this.app.locator('.field').filter({ hasText: new RegExp(`^${name}`), visible: true });
  }

  /** A tab at the bottom of the mini-app. */
  async openTab(name: string): Promise<void> {
    await this.app.getByText(name, { exact: true }).filter({ visible: true }).last().click();
  }

  /** 保存 at the bottom of a form. */
  async save(): Promise<void> {
    await this.app.getByText('保存', { exact: true }).filter({ visible: true }).last().click();
    await this.app.getByText('已保存').filter({ visible: true }).first().waitFor();
  }

  /** A text of the mini-app's page that is open. */
  text(text: string | RegExp): Locator {
    return this.app.getByText(text, { exact: true }).filter({ visible: true }).first();
  }

  /** Presses something in a list that is changing places until what it opens is there: a press may be lost, as a person's. */
  async pressUntil(row: Locator, opened: Locator): Promise<void> {
    await again(() => row.click(), { thing: opened, state: 'visible' });
  }

  /** 新建 at the bottom of the list that is open. */
  async addNew(): Promise<void> {
    await this.text('新建').click();
  }

  /** One page back, inside of the mini-app. */
  async back(): Promise<void> {
    await this.page.getByRole('button', { name: '返回' }).first().click();
  }

  /** 记拜访 from 工作台: a customer used before, the place, a photo, what was said, and the next step in three days. */
  async logVisit(visit: { customer: string; content: string; plan: string; photo: Buffer }): Promise<void> {
    await this.app.getByText('记拜访', { exact: true }).filter({ visible: true }).last().click();
    await this.text(visit.customer).click();
    await this.app.getByText(/^已定位/).waitFor();
    await this.app.getByRole('textbox', { name: '聊了什么，结果怎样' }).fill(visit.content);
    const choosing = this.page.waitForEvent('filechooser');
    await this.text('拍照').click();
    await (await choosing).setFiles({ name: '门头.jpg', mimeType: 'image/jpeg', buffer: visit.photo });
    await this.app.getByRole('textbox', { name: '下一步做什么（选填）' }).fill(visit.plan);
    await this.text('3 天后').click();
  }

  /** Cuts the phone off from the network, or connects it again. */
  async setOnline(online: boolean): Promise<void> {
    await this.page.getByRole('button', { name: online ? '已断网，点击恢复' : '网络已连接，点击断网' }).click();
    await this.page.getByRole('button', { name: online ? '网络已连接，点击断网' : '已断网，点击恢复' }).waitFor();
  }

  async scrollsSideways(): Promise<boolean> {
    return this.app.locator('html').evaluate((html) => html.scrollWidth > html.clientWidth);
  }

  async isOffline(): Promise<boolean> {
    return (await this.page.getByRole('button', { name: '已断网，点击恢复' }).count()) > 0;
  }

  /** Leaves the mini-app for the chat. */
  async closeApp(): Promise<void> {
    await this.page.getByRole('button', { name: '关闭', exact: true }).click();
  }

  /** The list of conversations. */
  async openMessages(): Promise<void> {
    await this.page
      .getByRole('button')
      .filter({ hasText: /^消息|^\d+消息/ })
      .last()
      .click();
  }

  /** The conversation with the app. */
  async openChat(): Promise<void> {
    await this.openMessages();
    await this.page.getByRole('button').filter({ hasText: '联客' }).first().click();
  }

  /** From a conversation back to the list of them. */
  async closeChat(): Promise<void> {
    await this.page.getByRole('button', { name: '返回' }).first().click();
  }

  /** Every card of the conversation that is open. */
  cards(): Locator {
    return this.page.locator('article.card');
  }

  /** The newest card whose text contains something. */
  card(text: string): Locator {
    return this.cards().filter({ hasText: text }).last();
  }
}
