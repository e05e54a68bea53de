import type { MemberId } from '@lianke/shared/ids';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { adminPassword } from '../../../../test/support/chat-app.js';
import { TwoPlatforms } from '../../../../test/support/two-platforms.js';
import { OrgDirectory } from '../../../engine/org/org-directory.js';
import { TenantDirectory } from '../../../engine/org/tenant-directory.js';
import { AccountLinks } from '../account-links.js';
import { OrgSync } from '../org/org-sync.js';

let both: TwoPlatforms;
beforeAll(async () => {
  both = await TwoPlatforms.start('http');
});
afterAll(() => both.close());
afterEach(() => both.forget());

async function org() {
  const ctx = await both.t.app.get(TenantDirectory).context(both.tenant.tenantId, { kind: 'system', name: 'sync' });
  return both.t.app.get(OrgDirectory).of(ctx);
}
const named = async (name: string) => [...(await org()).members.values()].filter((each) => each.name === name);
const sync = () => both.t.app.get(OrgSync).run(both.dingtalk);
const links = () => both.t.app.get(AccountLinks);
const corp = () => `dingtalk/corps/${both.dingtalk.corpId}`;
const codeOf = async (userid: string, kind: 'client' | 'login') =>
  (await both.platform<{ code: string }>('POST', `dingtalk/apps/${both.dingtalk.appKey}/codes`, { userid, kind })).code;
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${both.t.url}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const inChat = async (userid: string) => {
  const code = await codeOf(userid, 'client');
  const answer = await post('/auth/dingtalk/code', { connectionId: both.dingtalk.id, code, client: 'h5' });
  return { answer, code };
};
const meOf = (token: string) => fetch(`${both.t.url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
const sourcesOf = (memberId: MemberId) =>
  both.t.database.withTenant(both.tenant, (tx) =>
    tx.sql<{ name: string; connection_id: string | null; leader: boolean }>(
      `SELECT d.name, dm.connection_id, dm.leader FROM lianke.department_member dm JOIN lianke.department d ON d.id = dm.department_id
       WHERE dm.member_id = $1 ORDER BY d.name`,
      [memberId],
    ),
  );

describe('two platforms of one company', () => {
  it('meet in one tree, whose departments the first one names', async () => {
    const names = [...(await org()).departments.values()].map((department) => department.name).sort();
    expect(names).toEqual(['企业管理', '总经办', '演示企业', '财务部', '销售部'].sort());
  });

  it('know the same people once an administrator said so; whom the second had made left', async () => {
    const found = await named('陈主管');
    expect(found.filter((each) => each.state === 'active').map((each) => each.id)).toEqual([both.member('chenzg')]);
    expect(found.filter((each) => each.state === 'left')).toHaveLength(1);
    await sync();
    expect((await named('陈主管')).filter((each) => each.state === 'active')).toHaveLength(1);
  });

  it('are found to be one by mobile where both show it, and by nothing else', async () => {
    await both.platform('PATCH', `dingtalk/apps/${both.dingtalk.appKey}`, {
      permissions: ['contacts', 'mobile', 'notice', 'card', 'todo', 'robot'],
    });
    await both.t.database.withTenant(both.tenant, (tx) =>
      tx.run(`UPDATE lianke.member SET mobile = '138 0000 0014' WHERE id = $1`, [both.member('wangfang')]),
    );
    await both.platform('PUT', `${corp()}/members/0412345`, {
      name: '小芳',
      departments: [3],
      mobile: '+86-13800000014',
    });
    // Of the same name and the same userid as 李伟 at WeCom, which proves nothing.
    await both.platform('PUT', `${corp()}/members/liwei`, { name: '李伟', departments: [3] });
    await both.work();
    const items = await links().list(both.tenant, both.dingtalk.id);
    const of = (userid: string) => items.find((item) => item.userid === userid);
    expect(of('0412345')?.member.id).toBe(both.member('wangfang'));
    expect(of('liwei')?.member.id).not.toBe(both.member('liwei'));
    expect(of('liwei')?.suggestion).toMatchObject({ id: both.member('liwei') });
  });

  it('each keep their own memberships: what one takes away, the other still says', async () => {
    const wangfang = both.member('wangfang');
    expect(await sourcesOf(wangfang)).toMatchObject([{ name: '销售部', connection_id: both.wecom.id }]);
    await both.platform('PUT', `${corp()}/members/0412345`, { name: '小芳', departments: [4], mobile: '13800000014' });
    await both.work();
    expect((await sourcesOf(wangfang)).map((row) => [row.name, row.connection_id])).toEqual([
      ['财务部', both.dingtalk.id],
      ['销售部', both.wecom.id],
    ]);
    await both.platform('DELETE', `${corp()}/members/0412345`);
    await both.work();
    await sync();
    expect((await named('王芳')).map((each) => each.state)).toEqual(['active']);
  });

  it('linked to somebody else are logged in no longer as whom they were taken for', async () => {
    const { token } = (await (await inChat('liwei')).answer.json()) as { token: string };
    expect((await meOf(token)).status).toBe(200);
    await links().link(both.tenant, both.dingtalk.id, 'liwei', both.member('liwei'));
    expect((await meOf(token)).status).toBe(401);
    const again = (await (await inChat('liwei')).answer.json()) as { member: { id: string } };
    expect(again.member.id).toBe(both.member('liwei'));
  });

  it('cannot be linked to somebody who has an account there already', async () => {
    const link = links().link(both.tenant, both.dingtalk.id, 'liwei', both.member('chenzg'));
    await expect(link).rejects.toMatchObject({ code: 'wrong_state' });
    const nobody = links().link(both.tenant, both.dingtalk.id, 'nobody', both.member('liwei'));
    await expect(nobody).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

describe('a synchronisation', () => {
  it('brings a department moved, renamed and removed at the platform', async () => {
    await both.platform('PUT', `${corp()}/departments/30`, { name: '华东组', parentId: 3 });
    await both.platform('PUT', `${corp()}/members/dong`, { name: '东东', departments: [30] });
    await both.work();
    const [dong] = await named('东东');
    expect(await sourcesOf(dong?.id as MemberId)).toMatchObject([{ name: '华东组' }]);
    await both.platform('PUT', `${corp()}/departments/30`, { name: '华东区', parentId: 2 });
    await both.work();
    expect(await sourcesOf(dong?.id as MemberId)).toMatchObject([{ name: '华东区' }]);
  });

  it('reads on through short windows, and through pages of a hundred', async () => {
    const before = both.t.sandbox.state.ding.world.corps.get(both.dingtalk.corpId);
    for (let index = 0; index < 230; index++) {
      before?.members.set(`p${index}`, {
        userid: `p${index}`,
        unionid: `union_p${index}`,
        name: `员工${index}`,
        departments: [4],
        title: '',
        mobile: '',
        email: '',
        manager: null,
        leads: [],
      });
    }
    both.t.sandbox.state.faults.add({ path: 'user/list', effect: { kind: 'errcode', errcode: 90018 }, times: 1 });
    const report = await sync();
    expect(report.members).toBeGreaterThanOrEqual(233);
  });

  it('that failed half-way dismisses nobody', async () => {
    both.t.sandbox.state.ding.world.corps.get(both.dingtalk.corpId)?.members.delete('p1');
    const active = async () => [...(await org()).members.values()].filter((each) => each.state === 'active').length;
    const before = await active();
    both.t.sandbox.state.faults.add({ path: 'user/list', effect: { kind: 'status', status: 502 }, times: 1 });
    await expect(sync()).rejects.toMatchObject({ kind: 'retry' });
    expect(await active()).toBe(before);
    await sync();
    expect(await active()).toBe(before - 1);
  });
});

describe('log-in', () => {
  it('inside DingTalk is a code of its client, and serves once', async () => {
    const { answer, code } = await inChat('chenzg');
    const { token, member } = (await answer.json()) as { token: string; member: { id: string } };
    expect(member.id).toBe(both.member('chenzg'));
    expect(((await (await meOf(token)).json()) as { channel: string }).channel).toBe('dingtalk');
    const again = await post('/auth/dingtalk/code', { connectionId: both.dingtalk.id, code, client: 'h5' });
    expect(again.status).toBe(401);
    const wrong = await post('/auth/wecom/code', { connectionId: both.dingtalk.id, code, client: 'h5' });
    expect(wrong.status).toBe(404);
  });

  it('in a browser goes over the platform’s own page and comes back into the same browser', async () => {
    const ticket = await post('/auth/qr', { connectionId: both.dingtalk.id });
    const cookie = ticket.headers
      .getSetCookie()
      .map((each) => each.split(';')[0] ?? '')
      .join('; ');
    const { id, url } = (await ticket.json()) as { id: string; url: string };
    expect(url).toContain('/oauth2/auth?');
    const back = await fetch(`${url}&sandbox_user=chenzg`, { redirect: 'manual' });
    const location = back.headers.get('location') ?? '';
    expect(new URL(location).searchParams.get('authCode')).toBeTruthy();
    const done = await fetch(location, { redirect: 'manual', headers: { cookie } });
    expect(done.status).toBe(303);
    const state = await fetch(`${both.t.url}/api/v1/auth/qr/${id}`, { headers: { cookie } });
    expect(await state.json()).toEqual({ state: 'done' });
    expect((await fetch(location, { redirect: 'manual', headers: { cookie } })).status).toBe(403);
  });

  it('of somebody the tenant does not know is refused', async () => {
    both.t.sandbox.state.ding.world.corps.get(both.dingtalk.corpId)?.members.set('ghost', {
      userid: 'ghost',
      unionid: 'union_ghost',
      name: '陌生人',
      departments: [3],
      title: '',
      mobile: '',
      email: '',
      manager: null,
      leads: [],
    });
    const { answer } = await inChat('ghost');
    expect(answer.status).toBe(403);
  });
});

describe('whoever leaves', () => {
  it('one platform keeps what the other says; leaving the last one, he is out at once', async () => {
    const { answer } = await inChat('dong');
    const { token } = (await answer.json()) as { token: string };
    expect((await meOf(token)).status).toBe(200);
    await both.platform('DELETE', `${corp()}/members/dong`);
    await both.work();
    expect((await meOf(token)).status).toBe(401);
    expect((await named('东东')).map((each) => each.state)).toEqual(['left']);
    const boss = (await (await inChat('boss')).answer.json()) as { token: string };
    await both.platform('DELETE', `${corp()}/members/boss`);
    await both.work();
    expect((await meOf(boss.token)).status).toBe(401);
    expect((await named('老板')).filter((each) => each.state === 'active')).toHaveLength(1);
  });
});

describe('whoever left both platforms and comes back', () => {
  const wecomCorp = () => `corps/${both.wecom.corpId}`;
  const away = async () => {
    await both.platform('DELETE', `${corp()}/members/huigui`);
    await both.platform('DELETE', `${wecomCorp()}/members/gui`);
    await both.work();
    await both.t.app.get(OrgSync).run(both.wecom);
  };
  const person = { name: '归来', departments: [3] };
  const atDingtalk = async () => {
    await both.platform('PUT', `${corp()}/members/huigui`, person);
    await both.work();
  };
  const atWecom = async () => {
    await both.platform('PUT', `${wecomCorp()}/members/gui`, person);
    await both.t.app.get(OrgSync).run(both.wecom);
  };

  it('stayed active when both pushes were worked on in one moment, each seeing what the other had not yet taken: is out', async () => {
    await atWecom();
    await atDingtalk();
    const wecom = await links().list(both.tenant, both.wecom.id);
    const own = wecom.find((item) => item.userid === 'gui')?.member.id as MemberId;
    await links().link(both.tenant, both.dingtalk.id, 'huigui', own);
    await both.platform('DELETE', `${corp()}/members/huigui`);
    await both.platform('DELETE', `${wecomCorp()}/members/gui`);
    const orgs = both.t.app.get(OrgSync);
    await Promise.all([orgs.remove(both.wecom, 'gui'), orgs.remove(both.dingtalk, 'huigui')]);
    expect((await named('归来')).filter((each) => each.state === 'active')).toEqual([]);
    await both.work();
  });

  it('was two members afterwards, where the other platform named him first: is one again', async () => {
    await atWecom();
    await atDingtalk();
    const wecom = await links().list(both.tenant, both.wecom.id);
    const own = wecom.find((item) => item.userid === 'gui')?.member.id as MemberId;
    await away();
    const active = async () => (await named('归来')).filter((each) => each.state === 'active').map((each) => each.id);
    expect(await active()).toEqual([]);
    for (const first of [atDingtalk, atWecom]) {
      await first();
      await (first === atDingtalk ? atWecom() : atDingtalk());
      expect(await active()).toEqual([own]);
      await away();
    }
  });
});

describe('where messages go', () => {
  it('is each member’s own choice among the chats he has', async () => {
    const { token } = (await (await inChat('chenzg')).answer.json()) as { token: string };
    const auth = { authorization: `Bearer ${token}` };
    const choice = async () => (await fetch(`${both.t.url}/api/v1/me/chat`, { headers: auth })).json();
    expect(await choice()).toEqual({ channels: ['dingtalk', 'wecom'], choice: null });
    expect((await post('/me/chat', { channel: 'dingtalk' }, auth)).status).toBe(200);
    expect(await choice()).toEqual({ channels: ['dingtalk', 'wecom'], choice: 'dingtalk' });
    await both.enqueue({ to: [both.member('chenzg')] });
    await both.work();
    expect(await both.rows()).toMatchObject([{ connection_id: both.dingtalk.id }]);
    const login = await post('/auth/password', { tenant: 'demo', account: 'admin', password: adminPassword });
    const admin = { authorization: `Bearer ${((await login.json()) as { token: string }).token}` };
    expect((await post('/me/chat', { channel: 'nonsense' }, admin)).status).toBe(400);
  });
});

describe('a connection taken away', () => {
  it('ends its log-ins and messages; people, departments and what the other platform knows stay', async () => {
    const { token } = (await (await inChat('chenzg')).answer.json()) as { token: string };
    const login = await post('/auth/password', { tenant: 'demo', account: 'admin', password: adminPassword });
    const { token: admin } = (await login.json()) as { token: string };
    const before = [...(await org()).departments.keys()].length;
    const remove = () =>
      fetch(`${both.t.url}/api/v1/connections/${both.dingtalk.id}`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${admin}` },
      });
    expect((await remove()).status).toBe(204);
    expect((await remove()).status).toBe(404);
    expect((await meOf(token)).status).toBe(401);
    expect([...(await org()).departments.keys()]).toHaveLength(before);
    expect((await named('陈主管')).filter((each) => each.state === 'active')).toHaveLength(1);
    await both.enqueue({ to: [both.member('chenzg')] });
    await both.work();
    expect(await both.rows()).toMatchObject([{ state: 'sent', connection_id: both.wecom.id }]);
    await both.t.app.get(OrgSync).run(both.wecom);
    expect([...(await org()).departments.values()].map((each) => each.name)).toContain('销售部');
  });
});
