import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AGENT, type Bench, bench, CONTACT_SECRET, CORP } from '../testing/support.js';

let sandbox: Bench;
beforeEach(async () => {
  sandbox = await bench();
});
afterEach(() => sandbox.close());

describe('contacts', () => {
  it('read one member, userid without case, without private fields', async () => {
    const member = await sandbox.wecom('user/get', { query: { userid: 'WangFang' } });
    expect(member).toMatchObject({
      errcode: 0,
      userid: 'wangfang',
      name: '王芳',
      department: [3],
      direct_leader: ['chenzg'],
      status: 1,
    });
    for (const hidden of ['mobile', 'email', 'gender', 'avatar']) expect(member).not.toHaveProperty(hidden);
    await sandbox.api('PATCH', `corps/${CORP}/apps/${AGENT}`, { hidePrivateFields: false });
    expect(await sandbox.wecom('user/get', { query: { userid: 'wangfang' } })).toMatchObject({
      mobile: '13800000014',
      gender: '2',
    });
  });

  it('list a department alone or with those below', async () => {
    const direct = await sandbox.wecom('user/simplelist', { query: { department_id: '1' } });
    expect(direct.userlist).toEqual([]);
    const all = await sandbox.wecom('user/list', { query: { department_id: '1', fetch_child: '1' } });
    expect(all.userlist).toHaveLength(9);
    const sales = await sandbox.wecom('user/list', { query: { department_id: '3' } });
    expect(
      (sales.userlist as { userid: string; is_leader_in_dept: number[] }[]).find((user) => user.userid === 'chenzg')
        ?.is_leader_in_dept,
    ).toEqual([1]);
  });

  it('list departments with their leaders', async () => {
    const { department } = await sandbox.wecom('department/list');
    expect(department).toHaveLength(5);
    expect(department).toContainEqual(
      expect.objectContaining({ id: 3, name: '销售部', parentid: 1, department_leader: ['chenzg'] }),
    );
    expect((await sandbox.wecom('department/get', { query: { id: '2' } })).department).toMatchObject({
      name: '总经办',
    });
  });

  it('page member ids by cursor for the contact-sync secret only', async () => {
    expect((await sandbox.wecom('user/list_id', { body: {} })).errcode).toBe(48002);
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await sandbox.wecom('user/list_id', { body: { cursor, limit: 4 }, secret: CONTACT_SECRET });
      seen.push(...(page.dept_user as { userid: string }[]).map((pair) => pair.userid));
      cursor = String(page.next_cursor);
    } while (cursor !== '');
    expect(seen).toHaveLength(9);
    expect(new Set(seen).size).toBe(9);
  });

  it('restrict the contact-sync secret, switchable', async () => {
    const call = () => sandbox.wecom('department/list', { secret: CONTACT_SECRET });
    expect((await call()).errcode).toBe(48009);
    expect((await sandbox.wecom('department/simplelist', { secret: CONTACT_SECRET })).department_id).toHaveLength(5);
    await sandbox.api('PATCH', 'switches', { contactSyncRestricted: false });
    expect((await call()).errcode).toBe(0);
  });

  it('keep to the visible range', async () => {
    await sandbox.api('PATCH', `corps/${CORP}/apps/${AGENT}`, { visibleDepartments: [3] });
    expect((await sandbox.wecom('user/get', { query: { userid: 'boss' } })).errcode).toBe(60011);
    expect((await sandbox.wecom('department/list')).department).toHaveLength(1);
    expect((await sandbox.wecom('user/list', { query: { department_id: '4' } })).errcode).toBe(60011);
  });

  it('tell who sees the app: departments, members by name, tags with what is in them', async () => {
    await sandbox.api('PUT', `corps/${CORP}/tags/7`, { name: '高管', userids: ['Boss'], parties: [4] });
    const change = { visibleDepartments: [3], visibleUsers: ['ChenZG'], visibleTags: [7] };
    await sandbox.api('PATCH', `corps/${CORP}/apps/${AGENT}`, change);
    const query = { agentid: String(AGENT) };
    expect(await sandbox.wecom('agent/get', { query })).toMatchObject({
      errcode: 0,
      allow_userinfos: { user: [{ userid: 'ChenZG' }] },
      allow_partys: { partyid: [3] },
      allow_tags: { tagid: [7] },
    });
    const tag = await sandbox.wecom('tag/get', { query: { tagid: '7' } });
    expect(tag).toMatchObject({ tagname: '高管', userlist: [{ userid: 'boss' }], partylist: [4] });
    for (const userid of ['boss', 'chenzg'])
      expect((await sandbox.wecom('user/get', { query: { userid } })).errcode).toBe(0);
    expect((await sandbox.wecom('tag/get', { query: { tagid: '8' } })).errcode).toBe(40068);
    expect((await sandbox.wecom('agent/get', { query: { agentid: '1' } })).errcode).toBe(301002);
    const body = { touser: 'boss|wangfang', agentid: AGENT, msgtype: 'text', text: { content: '你好' } };
    expect(await sandbox.wecom('message/send', { body })).toMatchObject({ errcode: 0 });
  });

  it.each([
    ['user/get', { userid: 'ghost' }, 60111],
    ['user/list', { department_id: '99' }, 60003],
    ['user/list', { department_id: 'x' }, 60123],
    ['user/list', {}, 60123],
  ])('%s %o answers %i', async (path, query, errcode) => {
    expect((await sandbox.wecom(path, { query })).errcode).toBe(errcode);
  });
});
