import type { Locator } from 'playwright-core';
import { named, type Presses } from './approval-buttons.js';
import { picture } from './every-field.js';
import type { Phone } from './phone.js';

type Part = '审批' | '已办' | '全部' | '我发起的';

/** An approval on the phone. */
export class Hand {
  constructor(
    private readonly phone: Phone,
    private readonly presses: Presses,
  ) {}

  /** Opens it from a part of 待办. */
  async open(title: RegExp, part: Part = '审批'): Promise<void> {
    await this.phone.openTab('待办');
    // The page that is left shows the same title for a moment.
    await this.phone.app.getByText('我的本月').filter({ visible: true }).first().waitFor({ state: 'hidden' });
    await this.pick(title, part);
  }

  /** Back to the list, and to the approval again, from another part of the list when named. */
  async reopen(title: RegExp, part: Part = '审批'): Promise<void> {
    await this.toList();
    await this.pick(title, part);
  }

  private async toList(): Promise<void> {
    await this.phone.back();
    await this.text('抄送我的').waitFor();
  }

  private async pick(title: RegExp, part: string): Promise<void> {
    await this.show(part);
    await this.row(title).click();
    if (part === '我发起的') await this.sheet.getByText('查看进度').click();
    await this.text('进度').waitFor();
  }

  private async show(part: string): Promise<void> {
    await this.phone.app
      .locator('.chip')
      .filter({ hasText: new RegExp(`^${part}( \\d+)?$`), visible: true })
      .click();
  }

  /** The newest of that title. */
  private row(title: RegExp): Locator {
    return this.phone.app.getByText(title).filter({ visible: true }).first();
  }

  /** 抄送我的: opening it marks it as read. */
  async readCopy(title: RegExp): Promise<void> {
    await this.toList();
    await this.show('抄送我的');
    await this.presses.press('手机', 'readCopy', this.phone.page, () => this.row(title).click());
    await this.text('进度').waitFor();
  }

  /** 撤回 of what he started, with its reason. */
  async withdraw(title: RegExp, reason: string): Promise<void> {
    await this.toList();
    await this.show('我发起的');
    await this.row(title).click();
    await this.sheet.getByText('撤回', { exact: true }).click();
    await this.sheet.locator('textarea').fill(reason);
    await this.presses.press('手机', 'withdraw', this.phone.page, () => this.sheet.locator('.btn').last().click());
    await this.text('已撤回').waitFor();
  }

  /** 多选 in 待办, and agrees to all of them at once. */
  async approveMany(...titles: readonly RegExp[]): Promise<void> {
    await this.toList();
    await this.show('审批');
    await this.tap('多选');
    for (const title of titles) await this.row(title).click();
    await this.presses.press('手机', 'approveMany', this.phone.page, () => this.tap(`同意 ${titles.length} 条`));
    await this.text(`已同意 ${titles.length} 条`).waitFor();
  }

  /** 打印审批记录 of the approval that is open. */
  async print(): Promise<void> {
    await this.presses.press('手机', 'print', this.phone.page, () => this.tap('打印审批记录'));
  }

  async decide(answer: '同意' | '拒绝', comment: string): Promise<void> {
    await this.phone.app.locator('textarea').filter({ visible: true }).last().fill(comment);
    await this.presses.press('手机', named(answer), this.phone.page, async () => {
      await this.press(answer);
      await this.text(answer === '同意' ? /^已同意/ : /^已拒绝/).waitFor();
    });
  }

  /** 提交 of a step that asks to fill in. */
  async fill(label: string, value: string): Promise<void> {
    await this.phone.field(label).locator('input').fill(value);
    await this.presses.press('手机', 'fill', this.phone.page, () => this.press('提交'));
    await this.text('需要你填写').waitFor({ state: 'hidden' });
  }

  /** 编辑常用意见 of the approval that is open: one more phrase, which then stands to be tapped. */
  async addPhrase(phrase: string): Promise<void> {
    await this.tap('编辑常用意见');
    await this.sheet.getByText('添加一条').click();
    await this.sheet.locator('input').last().fill(phrase);
    await this.presses.press('手机', 'phrases', this.phone.page, () => this.sheet.locator('.btn').last().click());
    await this.text(phrase).click();
  }

  /** 审批代理 in 我的: asks a colleague from today till tomorrow, and ends it. */
  async beAway(colleague: string): Promise<void> {
    await this.toList();
    await this.phone.openTab('我的');
    await this.tap('审批代理');
    await this.tap('选择成员');
    await this.tap(colleague);
    await this.presses.press('手机', 'away', this.phone.page, () => this.tap('开始代理'));
    await this.presses.press('手机', 'endAway', this.phone.page, () => this.tap('结束'));
    await this.text('已结束').waitFor();
  }

  /** An entry of 更多, or the button that asks for it, and its sheet. */
  async act(
    action: string,
    filling: { people?: readonly string[]; choice?: string; reason?: string; file?: string } = {},
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
    if (filling.reason) await this.sheet.locator('textarea').fill(filling.reason);
    if (filling.file) await this.attach(filling.file);
    await this.presses.press('手机', named(action), this.phone.page, async () => {
      await this.sheet.locator('.btn').last().click();
      await this.sheet.waitFor({ state: 'hidden' });
    });
  }

  private async attach(name: string): Promise<void> {
    const choosing = this.phone.page.waitForEvent('filechooser');
    await this.sheet.locator('.files__add').click();
    await (await choosing).setFiles({ name, mimeType: 'image/png', buffer: picture });
    await this.sheet.locator('.files__item').waitFor();
    await this.sheet.locator('.files__state').waitFor({ state: 'detached' });
  }

  private get sheet(): Locator {
    return this.phone.app.locator('.sheet').filter({ visible: true });
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
