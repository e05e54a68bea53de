import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../core/clock.js';
import { createSandbox, type RunningSandbox, type SandboxOptions } from '../server.js';

export const CORP = 'wwdemo0000000001';
export const AGENT = 1000002;
export const SECRET = 'sandbox-secret-1000002';
export const CONTACT_SECRET = 'sandbox-contacts-demo';
export const CALLBACK = { token: 'QDG6eK', aesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C' };

/** A clock that moves only when told. */
export class ManualClock implements Clock {
  constructor(private at = Date.UTC(2025, 2, 7, 2, 32)) {}
  now(): number {
    return this.at;
  }
  advance(ms: number): void {
    this.at += ms;
  }
}

export interface Bench extends RunningSandbox {
  clock: ManualClock;
  /** Calls the WeCom API as the demo app, with its token. */
  wecom(
    path: string,
    options?: { query?: Record<string, string>; body?: unknown; raw?: string; secret?: string },
  ): Promise<Answer>;
  /** Calls the scripting API. */
  api(method: string, path: string, body?: unknown): Promise<{ status: number; json: Answer }>;
  token(secret?: string): Promise<string>;
}

/** A JSON answer whose fields a test looks into. */
export type Answer = Record<string, unknown> & { errcode?: number; errmsg?: string };

/** A sandbox on a free port that never waits. */
export async function bench(options: Partial<SandboxOptions> = {}): Promise<Bench> {
  const clock = new ManualClock();
  const sandbox = await createSandbox({
    port: 0,
    clock,
    wait: async () => undefined,
    publicUrl: 'http://127.0.0.1:9',
    ...options,
  });
  const token = async (secret = SECRET): Promise<string> => {
    const response = await fetch(`${sandbox.url}/cgi-bin/gettoken?corpid=${CORP}&corpsecret=${secret}`);
    const json = (await response.json()) as { access_token: string };
    return json.access_token;
  };
  return {
    ...sandbox,
    clock,
    token,
    async wecom(path, { query = {}, body, raw, secret } = {}) {
      const search = new URLSearchParams({ access_token: await token(secret), ...query });
      const text = raw ?? (body === undefined ? undefined : JSON.stringify(body));
      const response = await fetch(
        `${sandbox.url}/cgi-bin/${path}?${search}`,
        text === undefined ? {} : { method: 'POST', body: text },
      );
      return (await response.json()) as Answer;
    },
    async api(method, path, body) {
      const response = await fetch(`${sandbox.url}/sandbox/api/${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, json: (await response.json()) as Answer };
    },
  };
}

export interface Received {
  method: string;
  url: URL;
  body: string;
  headers: http.IncomingHttpHeaders;
}

/** A local HTTP server that records what it gets and answers by `respond`. */
export async function listener(
  respond: (
    request: Received,
    count: number,
  ) => { status?: number; body?: string; headers?: http.OutgoingHttpHeaders; hang?: boolean },
): Promise<{ url: string; received: Received[]; close: () => Promise<void> }> {
  const received: Received[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one: Received = {
        method: request.method ?? '',
        url: new URL(request.url ?? '/', 'http://127.0.0.1'),
        body: Buffer.concat(chunks).toString(),
        headers: request.headers,
      };
      received.push(one);
      const answer = respond(one, received.length);
      if (answer.hang) return;
      response.writeHead(answer.status ?? 200, answer.headers);
      response.end(answer.body ?? '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A minimal approval card. */
export function approvalCard(taskId: string): Record<string, unknown> {
  return {
    card_type: 'button_interaction',
    main_title: { title: '合同审批', desc: '王芳提交' },
    horizontal_content_list: [{ keyname: '金额', value: '800,000.00 元' }],
    task_id: taskId,
    button_list: [
      { text: '同意', style: 1, key: 'approve:1' },
      { text: '驳回', style: 3, key: 'reject:1' },
    ],
  };
}
