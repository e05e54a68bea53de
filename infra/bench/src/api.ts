import { setTimeout as pause } from 'node:timers/promises';

const origin = process.env.BENCH_URL ?? '';

const seedWithinMs = 120_000;
const seedPollMs = 1000;

/** The system under measurement, as its administrator. */
export class Api {
  private constructor(private readonly token: string) {}

  /** What a request of its own needs. */
  get headers(): Record<string, string> {
    return { authorization: `Bearer ${this.token}` };
  }

  /** As the administrator of a company. */
  static async logIn(tenant = 'demo'): Promise<Api> {
    const answer = await fetch(`${origin}/api/v1/auth/password`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ tenant, account: 'admin', password: process.env.BENCH_ADMIN_PASSWORD }),
    });
    if (!answer.ok) throw new Error(`log-in failed: ${answer.status} ${await answer.text()}`);
    return new Api(((await answer.json()) as { token: string }).token);
  }

  /** The same once the system's companies are there: they are seeded while it already answers. */
  static async logInWhenSeeded(tenant: string): Promise<Api> {
    const until = performance.now() + seedWithinMs;
    for (;;) {
      try {
        return await Api.logIn(tenant);
      } catch (error) {
        if (performance.now() > until) throw error;
        await pause(seedPollMs);
      }
    }
  }

  /** The same system for whoever holds the token. */
  as(token: string): Api {
    return new Api(token);
  }

  get origin(): URL {
    return new URL(origin);
  }

  /** The answer's JSON; throws with status and text on a refusal. */
  async call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const form = body instanceof FormData;
    const answer = await fetch(`${origin}/api/v1${path}`, {
      method,
      headers: {
        ...this.headers,
        ...(body === undefined || form ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  }
}
