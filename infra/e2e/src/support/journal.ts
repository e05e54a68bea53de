import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

const report = fileURLToPath(new URL('../../report/', import.meta.url));

/**
 * Names the steps of a browser test and keeps a picture of each under `infra/e2e/report/<test>/NN-name.png`, with the
 * seconds that each took in `steps.txt`; a step that fails leaves pictures of all its windows, and its name stands in the
 * error.
 */
export class Journal {
  private readonly folder: string;
  private count = 0;
  private page: Page;

  constructor(test: string, page: Page) {
    this.folder = join(report, test);
    this.page = page;
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
  }

  /** Does a step on `page` (the one used last when it is not given) and takes its picture. */
  async step<Answer>(name: string, work: () => Promise<Answer>, page = this.page): Promise<Answer> {
    this.page = page;
    this.count += 1;
    const line = `${String(this.count).padStart(2, '0')} ${name}`;
    const began = performance.now();
    try {
      // Frames of a window behind another are drawn once a second: every press in them would wait.
      await page.bringToFront();
      const answer = await work();
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      appendFileSync(join(this.folder, 'steps.txt'), `${seconds.padStart(6)} s  ${line}\n`);
      await this.picture(name);
      return answer;
    } catch (error) {
      for (const [at, window] of page.context().pages().entries())
        await this.picture(`${name}-失败-${at + 1}`, window).catch(() => undefined);
      throw new Error(`步骤“${name}”没有完成：${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    }
  }

  /** One more picture of the step, of another window. */
  async show(page: Page, name: string): Promise<void> {
    await this.picture(name, page);
  }

  private async picture(name: string, page = this.page): Promise<void> {
    const file = `${String(this.count).padStart(2, '0')}-${name}.png`;
    await page.screenshot({ path: join(this.folder, file), animations: 'disabled' });
  }
}
