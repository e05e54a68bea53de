import type { BrowserContext, Page } from 'playwright-core';
import { z } from 'zod';
import { system } from './environment.js';

export type Platform = 'wecom' | 'dingtalk';

/** Ids of 我的企业 in the sandbox. */
export const mineCorp = 'wwmine0000000002';
export const mineDingCorp = 'dingmine0000000002';

const deliveries = z.object({
  items: z.array(
    z.looseObject({
      id: z.string(),
      /** DingTalk's. */
      kind: z.string().optional(),
      body: z.looseObject({ userId: z.unknown().optional() }).optional(),
      /** WeCom's. */
      event: z.string().optional(),
      xml: z.string().optional(),
    }),
  ),
});
const people = z.object({ members: z.array(z.looseObject({ userid: z.string() })) });
const corps = z.object({ items: z.array(z.looseObject({ corpId: z.string(), members: people.shape.members })) });

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
  await sandbox('POST', 'reset');
}

/** The platform delivers the last press of a person once more, as it does when an answer was lost. */
export async function deliverAgain(platform: Platform, userid: string): Promise<void> {
  const base = platform === 'dingtalk' ? 'dingtalk/deliveries' : 'deliveries';
  const { items } = deliveries.parse(await sandbox('GET', base));
  const press = items.find(({ kind, body, event, xml }) =>
    platform === 'dingtalk'
      ? kind === 'card' && body?.userId === userid
      : event === 'template_card_event' && xml?.includes(`[CDATA[${userid}]]`),
  );
  if (!press) throw new Error(`${userid} has pressed no card`);
  await sandbox('POST', `${base}/${press.id}/redeliver`);
}

/** Takes somebody out of 我的企业 on one platform; answers the way to bring him back. */
export async function dismiss(platform: Platform, userid: string): Promise<() => Promise<unknown>> {
  const corp = platform === 'dingtalk' ? mineDingCorp : mineCorp;
  const base = platform === 'dingtalk' ? `dingtalk/corps/${corp}/members` : `corps/${corp}/members`;
  const person = (await membersOf(platform, corp)).find((each) => each.userid === userid);
  if (!person) throw new Error(`${userid} is not in ${corp}`);
  await sandbox('DELETE', `${base}/${userid}`);
  const { userid: _, unionid: __, ...input } = person;
  return () => sandbox('PUT', `${base}/${userid}`, input);
}

/** Somebody new in 我的企业, in DingTalk's directory alone. */
export async function joinDingtalk(userid: string, name: string): Promise<void> {
  await sandbox('PUT', `dingtalk/corps/${mineDingCorp}/members/${userid}`, { name, departments: [3] });
}

async function membersOf(platform: Platform, corp: string) {
  if (platform === 'wecom') return people.parse(await sandbox('GET', `corps/${corp}/members`)).members;
  return corps.parse(await sandbox('GET', 'dingtalk/corps')).items.find((each) => each.corpId === corp)?.members ?? [];
}

/** Calls the scripting interface of the sandbox. */
export async function sandbox(method: string, path: string, body: object = {}): Promise<unknown> {
  const answer = await fetch(`${system.sandboxUrl}/sandbox/api/${path}`, {
    method,
    ...(method === 'POST' || method === 'PUT'
      ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
      : {}),
  });
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}
