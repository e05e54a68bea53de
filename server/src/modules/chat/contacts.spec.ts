import type { MemberId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ChatTestApp,
  connectWecom,
  makeTenant,
  startChatApp,
  type TestTenant,
} from '../../../test/support/chat-app.js';
import { OrgDirectory } from '../../engine/org/org-directory.js';
import { TenantDirectory } from '../../engine/org/tenant-directory.js';
import { SessionService } from '../identity/session.service.js';
import { CallbackWorker } from './callbacks/callback-worker.js';
import type { Connection } from './connection.js';
import { OrgSync } from './org/org-sync.js';

let t: ChatTestApp;
let tenant: TestTenant;
let connection: Connection;

beforeAll(async () => {
  t = await startChatApp({ wait: async () => undefined });
  tenant = await makeTenant(t, 'demo', '演示企业');
  connection = await connectWecom(t, tenant.tenantId);
});
afterAll(() => t.close());

const sync = () => t.app.get(OrgSync).run(connection);

async function org() {
  const ctx = await t.app.get(TenantDirectory).context(tenant.tenantId, { kind: 'system', name: 'sync' });
  return t.app.get(OrgDirectory).of(ctx);
}
const named = async (name: string) => [...(await org()).members.values()].filter((member) => member.name === name);

async function platform(path: string, method: string, body?: unknown): Promise<void> {
  const answer = await fetch(`${t.sandbox.url}/sandbox/api/corps/${connection.corpId}/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

/** Lets the platform's pushes arrive and be worked on. */
async function settle(): Promise<void> {
  await t.sandbox.state.callbacks.idle();
  while (await t.app.get(CallbackWorker).round());
}

describe('a synchronisation', () => {
  it('brings departments, people, leaders and managers, and finds who was there already', async () => {
    const found = await org();
    const names = [...found.departments.values()].map((department) => department.name);
    expect(names).toEqual(expect.arrayContaining(['演示企业', '总经办', '销售部', '财务部', '企业管理']));
    const [admin] = await named('管理员');
    expect(admin).toMatchObject({ id: tenant.adminId, account: 'admin', roleIds: [tenant.adminRoleId] });
    const [wangfang] = await named('王芳');
    const [manager] = await named('陈主管');
    expect(wangfang).toMatchObject({ account: 'wangfang', title: '销售代表', state: 'active', managerId: manager?.id });
    const sales = [...found.departments.values()].find((department) => department.name === '销售部');
    expect(wangfang?.mainDepartmentId).toBe(sales?.id);
    expect(manager?.departments).toEqual([{ id: sales?.id, leader: true }]);
    const root = [...found.departments.values()].find((department) => department.parentId === null);
    expect(found.descendants(root?.id ?? ('' as never))).toHaveLength(5);
  });

  it('run again changes nothing', async () => {
    const before = await org();
    expect(await sync()).toMatchObject({ departments: 5, members: 9, created: 0, left: 0 });
    const after = await org();
    expect([...after.members.values()]).toEqual([...before.members.values()]);
    expect([...after.departments.values()]).toEqual([...before.departments.values()]);
  });

  it('that fails half-way changes nothing, so nobody is taken for a leaver', async () => {
    t.sandbox.state.faults.add({ path: 'user/list', effect: { kind: 'errcode', errcode: 45009 }, times: 1 });
    await expect(sync()).rejects.toMatchObject({ errcode: 45009 });
    expect([...(await org()).members.values()].every((member) => member.state === 'active')).toBe(true);
  });

  it('keeps mobile and mail that the platform does not show', async () => {
    const [wangfang] = await named('王芳');
    await t.database.withTenant(tenant, (tx) =>
      tx.run(`UPDATE lianke.member SET mobile = '13900000000' WHERE id = $1`, [wangfang?.id ?? '']),
    );
    await sync();
    expect((await named('王芳'))[0]?.mobile).toBe('13900000000');
  });
});

describe('what the platform pushes', () => {
  it('a new member is there and can be told apart from another of the same name', async () => {
    await platform('members/liwei2', 'PUT', { name: '李伟', departments: [3] });
    await settle();
    expect((await named('李伟')).map((member) => member.account).sort()).toEqual(['liwei', 'liwei2']);
  });

  it('a member who moves is in the new department only', async () => {
    await platform('members/liwei2', 'PUT', { departments: [4] });
    await settle();
    const found = await org();
    const moved = [...found.members.values()].find((member) => member.account === 'liwei2');
    expect(moved?.departments.map((place) => found.departments.get(place.id)?.name)).toEqual(['财务部']);
  });

  it('a new department comes with its people', async () => {
    await platform('departments/6', 'PUT', { name: '华东大区', parentId: 3 });
    await platform('members/east1', 'PUT', { name: '东一', departments: [6] });
    await settle();
    const found = await org();
    const [east] = await named('东一');
    expect(found.departments.get(east?.mainDepartmentId ?? ('' as never))).toMatchObject({ name: '华东大区' });
  });

  it('a deleted member has left, is locked out, and comes back as himself', async () => {
    const [east] = await named('东一');
    const memberId = east?.id ?? ('' as MemberId);
    const sessions = t.app.get(SessionService);
    const token = await sessions.create(tenant, {
      memberId,
      channel: 'wecom',
      personKey: null,
      door: 'miniapp',
      address: '127.0.0.1',
      userAgent: '',
    });
    expect(await sessions.resolve(token)).toMatchObject({ memberId });
    await platform('members/east1', 'DELETE');
    await settle();
    expect(await sessions.resolve(token)).toBeNull();
    expect((await named('东一'))[0]?.state).toBe('left');
    await platform('members/east1', 'PUT', { name: '东一', departments: [3] });
    await settle();
    expect(await named('东一')).toMatchObject([{ id: memberId, state: 'active' }]);
  });

  it('a push that was lost is made up for by the next synchronisation', async () => {
    const { world } = t.sandbox.state.wecom;
    world.corps.get(connection.corpId.toLowerCase())?.members.delete('east1');
    expect(await sync()).toMatchObject({ left: 1 });
    expect((await named('东一'))[0]?.state).toBe('left');
  });

  it('never takes the last administrator away: he loses the chat, not the company', async () => {
    const sessions = t.app.get(SessionService);
    const session = { memberId: tenant.adminId, personKey: null, door: 'console', address: '', userAgent: '' } as const;
    const [byChat, byPassword] = [
      await sessions.create(tenant, { ...session, channel: 'wecom' }),
      await sessions.create(tenant, { ...session, channel: 'password' }),
    ];
    await platform('members/admin', 'DELETE');
    await settle();
    expect((await named('管理员'))[0]?.state).toBe('active');
    expect(await sessions.resolve(byChat)).toBeNull();
    expect(await sessions.resolve(byPassword)).not.toBeNull();
  });
});
