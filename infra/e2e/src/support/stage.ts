import type { BrowserContext, Page } from 'playwright-core';
import { z } from 'zod';
import { system } from './environment.js';

const deliveries = z.object({
  items: z.array(z.object({ id: z.string(), kind: z.string(), body: z.object({ userId: z.unknown().optional() }) })),
});

/** 演示台 itself, with its ten steps. */
export class Stage {
  private constructor(readonly page: Page) {}

  static async open(context: BrowserContext): Promise<Stage> {
    const page = await context.newPage();
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(system.sandboxUrl);
    await page.locator('[data-step]').first().waitFor();
    return new Stage(page);
  }

  /** Moves time forward as its top bar offers it: three days, into working time. */
  async forward(): Promise<void> {
    await this.page.getByRole('button', { name: '快进 3 天' }).first().click();
  }

  /** Waits until the stage itself has ticked a step. */
  async ticked(step: string): Promise<void> {
    await this.page.locator(`[data-step="${step}"][data-state="done"]`).waitFor();
  }
}

/** Empties the phones: what another test left on them is gone. */
export async function clearPhones(): Promise<void> {
  await call('POST', 'reset');
}

/** DingTalk delivers the last press of a person once more, as it does when an answer was lost. */
export async function deliverAgain(userid: string): Promise<void> {
  const { items } = deliveries.parse(await call('GET', 'dingtalk/deliveries'));
  const press = items.find((each) => each.kind === 'card' && each.body.userId === userid);
  if (!press) throw new Error(`${userid} has pressed no card`);
  await call('POST', `dingtalk/deliveries/${press.id}/redeliver`);
}

async function call(method: string, path: string): Promise<unknown> {
  const answer = await fetch(`${system.sandboxUrl}/sandbox/api/${path}`, {
    method,
    ...(method === 'POST' ? { headers: { 'content-type': 'application/json' }, body: '{}' } : {}),
  });
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}
