import type { BrowserContext, Page } from 'playwright-core';
import { z } from 'zod';
import { system } from './environment.js';

const deliveries = z.object({
  items: z.array(z.object({ id: z.string(), kind: z.string(), body: z.object({ userId: z.unknown().optional() }) })),
});

const people = z.object({ members: z.array(z.looseObject({ userid: z.string() })) });

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

/** Takes somebody out of the company in WeCom; answers the way to bring him back. */
export async function dismiss(corpId: string, userid: string): Promise<() => Promise<unknown>> {
  const { members } = people.parse(await call('GET', `corps/${corpId}/members`));
  const person = members.find((each) => each.userid === userid);
  if (!person) throw new Error(`${userid} is not in ${corpId}`);
  await call('DELETE', `corps/${corpId}/members/${userid}`);
  const { userid: _, ...input } = person;
  return () => call('PUT', `corps/${corpId}/members/${userid}`, input);
}

async function call(method: string, path: string, body: object = {}): Promise<unknown> {
  const answer = await fetch(`${system.sandboxUrl}/sandbox/api/${path}`, {
    method,
    ...(method === 'POST' || method === 'PUT'
      ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
      : {}),
  });
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}
