import type { Locator, Page } from 'playwright-core';
import { button, choose, labelled } from './controls.js';
import { system } from './environment.js';
import type { Phone } from './phone.js';

/** An approval on the console: from 任务中心 to its page, and what is done there. */
export class Desk {
  constructor(private readonly page: Page) {}

  /** Opens the approval that waits for the reader. */
  async open(title: string | RegExp): Promise<void> {
    await this.page.goto(`${system.consoleUrl}/tasks`);
    await this.page.getByText(title).first().click();
    await this.page.getByRole('heading', { name: title }).waitFor();
  }

  /** 我发起的, then the approval. */
  async openStarted(title: RegExp): Promise<void> {
    await this.page.goto(`${system.consoleUrl}/tasks`);
    await this.page.getByText('我发起的', { exact: true }).first().click();
    await this.page.getByText(title).first().click();
    // The list has buttons of the same names.
    await this.page.waitForURL(/\/tasks\/[^/?]+/);
    await this.page.getByRole('heading', { name: title }).waitFor();
  }

  /** 同意 or 拒绝 with a comment; waits until the page says that it is done. */
  async decide(answer: '同意' | '拒绝', comment: string): Promise<void> {
    await labelled(this.page, '审批意见').fill(comment);
    // A phrase of that name may stand before it.
    await button(this.page, answer).last().click();
    await this.page
      .getByText(answer === '同意' ? /^已同意/ : /^已拒绝/)
      .first()
      .waitFor();
  }

  /** An entry of 更多, or the button that asks for it, and its dialogue. */
  async act(
    action: string,
    filling: { people?: readonly string[]; choice?: string; reason?: string; target?: string } = {},
  ): Promise<void> {
    const direct = button(this.page, action);
    const more = button(this.page, '更多');
    await direct.or(more).first().waitFor();
    if ((await direct.count()) > 0) await direct.click();
    else {
      await more.click();
      await this.page.getByRole('menuitem', { name: action, exact: true }).click();
    }
    const dialog = this.page.getByRole('dialog', { name: action });
    await dialog.waitFor();
    for (const person of filling.people ?? [])
      await pick(this.page, dialog.getByRole('combobox', { name: '选择成员' }), person);
    if (filling.choice) await dialog.getByText(filling.choice).click();
    if (filling.target) await choose(this.page, labelled(dialog, '退回到'), filling.target);
    if (filling.reason)
      await labelled(dialog, '原因').or(labelled(dialog, '说明（选填）')).first().fill(filling.reason);
    await button(dialog, action).click();
    await dialog.waitFor({ state: 'hidden' });
  }
}

/** An approval on the phone. */
export class Hand {
  constructor(private readonly phone: Phone) {}

  /** Opens it from 待办. */
  async open(title: RegExp): Promise<void> {
    await this.phone.openTab('待办');
    // The page that is left shows the same title for a moment.
    await this.phone.app.getByText('我的本月').filter({ visible: true }).first().waitFor({ state: 'hidden' });
    await this.pick(title, '审批');
  }

  /** Back to the list, and to the approval again, from another part of the list when named. */
  async reopen(title: RegExp, part: '审批' | '已办' | '全部' = '审批'): Promise<void> {
    await this.phone.back();
    await this.text('抄送我的').waitFor();
    await this.pick(title, part);
  }

  private async pick(title: RegExp, part: string): Promise<void> {
    await this.phone.app
      .locator('.chip')
      .filter({ hasText: new RegExp(`^${part}( \\d+)?$`), visible: true })
      .click();
    // The newest comes first.
    await this.phone.app.getByText(title).filter({ visible: true }).first().click();
    await this.text('进度').waitFor();
  }

  async decide(answer: '同意' | '拒绝', comment: string): Promise<void> {
    await this.phone.app.locator('textarea').filter({ visible: true }).last().fill(comment);
    await this.tap(answer);
    await this.text(answer === '同意' ? /^已同意/ : /^已拒绝/).waitFor();
  }

  /** An entry of 更多, or the button that asks for it, and its sheet. */
  async act(
    action: string,
    filling: { people?: readonly string[]; choice?: string; reason?: string } = {},
  ): Promise<void> {
    const bar = (name: string) =>
      this.phone.app
        .locator('.bar .btn')
        .filter({ hasText: new RegExp(`^${name}$`), visible: true })
        .last();
    const direct = bar(action);
    const more = bar('更多');
    await direct.or(more).first().waitFor();
    if ((await direct.count()) > 0) await direct.click();
    else {
      await more.click();
      await this.tap(action);
    }
    for (const person of filling.people ?? []) await this.tap(person);
    if (filling.choice) await this.tap(filling.choice);
    const sheet = this.phone.app.locator('.sheet').filter({ visible: true });
    if (filling.reason) await sheet.locator('textarea').fill(filling.reason);
    await sheet.locator('.btn').last().click();
    await sheet.waitFor({ state: 'hidden' });
  }

  /** A button at the bottom. */
  async press(action: string): Promise<void> {
    await this.phone.app
      .locator('.bar .btn')
      .filter({ hasText: new RegExp(`^${action}$`), visible: true })
      .last()
      .click();
  }

  /** What lies on top: pages that were left stay below. */
  private text(text: string | RegExp): Locator {
    return this.phone.app.getByText(text, { exact: true }).filter({ visible: true }).last();
  }

  private async tap(text: string | RegExp): Promise<void> {
    await this.text(text).click();
  }
}

async function pick(page: Page, box: Locator, person: string): Promise<void> {
  await box.click();
  await page.getByRole('option').filter({ hasText: person, visible: true }).first().click();
  await page.keyboard.press('Escape');
}
