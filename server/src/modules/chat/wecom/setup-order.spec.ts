import { afterAll, beforeAll, expect, it } from 'vitest';
import { adminPassword, type ChatTestApp, makeTenant, startChatApp } from '../../../../test/support/chat-app.js';

let t: ChatTestApp;
let token: string;
beforeAll(async () => {
  t = await startChatApp({ wait: async () => undefined });
  await makeTenant(t, 'acme');
  const answer = await fetch(`${t.url}/api/v1/auth/password`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ tenant: 'acme', account: 'admin', password: adminPassword }),
  });
  token = ((await answer.json()) as { token: string }).token;
  t.sandbox.state.wecom.switches.strictSetup = true;
});
afterAll(() => t.close());

interface View {
  id: string;
  callbackUrl: string;
  callbackToken: string;
  callbackAesKey: string;
  checks: { key: string; ok: boolean | null; copy?: string }[];
}

async function call(method: string, path: string, body?: unknown): Promise<View> {
  const answer = await fetch(`${t.url}/api/v1/connections${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await answer.json()) as View;
}

/** What the administrator enters in the platform's console. */
async function enter(path: string, body: object): Promise<{ status: number; code: string | undefined }> {
  const app = t.sandbox.state.seed.wecom[0]?.apps[0];
  const url = `${t.sandbox.url}/sandbox/api/corps/${t.sandbox.state.seed.wecom[0]?.corpId}/apps/${app?.agentId}`;
  const answer = await fetch(`${url}/${path}`, { method: 'POST', body: JSON.stringify(body) });
  const { error } = (await answer.json()) as { error?: { code: string } };
  return { status: answer.status, code: error?.code };
}

const ok = ({ checks }: View, key: string) => checks.find((check) => check.key === key)?.ok;

it('connects where the platform keeps its order: file, domain, callback, trusted IP read from its refusal, contacts', async () => {
  const corp = t.sandbox.state.seed.wecom[0];
  const app = corp?.apps[0];
  const made = await call('POST', '', {
    ...{ channel: 'wecom', name: '企业微信', corpId: corp?.corpId, agentId: String(app?.agentId), secret: app?.secret },
  });
  expect([ok(made, 'secret'), ok(made, 'ip')]).toEqual([true, null]);

  const domain = new URL(t.url).host;
  expect(await enter('trusted-domain', { domain })).toEqual({ status: 422, code: 'not_verified' });
  const shown = await fetch(`${t.sandbox.url}/sandbox/api/corps/${corp?.corpId}/apps/${app?.agentId}`);
  const { verifyFile } = (await shown.json()) as { verifyFile: { name: string; content: string } };
  await call('POST', `/${made.id}/files`, verifyFile);
  expect((await enter('trusted-domain', { domain })).status).toBe(200);

  const refused = await call('POST', `/${made.id}/test`);
  const ip = refused.checks.find((check) => check.key === 'ip');
  expect(ip).toMatchObject({ ok: false, copy: '127.0.0.1' });
  expect(ok(refused, 'contacts')).toBe(false);
  expect(await enter('trusted-ips', { ips: [ip?.copy] })).toEqual({ status: 422, code: 'not_yet' });

  const { callbackUrl, callbackToken, callbackAesKey } = made;
  const callback = { url: callbackUrl, token: callbackToken, aesKey: callbackAesKey };
  expect((await enter('callback', callback)).status).toBe(200);
  expect((await enter('trusted-ips', { ips: [ip?.copy] })).status).toBe(200);
  t.sandbox.state.clock.advance(60_001);

  const connected = await call('POST', `/${made.id}/test`);
  for (const key of ['secret', 'callback', 'ip', 'contacts', 'range'])
    expect([key, ok(connected, key)]).toEqual([key, true]);
});
