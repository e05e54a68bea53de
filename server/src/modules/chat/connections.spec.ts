import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  adminPassword,
  type ChatTestApp,
  makeTenant,
  startChatApp,
  type TestTenant,
} from '../../../test/support/chat-app.js';
import { CallbackWorker } from './callbacks/callback-worker.js';
import { MessageSender } from './message-sender.js';

let t: ChatTestApp;
let tenant: TestTenant;
let token: string;

beforeAll(async () => {
  t = await startChatApp({ wait: async () => undefined });
  tenant = await makeTenant(t, 'acme');
  token = await logIn('acme');
});
afterAll(() => t.close());

async function logIn(key: string): Promise<string> {
  const answer = await fetch(`${t.url}/api/v1/auth/password`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ tenant: key, account: 'admin', password: adminPassword }),
  });
  return ((await answer.json()) as { token: string }).token;
}

function call(method: string, path: string, body?: unknown, as = token) {
  return fetch(`${t.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${as}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

interface View {
  id: string;
  secretSet: boolean;
  callbackUrl: string;
  callbackToken: string;
  callbackAesKey: string;
  callbackSet: boolean;
  checks: { key: string; ok: boolean | null; message: string; copy?: string }[];
}
const seed = () => {
  const corp = t.sandbox.state.seed.wecom[0];
  const app = corp?.apps[0];
  if (!corp || !app) throw new Error('no corp');
  return { corpId: corp.corpId, agentId: String(app.agentId), secret: app.secret };
};
const body = (more: Record<string, unknown> = {}) => ({ channel: 'wecom', name: '企业微信', ...seed(), ...more });
const view = async (answer: Response | Promise<Response>) => (await (await answer).json()) as View;
const marks = (shown: View) => Object.fromEntries(shown.checks.map((check) => [check.key, check.ok]));

async function work(): Promise<void> {
  while (await t.app.get(MessageSender).round());
  await t.sandbox.state.callbacks.idle();
  while (await t.app.get(CallbackWorker).round());
  while (await t.app.get(MessageSender).round());
}

describe('a connection', () => {
  let id: string;

  it('with a wrong secret says what is wrong; no secret is ever read back', async () => {
    const shown = await view(call('POST', '/connections', body({ secret: 'wrong-secret' })));
    id = shown.id;
    expect(shown.secretSet).toBe(true);
    expect(JSON.stringify(shown)).not.toContain('wrong-secret');
    expect(shown.checks[0]).toEqual({ key: 'secret', ok: false, message: expect.stringContaining('Secret 不对') });
    const rows = await t.database.withTenant(tenant, (tx) => tx.sql('SELECT c::text FROM lianke.chat_connection c'));
    for (const secret of ['wrong-secret', shown.callbackAesKey]) expect(JSON.stringify(rows)).not.toContain(secret);
  });

  it('says so in English to whoever reads English, also what was found before', async () => {
    const english = (method: string, path: string, sent?: unknown) =>
      fetch(`${t.url}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'accept-language': 'en', 'content-type': 'application/json' },
        ...(sent === undefined ? {} : { body: JSON.stringify(sent) }),
      });
    const { items } = (await (await english('GET', '/connections')).json()) as { items: View[] };
    expect(items[0]?.checks[0]?.message).toBe(
      "The secret was refused: The secret is wrong: copy it again from the app's page in the WeCom console (40001)",
    );
    expect(items[0]?.checks.map((check) => check.message).join('')).not.toMatch(/[。，]/);
    const refused = await english('POST', '/connections', body({ id, agentId: 'abc' }));
    expect(((await refused.json()) as { detail: string }).detail).toContain('The AgentId is a number');
  });

  it('turns green step by step, the card last, when its button came back', async () => {
    const saved = await view(call('POST', '/connections', body({ id })));
    expect(marks(saved)).toEqual({
      secret: true,
      contacts: null,
      range: null,
      ip: null,
      people: null,
      login: null,
      callback: null,
      card: null,
    });
    const { corpId, agentId } = seed();
    const configured = await fetch(`${t.sandbox.url}/sandbox/api/corps/${corpId}/apps/${agentId}/callback`, {
      method: 'POST',
      body: JSON.stringify({ url: saved.callbackUrl, token: saved.callbackToken, aesKey: saved.callbackAesKey }),
    });
    expect(await configured.json()).toEqual({ ok: true });
    const tested = await view(call('POST', `/connections/${id}/test`));
    expect(marks(tested)).toEqual({
      secret: true,
      contacts: true,
      range: true,
      ip: true,
      people: null,
      login: null,
      callback: true,
      card: null,
    });
    await work();
    const cards = await fetch(`${t.sandbox.url}/sandbox/api/people/admin/cards?corpId=${corpId}`);
    const { items } = (await cards.json()) as { items: { cardId: string; card: { button_list: { key: string }[] } }[] };
    const press = { userid: 'admin', key: items[0]?.card.button_list[0]?.key };
    await fetch(`${t.sandbox.url}/sandbox/api/cards/${items[0]?.cardId}/press`, {
      method: 'POST',
      body: JSON.stringify(press),
    });
    await work();
    const { items: list } = (await (await call('GET', '/connections')).json()) as { items: View[] };
    expect(marks(list[0] as View)).toEqual({
      secret: true,
      contacts: true,
      range: true,
      ip: true,
      people: null,
      login: null,
      callback: true,
      card: true,
    });
    const after = (await (await fetch(`${t.sandbox.url}/sandbox/api/people/admin/cards?corpId=${corpId}`)).json()) as {
      items: { replaced: string | null }[];
    };
    expect(after.items[0]?.replaced).toBe('连接正常');
  });

  it('whose server the platform does not trust shows the address to enter, until a call passes', async () => {
    t.sandbox.state.faults.add({ path: 'department/', effect: { kind: 'errcode', errcode: 60020 } });
    const ipOf = (shown: View) => shown.checks.find((check) => check.key === 'ip');
    const refused = ipOf(await view(call('POST', `/connections/${id}/test`)));
    expect(refused).toEqual({ key: 'ip', ok: false, copy: '127.0.0.1', message: expect.stringContaining('127.0.0.1') });
    t.sandbox.state.faults.remove();
    expect(ipOf(await view(call('POST', `/connections/${id}/test`)))).toMatchObject({ ok: true });
    await work();
  });

  it('keeps its secret when none is given, and its callback address for ever', async () => {
    const before = await view(call('GET', '/connections'));
    const { secret: _, ...without } = body({ id, name: '改名' });
    const saved = await view(call('POST', '/connections', without));
    expect(marks(saved).secret).toBe(true);
    expect(saved).toMatchObject({ id, name: '改名', secretSet: true });
    const [old] = (before as unknown as { items: View[] }).items;
    expect([saved.callbackToken, saved.callbackAesKey]).toEqual([old?.callbackToken, old?.callbackAesKey]);
  });

  it.each([
    ['an agent id that is no number', { agentId: 'abc' }, 'invalid_request', 400],
    ['another app without its secret', { agentId: '7', secret: undefined }, 'invalid_request', 400],
    ['an id that does not exist', { id: '01900000-0000-7000-8000-000000000000' }, 'not_found', 404],
  ])('refuses %s', async (_, more, code, status) => {
    const answer = await call('POST', '/connections', { ...body({ id }), ...more });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([status, code]);
  });

  it('to the same app twice is refused', async () => {
    const answer = await call('POST', '/connections', body());
    expect(await answer.json()).toMatchObject({ code: 'already_exists', status: 409 });
  });

  it('of another company does not exist', async () => {
    await makeTenant(t, 'other');
    const foreign = await logIn('other');
    expect(await (await call('GET', '/connections', undefined, foreign)).json()).toMatchObject({ items: [] });
    expect((await call('POST', `/connections/${id}/test`, undefined, foreign)).status).toBe(404);
    expect((await call('POST', '/connections', body({ id }), foreign)).status).toBe(404);
  });
});
