import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  adminPassword,
  type ChatTestApp,
  makeTenant,
  startChatApp,
  type TestTenant,
} from '../../../test/support/chat-app.js';

let t: ChatTestApp;
let tenant: TestTenant;

beforeAll(async () => {
  t = await startChatApp();
  tenant = await makeTenant(t, 'acme', '艾克米');
});
afterAll(() => t.close());

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${t.url}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });

describe('password log-in', () => {
  it('answers a token and a cookie that scripts cannot read', async () => {
    const answer = await post('/api/v1/auth/password', { tenant: 'acme', account: 'Admin', password: adminPassword });
    expect(answer.status).toBe(200);
    const body = (await answer.json()) as { token: string };
    expect(body).toEqual({
      token: expect.stringMatching(/^[\w-]{43}$/),
      member: { id: tenant.adminId, name: '管理员' },
    });
    expect(answer.headers.getSetCookie()).toEqual([
      `lianke_session=${body.token}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax`,
    ]);
    const me = await fetch(`${t.url}/api/v1/me`, { headers: { authorization: `Bearer ${body.token}` } });
    expect(await me.json()).toMatchObject({
      member: { account: 'admin' },
      permissions: { admin: true },
      channel: 'password',
    });
  });
});
