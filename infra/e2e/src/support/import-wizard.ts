import type { Locator, Page } from 'playwright-core';
import { button, choose } from './controls.js';

/** A file as the browser hands it over: a path, or its name and content. */
type Upload = string | { name: string; mimeType: string; buffer: Buffer };

/** Longest wait, ms, for reading or importing a file; an idle machine needs two or three seconds. */
const fileWork = 90_000;

/** 选文件 → 核对 → 完成. */
export class ImportWizard {
  private readonly rows: Locator;

  constructor(private readonly page: Page) {
    this.rows = page.getByRole('dialog');
  }

  /** 导入 of the form that stands open, and the file that is chosen; the check then stands there. */
  async upload(file: Upload): Promise<void> {
    await this.page.getByRole('main').getByRole('link', { name: '导入', exact: true }).first().click();
    const choosing = this.page.waitForEvent('filechooser');
    await this.page.getByText('把表格拖到这里，或点击选择').click();
    await (await choosing).setFiles(file);
    await this.page.getByRole('heading', { name: '怎么处理' }).waitFor({ timeout: fileWork });
  }

  /** One of the counts of the check: `客户信息表：拒绝 21`. */
  count(text: string): Locator {
    return button(this.page, `${text}，查看这些行`);
  }

  /** The line of the check that says something about the file. */
  remark(text: string): Locator {
    return this.page.getByRole('button').filter({ hasText: text });
  }

  /** Opens the rows behind a count or a remark, looks at them and closes them again. */
  async look(at: Locator, check: (rows: Locator) => Promise<void>): Promise<void> {
    await at.click();
    await check(this.rows);
    await button(this.rows, '关闭').click();
    await this.rows.waitFor({ state: 'hidden' });
  }

  /** Chooses to which of several records of one name the first such row belongs. */
  async settleFirst(rows: Locator): Promise<void> {
    const box = rows.getByRole('combobox', { name: /^行 \d+ 对应哪一条$/ }).first();
    await choose(this.page, box, /./);
  }

  /** 触发流程: says what will come of it before it is on. */
  async switchFlowsOn(announcement: string): Promise<void> {
    await this.page.getByRole('switch', { name: '触发流程' }).click();
    await this.page.getByText(announcement).waitFor();
    await button(this.page, '打开').click();
    await this.page.getByText(/^开：会新增/).waitFor();
  }

  /** Presses the button that says how many are imported, and waits for the end. */
  async start(count: string): Promise<void> {
    await button(this.page, `导入 ${count} 条`).click();
    await this.page.getByRole('status').filter({ hasText: '导入完成' }).waitFor({ timeout: fileWork });
  }
}
