import type { Locator, Page } from 'playwright-core';
import { named, type Presses } from './approval-buttons.js';
import { button, choose, labelled } from './controls.js';
import { system } from './environment.js';

/** An approval on the console: from 任务中心 to its page, and what is done there. */
export class Desk {
  constructor(
    private readonly page: Page,
    private readonly presses: Presses,
  ) {}

  /** Opens the approval that waits for the reader. */
  async open(title: string | RegExp): Promise<void> {
    await this.page.goto(`${system.consoleUrl}/tasks`);
    await this.page.getByText(title).first().click();
    await this.page.getByRole('heading', { name: title }).waitFor();
  }

  /** 已办, 我发起的 or 抄送我的 of 任务中心. */
  async openTab(tab: '已办' | '我发起的' | '抄送我的'): Promise<void> {
    await this.page.goto(`${system.consoleUrl}/tasks`);
    await this.page.getByRole('tab', { name: tab }).click();
  }

  /** 我发起的, then the approval. */
  async openStarted(title: RegExp): Promise<void> {
    await this.openTab('我发起的');
    await this.page.getByText(title).first().click();
    // The list has buttons of the same names.
    await this.page.waitForURL(/\/tasks\/[^/?]+/);
    await this.page.getByRole('heading', { name: title }).waitFor();
  }

  /** 催办 in the row of 我发起的. */
  async urge(title: RegExp): Promise<void> {
    await this.openTab('我发起的');
    const row = this.page.getByRole('listitem').filter({ hasText: title });
    await this.presses.press('PC', 'urge', this.page, () => button(row, '催办').click());
    await this.page.getByText(/^已催/).waitFor();
  }

  /** 抄送我的: opening it marks it as read. */
  async readCopy(title: RegExp): Promise<void> {
    await this.openTab('抄送我的');
    await this.presses.press('PC', 'readCopy', this.page, () => this.page.getByRole('button', { name: title }).click());
    await this.page.getByRole('heading', { name: title }).waitFor();
  }

  /** 打印 of the approval that is open: its sheet, and the same as a file. */
  async print(title: RegExp): Promise<void> {
    await this.page.getByRole('link', { name: '打印' }).click();
    await this.page.getByRole('heading', { name: '审批记录' }).waitFor();
    const saved = this.page.waitForEvent('download');
    await Promise.all([
      saved,
      this.presses.press('PC', 'print', this.page, () => button(this.page, '下载 PDF').click()),
    ]);
    await this.page.getByRole('heading', { name: title }).waitFor();
  }

  /** Ticks the approvals in 待办 and agrees to all of them at once. */
  async approveMany(...titles: readonly RegExp[]): Promise<void> {
    await this.page.goto(`${system.consoleUrl}/tasks`);
    for (const title of titles) {
      const row = this.page.getByRole('listitem').filter({ hasText: title });
      await row.getByRole('checkbox').check();
    }
    await this.presses.press('PC', 'approveMany', this.page, () =>
      button(this.page, `同意 ${titles.length} 条`).click(),
    );
    await this.page.getByText(`已同意 ${titles.length} 条`).waitFor();
  }

  /** 同意 or 拒绝 with a comment; waits until the page says that it is done. */
  async decide(answer: '同意' | '拒绝', comment: string): Promise<void> {
    await labelled(this.page, '审批意见').fill(comment);
    await this.presses.press('PC', named(answer), this.page, async () => {
      // A phrase of that name may stand before it.
      await button(this.page, answer).last().click();
      await this.page
        .getByText(answer === '同意' ? /^已同意/ : /^已拒绝/)
        .first()
        .waitFor();
    });
  }

  /** 提交 of a step that asks to fill in. */
  async fill(label: string, value: string): Promise<void> {
    await labelled(this.page, label).fill(value);
    await this.presses.press('PC', 'fill', this.page, () => button(this.page, '提交').click());
    await this.page.getByRole('status').filter({ hasText: '已完成' }).waitFor();
  }

  /** 编辑常用意见 of the approval that is open: one more phrase, which then stands to be clicked. */
  async addPhrase(phrase: string): Promise<void> {
    await button(this.page, '编辑常用意见').click();
    const dialog = this.page.getByRole('dialog', { name: '编辑常用意见' });
    const box = labelled(dialog, '编辑常用意见');
    await box.fill(`${await box.inputValue()}\n${phrase}`);
    await this.presses.press('PC', 'phrases', this.page, async () => {
      await button(dialog, '保存').click();
      await dialog.waitFor({ state: 'hidden' });
    });
    await button(this.page, phrase).click();
  }

  /** 审批代理: asks a colleague from now for some days, and ends it. */
  async beAway(colleague: string): Promise<void> {
    await this.openTab('我发起的');
    await button(this.page, '审批代理').click();
    const dialog = this.page.getByRole('dialog', { name: '审批代理' });
    await dialog.getByRole('combobox', { name: '由谁代理' }).click();
    await this.page.getByRole('option').filter({ hasText: colleague, visible: true }).first().click();
    for (const [box, time] of [
      ['开始时间', '2020-01-01 00:00'],
      ['结束时间', '2099-12-31 00:00'],
    ] as const) {
      await dialog.getByPlaceholder(box).fill(time);
      await this.page.keyboard.press('Enter');
    }
    await this.presses.press('PC', 'away', this.page, () => button(dialog, '开始代理').click());
    await this.presses.press('PC', 'endAway', this.page, () => button(dialog, '结束').click());
    await dialog.getByText('已结束').waitFor();
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
    if (filling.target) await choose(this.page, labelled(dialog, '退回到'), filling.target);
    if (filling.choice) await dialog.getByText(filling.choice).click();
    if (filling.reason)
      await labelled(dialog, '原因').or(labelled(dialog, '说明（选填）')).first().fill(filling.reason);
    await this.presses.press('PC', named(action), this.page, async () => {
      await button(dialog, action).click();
      await dialog.waitFor({ state: 'hidden' });
    });
  }
}

async function pick(page: Page, box: Locator, person: string): Promise<void> {
  await box.click();
  await page.getByRole('option').filter({ hasText: person, visible: true }).first().click();
  await page.keyboard.press('Escape');
}
