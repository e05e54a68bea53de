import type { MemberId } from '@lianke/shared/ids';
import { rolePermissions } from '@lianke/shared/org/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  adminPassword,
  type ChatTestApp,
  makeTenant,
  startChatApp,
  type TestTenant,
} from '../../../test/support/chat-app.js';
import { OrgService } from '../../engine/org/org.service.js';

let t: ChatTestApp;
let tenant: TestTenant;

beforeAll(async () => {
  t = await startChatApp();
  tenant = await makeTenant(t, 'acme', '艾克米');
});
afterAll(() => t.close());

function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  return fetch(`${t.url}/api/v1${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

const logIn = (account: string, password: string, key = 'acme') =>
  call('POST', '/auth/password', { tenant: key, account, password });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const codeOf = async (answer: Response) => ((await answer.json()) as { code: string }).code;

async function adminToken(): Promise<string> {
  return ((await (await logIn('admin', adminPassword)).json()) as { token: string }).token;
}

async function newMember(name: string): Promise<MemberId> {
  return t.app.get(OrgService).createMember(tenant, { name, state: 'invited' });
}

async function inviteLink(memberId: MemberId): Promise<string> {
  const answer = await call('POST', `/members/${memberId}/invite`, undefined, bearer(await adminToken()));
  return (((await answer.json()) as { url: string }).url.split('/invite/')[1] ?? '') as string;
}

describe('password log-in', () => {
  it('answers a token and a cookie that scripts cannot read', async () => {
    const answer = await logIn('Admin', adminPassword);
    expect(answer.status).toBe(200);
    const body = (await answer.json()) as { token: string };
    expect(body).toEqual({
      token: expect.stringMatching(/^[\w-]{43}$/),
      member: { id: tenant.adminId, name: '管理员' },
    });
    expect(answer.headers.getSetCookie()).toEqual([
      `lianke_session=${body.token}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax`,
    ]);
    const me = await call('GET', '/me', undefined, { cookie: `lianke_session=${body.token}` });
    expect(await me.json()).toMatchObject({
      member: { account: 'admin' },
      tenant: { key: 'acme', name: '艾克米' },
      permissions: { admin: true, design: true, members: true },
      channel: 'password',
      tenants: [{ id: tenant.tenantId, current: true }],
    });
  });

  it('tells the departments that conditions mean by 我的部门, the main one first', async () => {
    const org = t.app.get(OrgService);
    const main = await org.createDepartment(tenant, { name: '销售一部' });
    const second = await org.createDepartment(tenant, { name: '大客户组', parentId: main });
    await org.updateMember(tenant, tenant.adminId, { departmentIds: [second, main] });
    const me = await call('GET', '/me', undefined, bearer(await adminToken()));
    expect(((await me.json()) as { member: { departments: unknown } }).member.departments).toEqual([
      { id: second, label: '大客户组' },
      { id: main, label: '销售一部' },
    ]);
  });

  it('stores no token', async () => {
    const token = await adminToken();
    const rows = await t.database.withTenant(tenant, (tx) => tx.sql('SELECT s::text AS row FROM lianke.session s'));
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it.each([
    ['the password', 'admin', 'wrong', 'acme'],
    ['the account', 'nobody', adminPassword, 'acme'],
    ['the company', 'admin', adminPassword, 'nowhere'],
  ])('answers alike when %s is wrong', async (_, account, password, key) => {
    const answer = await logIn(account, password, key);
    expect(answer.status).toBe(401);
    expect(await codeOf(answer)).toBe('wrong_credentials');
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it('refuses further tries for a while, and another account is not affected', async () => {
    let refused: Response | undefined;
    for (let tries = 0; tries < 12 && refused === undefined; tries += 1) {
      const answer = await logIn('guessed', `guess ${tries}`);
      if (answer.status === 429) refused = answer;
    }
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await logIn('admin', adminPassword)).status).toBe(200);
  });

  it('can be switched off by the company, which the log-in page is told', async () => {
    const other = await makeTenant(t, 'off');
    await t.database.withTenant(other, (tx) => tx.run('UPDATE lianke.tenant SET password_login = false'));
    expect(await codeOf(await logIn('admin', adminPassword, 'off'))).toBe('password_login_off');
    const shown = await call('GET', '/auth/connections?tenant=off');
    expect(await shown.json()).toEqual({ password: false, tenant: { key: 'off', name: 'off' }, items: [] });
  });
});

describe('sessions', () => {
  it('end at the next request once revoked, here and everywhere', async () => {
    const [one, two, three] = [await adminToken(), await adminToken(), await adminToken()];
    expect((await call('DELETE', '/auth/session', undefined, bearer(one))).status).toBe(204);
    expect(await codeOf(await call('GET', '/me', undefined, bearer(one)))).toBe('session_expired');
    expect((await call('GET', '/me', undefined, bearer(two))).status).toBe(200);
    expect((await call('DELETE', '/auth/sessions', undefined, bearer(two))).status).toBe(204);
    expect(await codeOf(await call('GET', '/me', undefined, bearer(three)))).toBe('session_expired');
  });

  it('need our own origin for changes by cookie', async () => {
    const cookie = `lianke_session=${await adminToken()}`;
    const foreign = await call('DELETE', '/auth/session', undefined, { cookie, origin: 'https://evil.example' });
    expect(await codeOf(foreign)).toBe('bad_origin');
    expect((await call('GET', '/me', undefined, { cookie })).status).toBe(200);
    expect((await call('DELETE', '/auth/session', undefined, { cookie, origin: t.url })).status).toBe(204);
  });

  it('of a member who leaves end in the same transaction', async () => {
    const memberId = await newMember('离职的人');
    const token = await inviteLink(memberId);
    const joined = await call('POST', '/auth/invites', { token, account: 'leaver', password: 'long enough' });
    const session = ((await joined.json()) as { token: string }).token;
    expect((await call('GET', '/me', undefined, bearer(session))).status).toBe(200);
    await t.app.get(OrgService).updateMember(tenant, memberId, { state: 'left' });
    expect(await codeOf(await call('GET', '/me', undefined, bearer(session)))).toBe('session_expired');
    const rows = await t.database.withTenant(tenant, (tx) =>
      tx.sql('SELECT 1 FROM lianke.session WHERE member_id = $1', [memberId]),
    );
    expect(rows).toEqual([]);
    expect(await codeOf(await logIn('leaver', 'long enough'))).toBe('wrong_credentials');
  });

  it('past their time do not count', async () => {
    const token = await adminToken();
    await t.database.withTenant(tenant, (tx) =>
      tx.run(`UPDATE lianke.session SET expires_at = clock_timestamp() - interval '1 second'`),
    );
    expect(await codeOf(await call('GET', '/me', undefined, bearer(token)))).toBe('session_expired');
  });
});

describe('invitations', () => {
  it('let a member choose account and password, once', async () => {
    const memberId = await newMember('新同事');
    const token = await inviteLink(memberId);
    const shown = await call('GET', `/auth/invites/${token}`);
    expect(await shown.json()).toEqual({ tenant: '艾克米', name: '新同事', account: null });
    const taken = await call('POST', '/auth/invites', { token, account: 'ADMIN', password: 'long enough' });
    expect(await codeOf(taken)).toBe('already_exists');
    const joined = await call('POST', '/auth/invites', { token, account: 'newcomer', password: 'long enough' });
    expect(await joined.json()).toMatchObject({ member: { id: memberId, name: '新同事' } });
    expect((await call('GET', `/auth/invites/${token}`)).status).toBe(404);
    const again = await call('POST', '/auth/invites', { token, account: 'other', password: 'long enough' });
    expect(again.status).toBe(404);
    expect((await logIn('newcomer', 'long enough')).status).toBe(200);
  });

  it('work once when used twice at the same time', async () => {
    const token = await inviteLink(await newMember('同时'));
    const answers = await Promise.all(
      ['twice-a', 'twice-b'].map((account) =>
        call('POST', '/auth/invites', { token, account, password: 'long enough' }),
      ),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 404]);
  });

  it('replace the earlier link, and end sessions that began with the old password', async () => {
    const memberId = await newMember('重设密码');
    const first = await inviteLink(memberId);
    const second = await inviteLink(memberId);
    expect((await call('GET', `/auth/invites/${first}`)).status).toBe(404);
    const joined = await call('POST', '/auth/invites', { token: second, account: 'resets', password: 'long enough' });
    const session = ((await joined.json()) as { token: string }).token;
    const third = await inviteLink(memberId);
    await call('POST', '/auth/invites', { token: third, account: 'resets', password: 'another one' });
    expect(await codeOf(await call('GET', '/me', undefined, bearer(session)))).toBe('session_expired');
  });

  it('are for who manages members, and not a way to become an administrator', async () => {
    const org = t.app.get(OrgService);
    const permissions = rolePermissions.parse({ members: true });
    const roleId = await org.createRole(tenant, { name: '人事', permissions });
    const hr = await org.createMember(tenant, { name: '人事', state: 'invited', roleIds: [roleId] });
    const plain = await newMember('普通成员');
    const tokens: string[] = [];
    for (const [memberId, account] of [
      [hr, 'hr'],
      [plain, 'plain'],
    ] as const) {
      const token = await inviteLink(memberId);
      const joined = await call('POST', '/auth/invites', { token, account, password: 'long enough' });
      tokens.push(((await joined.json()) as { token: string }).token);
    }
    const invite = (memberId: MemberId, token = '') =>
      call('POST', `/members/${memberId}/invite`, undefined, bearer(token));
    expect((await invite(plain, tokens[0])).status).toBe(200);
    expect(await codeOf(await invite(tenant.adminId, tokens[0]))).toBe('forbidden');
    expect(await codeOf(await invite(hr, tokens[1]))).toBe('forbidden');
  });

  it('of another company do not exist here', async () => {
    const other = await makeTenant(t, 'elsewhere');
    const foreign = await call('POST', `/members/${other.adminId}/invite`, undefined, bearer(await adminToken()));
    expect(foreign.status).toBe(404);
  });
});
