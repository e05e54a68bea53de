import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  adminPassword,
  type ChatTestApp,
  connectWecom,
  makeTenant,
  startChatApp,
  type TestTenant,
} from '../../../test/support/chat-app.js';
import { OrgService } from '../../engine/org/org.service.js';
import { OrgDirectory } from '../../engine/org/org-directory.js';
import { TenantDirectory } from '../../engine/org/tenant-directory.js';
import type { Connection } from './connection.js';
import { isDue, OrgSyncJobs } from './org-sync-jobs.js';

let t: ChatTestApp;
let tenant: TestTenant;
let connection: Connection;
let token: string;

interface View {
  sync: { state: string; at: string | null; report: Record<string, number> | null; problem: string | null };
  checks: { key: string; ok: boolean | null; message: string }[];
}

beforeAll(async () => {
  t = await startChatApp({ wait: async () => undefined });
  tenant = await makeTenant(t, 'demo', '演示企业');
  await t.app.get(OrgService).addDefaultRoles(tenant);
  connection = await connectWecom(t, tenant.tenantId);
  await t.jobs.open();
  await t.jobs.run();
  token = await logIn('demo');
});
afterAll(() => t.close());
afterEach(() => {
  t.sandbox.state.faults.remove();
});

async function logIn(key: string): Promise<string> {
  const answer = await fetch(`${t.url}/api/v1/auth/password`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ tenant: key, account: 'admin', password: adminPassword }),
  });
  return ((await answer.json()) as { token: string }).token;
}
const call = (method: string, path: string, as = token) =>
  fetch(`${t.url}/api/v1${path}`, { method, headers: { authorization: `Bearer ${as}` } });
const view = async () => ((await (await call('GET', '/connections')).json()) as { items: View[] }).items[0] as View;
const ended = (state: string) => expect.poll(async () => (await view()).sync.state, { timeout: 20_000 }).toBe(state);

async function org() {
  const ctx = await t.app.get(TenantDirectory).context(tenant.tenantId, { kind: 'system', name: 'sync' });
  return t.app.get(OrgDirectory).of(ctx);
}
const active = async () =>
  [...(await org()).members.values()].filter((member) => member.state === 'active').map((member) => member.name);

describe('the organisation of a connected company', () => {
  it('is synchronised on demand, and the connection shows how it ended', async () => {
    const asked = await call('POST', `/connections/${connection.id}/sync`);
    expect(((await asked.json()) as View).sync).toMatchObject({ state: 'queued' });
    await ended('done');
    const { sync } = await view();
    expect(sync.report).toMatchObject({ created: 0, left: 0, heldBack: 0 });
    expect(sync.report?.members).toBeGreaterThan(5);
    expect(sync.problem).toBeNull();
  });

  it('gives the default roles to whom it brings, and to nobody else', async () => {
    const { members, roles } = await org();
    const rolesOf = (account: string) =>
      [...members.values()].find((member) => member.account === account)?.roleIds.map((id) => roles.get(id)?.key);
    expect(rolesOf('wangfang')).toEqual(['member']);
    expect(rolesOf('chenzg')).toEqual(['supervisor']);
    expect(rolesOf('admin')).toEqual(['admin']);
  });

  it('loses nobody when the platform stops answering half-way', async () => {
    const before = await active();
    // The departments are read, then one page of people fails.
    t.sandbox.state.faults.add({ path: 'user/list', effect: { kind: 'errcode', errcode: 60020 } });
    await call('POST', `/connections/${connection.id}/sync`);
    await ended('failed');
    const shown = await view();
    expect(shown.sync.problem).toContain('60020');
    expect(shown.sync.report?.members).toBeGreaterThan(5);
    expect(shown.checks.find((check) => check.key === 'contacts')).toMatchObject({ ok: false });
    expect(await active()).toEqual(before);
  });

  it('tries again by itself after a failure that passes', async () => {
    t.sandbox.state.faults.add({ path: 'department/list', effect: { kind: 'errcode', errcode: -1 }, times: 1 });
    await call('POST', `/connections/${connection.id}/sync`);
    await ended('done');
  });

  it('is reconciled in the night: who left while no push arrived is found', async () => {
    await call('POST', `/connections/${connection.id}/sync`);
    await ended('done');
    expect(await active()).toContain('李伟');
    t.sandbox.state.wecom.world.corps.get(connection.corpId.toLowerCase())?.members.delete('liwei');
    const jobs = t.app.get(OrgSyncJobs);
    const at = (await view()).sync.at;
    await jobs.sweep();
    expect((await view()).sync).toMatchObject({ state: 'done', at });
    t.clock.advance(24 * 3_600_000);
    await jobs.sweep();
    await expect.poll(active, { timeout: 20_000 }).not.toContain('李伟');
    await ended('done');
    expect((await view()).sync.report).toMatchObject({ left: 1 });
  });

  it('of another company cannot be asked for', async () => {
    await makeTenant(t, 'other');
    const refused = await call('POST', `/connections/${connection.id}/sync`, await logIn('other'));
    expect(refused.status).toBe(404);
  });
});

describe('the nightly turn', () => {
  const id = '01900000-0000-7000-8000-000000000001' as never;
  const of = (time_zone: string, sync: object | null) => ({ connection_id: id, time_zone, sync: sync as never });

  it('comes between two and five in the tenant’s own time, once a night', () => {
    for (const [zone, offset] of [
      ['Asia/Shanghai', 8],
      ['America/New_York', -5],
    ] as const) {
      const local = (hour: number) => new Date(Date.UTC(2026, 2, 4, hour - offset));
      const evening = { requestedAt: local(-4).toISOString(), finishedAt: local(-4).toISOString() };
      expect(isDue(of(zone, evening), local(1.99))).toBe(false);
      expect(isDue(of(zone, evening), local(5))).toBe(true);
      const morning = { requestedAt: local(5).toISOString(), finishedAt: local(5).toISOString() };
      expect(isDue(of(zone, morning), local(23))).toBe(false);
      expect(isDue(of(zone, morning), local(29))).toBe(true);
    }
  });

  it('comes at once for a connection that was never synchronised, and again for a request that was lost', () => {
    const now = new Date('2026-03-04T08:00:00Z');
    const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();
    expect(isDue(of('Asia/Shanghai', null), now)).toBe(true);
    expect(isDue(of('Asia/Shanghai', { requestedAt: ago(9) }), now)).toBe(false);
    expect(isDue(of('Asia/Shanghai', { requestedAt: ago(11) }), now)).toBe(true);
    expect(isDue(of('Asia/Shanghai', { requestedAt: ago(11), finishedAt: ago(10.5) }), now)).toBe(false);
  });
});
