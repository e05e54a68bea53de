import type { BrowserContext, FrameLocator, Locator, Page } from 'playwright-core';
import { system } from './environment.js';

/** WeCom's id of 我的企业 in the sandbox. */
export const mineCorp = 'wwmine0000000002';

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

  /** Leaves the mini-app for the chat. */
  async closeApp(): Promise<void> {
    await this.page.getByRole('button', { name: '关闭', exact: true }).click();
  }

  /** The conversation with the app. */
  async openChat(): Promise<void> {
    await this.page
      .getByRole('button')
      .filter({ hasText: /^消息|^\d+消息/ })
      .last()
      .click();
    await this.page.getByRole('button').filter({ hasText: '联客' }).first().click();
  }

  /** The newest card whose text contains something. */
  card(text: string): Locator {
    return this.page.locator('article.card').filter({ hasText: text }).last();
  }
}
