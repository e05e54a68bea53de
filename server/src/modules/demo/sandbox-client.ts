import { z } from 'zod';
import type { OutboundHttp } from '../../kernel/outbound/outbound-http.js';

const corp = z.object({
  corpId: z.string(),
  name: z.string(),
  tenant: z.string(),
  apps: z.array(z.object({ agentId: z.number(), name: z.string(), secret: z.string() })).min(1),
});
const seed = z.object({ wecom: z.array(corp).min(1) });

export type DemoCorp = z.infer<typeof corp>;

/** What the demonstration asks of the sandbox besides the platforms' own protocols. */
export class SandboxClient {
  constructor(
    private readonly http: OutboundHttp,
    private readonly base: string,
  ) {}

  /** The corps to make tenants for. */
  async corps(): Promise<DemoCorp[]> {
    const answer = await this.whenUp(() => this.http.request({ url: `${this.base}/sandbox/api/seed` }));
    if (answer.status !== 200) throw new Error(`the sandbox answered ${answer.status}`);
    return seed.parse(JSON.parse(answer.body.toString('utf8'))).wecom;
  }

  /** Product and sandbox start side by side: the first request waits until the sandbox listens, for ten seconds at most. */
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

  /** Sets what the app opens on a phone's workbench. */
  async setHome(corpId: string, agentId: string, homeUrl: string): Promise<void> {
    await this.whenUp(() =>
      this.http.request({
        url: `${this.base}/sandbox/api/corps/${corpId}/apps/${agentId}`,
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ homeUrl }),
      }),
    );
  }

  /** Sets an app's callback, as an administrator does in the platform's console; the sandbox verifies it at once. */
  async setCallback(
    corpId: string,
    agentId: string,
    callback: { url: string; token: string; aesKey: string },
  ): Promise<void> {
    const answer = await this.http.request({
      url: `${this.base}/sandbox/api/corps/${corpId}/apps/${agentId}/callback`,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(callback),
    });
    if (answer.status !== 200) throw new Error(`the sandbox refused the callback: ${answer.body.toString('utf8')}`);
  }
}
