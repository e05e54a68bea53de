import { z } from 'zod';
import type { OutboundHttp } from '../../kernel/outbound/outbound-http.js';

const corp = z.object({
  corpId: z.string(),
  name: z.string(),
  tenant: z.string(),
  apps: z.array(z.object({ agentId: z.number(), name: z.string(), secret: z.string() })).min(1),
});
const dingtalkCorp = z.object({
  corpId: z.string(),
  tenant: z.string(),
  apps: z
    .array(
      z.object({
        agentId: z.number(),
        appKey: z.string(),
        appSecret: z.string(),
        cardTemplates: z.array(z.object({ id: z.string() })),
      }),
    )
    .min(1),
  members: z.array(z.object({ userid: z.string() })),
  /** Who reads DingTalk and not WeCom. */
  residents: z.array(z.string()).default([]),
});
const seed = z.object({ wecom: z.array(corp).min(1), dingtalk: z.array(dingtalkCorp).default([]) });
const inbox = z.object({
  cards: z.array(z.object({ outTrackId: z.string(), values: z.record(z.string(), z.string()) })),
});

export type DemoCorp = z.infer<typeof corp>;
export type DemoDingtalk = z.infer<typeof dingtalkCorp>;

/** What the demonstration asks of the sandbox besides the platforms' own protocols. */
export class SandboxClient {
  constructor(
    private readonly http: OutboundHttp,
    private readonly base: string,
  ) {}

  /** The corps to make tenants for. */
  async corps(): Promise<DemoCorp[]> {
    return (await this.seed()).wecom;
  }

  /** The DingTalk of a tenant; null where it has none. */
  async dingtalkOf(tenant: string): Promise<DemoDingtalk | null> {
    return (await this.seed()).dingtalk.find((each) => each.tenant === tenant) ?? null;
  }

  private async seed(): Promise<z.infer<typeof seed>> {
    const answer = await this.whenUp(() => this.http.request({ url: `${this.base}/sandbox/api/seed` }));
    if (answer.status !== 200) throw new Error(`the sandbox answered ${answer.status}`);
    return seed.parse(JSON.parse(answer.body.toString('utf8')));
  }

  /** Product and sandbox start side by side: what fails is asked again, for ten seconds at most. */
  private async whenUp<T>(ask: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await ask();
      } catch (error) {
        if (attempt >= 40) throw error;
      }
      await new Promise((resume) => setTimeout(resume, 250));
    }
  }

  /** Sets what the app opens on a phone's workbench, and beside a chat with a customer. */
  async setPages(corpId: string, agentId: string, pages: { homeUrl: string; sidebarUrl: string }): Promise<void> {
    await this.whenUp(() => this.call('PATCH', `corps/${corpId}/apps/${agentId}`, pages));
  }

  /**
   * Sets an app's callback, as an administrator does in the platform's console. The sandbox verifies it at once and waits
   * a second, as the platform does; on a machine that is busy starting, whoever is refused saves again.
   */
  async setCallback(
    corpId: string,
    agentId: string,
    callback: { url: string; token: string; aesKey: string },
  ): Promise<void> {
    await this.whenUp(async () => {
      const answer = await this.call('POST', `corps/${corpId}/apps/${agentId}/callback`, callback);
      if (answer.status !== 200) throw new Error(`the sandbox refused the callback: ${answer.body.toString('utf8')}`);
    });
  }

  /** Sets what a DingTalk app opens on a phone's workbench. */
  async setDingtalkHome(appKey: string, homeUrl: string): Promise<void> {
    await this.whenUp(() => this.call('PATCH', `dingtalk/apps/${appKey}`, { homeUrl }));
  }

  /** Presses a card on a person's DingTalk phone, by the key of the action; false while no such card is there. */
  async pressDingtalk(appKey: string, userid: string, action: string): Promise<boolean> {
    const answer = await this.call('GET', `dingtalk/apps/${appKey}/people/${userid}/inbox`);
    const { cards } = inbox.parse(JSON.parse(answer.body.toString('utf8')));
    const card = cards.findLast(({ values }) => values.a1_key === action);
    if (!card) return false;
    const { outTrackId } = card;
    const press = { appKey, outTrackId, userid, actionId: 'a1', params: { action } };
    return (await this.call('POST', 'dingtalk/cards/press', press)).status === 200;
  }

  /** Takes the ticks of the walk back, and what the stage saw. */
  async forgetWalk(): Promise<void> {
    const answer = await this.call('POST', 'steps/forget');
    if (answer.status !== 200) throw new Error(`the sandbox answered ${answer.status}`);
  }

  private call(method: 'GET' | 'POST' | 'PATCH', path: string, body?: object) {
    return this.http.request({
      url: `${this.base}/sandbox/api/${path}`,
      method,
      ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
    });
  }
}
