import type { Card } from '@lianke/shared/chat/cards';
import type { MemberId } from '@lianke/shared/ids';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { approval, TwoPlatforms } from '../../../test/support/two-platforms.js';
import type { Connection } from './connection.js';
import { ConnectionRepository } from './connection.repository.js';
import { ConnectionService } from './connection.service.js';
import { DeliveryLog } from './delivery-log.js';
import { OrgSyncJobs } from './org-sync-jobs.js';
import { VisibleRanges } from './visible-ranges.js';

let both: TwoPlatforms;

beforeAll(async () => {
  both = await TwoPlatforms.start('http');
});
afterAll(() => both.close());
afterEach(async () => {
  await wecomApp({ visibleDepartments: [1], visibleUsers: [], visibleTags: [] });
  await dingApp(null);
  await check(both.wecom);
  await check(both.dingtalk);
  await both.forget();
});

const wecomApp = (change: object) =>
  both.platform('PATCH', `corps/${both.wecom.corpId}/apps/${both.wecom.agentId}`, change);
const dingApp = (usable: object | null) => both.platform('PATCH', `dingtalk/apps/${both.dingtalk.appKey}`, { usable });
const current = async ({ id }: Connection) => {
  const found = await both.t.app.get(ConnectionRepository).ofTenant(both.tenant, id);
  if (!found) throw new Error('the connection is gone');
  return found;
};
const check = async (connection: Connection) => both.t.app.get(OrgSyncJobs).run(await current(connection));
/** Reads the range alone: nobody is taken for a leaver. */
const look = async (connection: Connection) => both.t.app.get(VisibleRanges).refresh(await current(connection));
const line = async (connection: Connection) => {
  const view = await both.t.app.get(ConnectionService).view(both.ctx, await current(connection));
  return view.checks.find((each) => each.key === 'range');
};
const outside = (connection: Connection) => both.t.app.get(VisibleRanges).outside(both.tenant, connection.id);
const names = async (connection: Connection) =>
  (await outside(connection)).items.filter((item) => item.why === 'range').map((item) => item.member.label);
const notice: Card = { ...approval, kind: 'notice', title: '通知', buttons: [] };
const accounts = async () => {
  const rows = await both.t.database.withTenant(both.tenant, (tx) =>
    tx.sql<{ userid: string; member_id: MemberId }>(
      'SELECT userid, member_id FROM lianke.chat_account WHERE connection_id = $1 AND NOT out_of_range',
      [both.wecom.id],
    ),
  );
  return rows.map((row) => row.userid).sort();
};

describe('the visible range at WeCom', () => {
  it('of the whole company holds everybody', async () => {
    await check(both.wecom);
    expect(await line(both.wecom)).toMatchObject({ ok: true });
    expect(await names(both.wecom)).toEqual([]);
  });

  it('of departments, members by name and members of tags holds just those, and says how many it does not', async () => {
    const all = await accounts();
    await both.platform('PUT', `corps/${both.wecom.corpId}/tags/7`, { name: '高管', userids: ['Boss'] });
    await wecomApp({ visibleDepartments: [4], visibleUsers: ['ChenZG'], visibleTags: [7, 8] });
    await look(both.wecom);
    const inside = await accounts();
    const corp = both.t.sandbox.state.wecom.world.corps.get(both.wecom.corpId);
    const ofDepartment = [...(corp?.members.values() ?? [])].filter((each) => each.departments.includes(4));
    expect(inside).toEqual([...new Set([...ofDepartment.map((each) => each.userid), 'boss', 'chenzg'])].sort());
    const { total, items, checkedAt } = await outside(both.wecom);
    expect(checkedAt).not.toBeNull();
    expect(items.filter((item) => item.why === 'range')).toHaveLength(all.length - inside.length);
    expect(total).toBe(items.length);
    expect(await line(both.wecom)).toMatchObject({ ok: false, message: expect.stringContaining(String(total)) });
    // Those whom another connection reaches come last.
    const last = items.at(-1);
    expect([last?.member.label, last?.elsewhere]).toEqual(['管理员', true]);
  });

  it('of people by name alone is read in the synchronisation as well', async () => {
    await wecomApp({ visibleDepartments: [], visibleUsers: ['boss', 'chenzg', 'admin'] });
    const { users } = await both.readOrganisation(both.wecom);
    expect(users.map((user) => user.userid).sort()).toEqual(['admin', 'boss', 'chenzg']);
  });

  it('that the platform does not tell is said with the reason, and shuts out nobody', async () => {
    both.t.sandbox.state.faults.add({ path: 'agent/get', effect: { kind: 'errcode', errcode: 60020 } });
    await look(both.wecom);
    both.t.sandbox.state.faults.remove();
    expect(await line(both.wecom)).toMatchObject({ ok: false, message: expect.stringContaining('可信IP') });
    expect(await names(both.wecom)).toEqual([]);
    await look(both.wecom);
    expect(await line(both.wecom)).toMatchObject({ ok: true });
  });
});

describe('可使用范围 at DingTalk', () => {
  it('is another than that of the contacts: whoever stands outside is named', async () => {
    await dingApp({ departments: [], userids: ['chenzg', 'admin'] });
    await check(both.dingtalk);
    const shutOut = await names(both.dingtalk);
    expect(shutOut).toContain('老板');
    expect(shutOut).not.toContain('陈主管');
    expect(await line(both.dingtalk)).toMatchObject({ ok: false });
  });

  it('of administrators only is said as such', async () => {
    await dingApp({ adminsOnly: true });
    await check(both.dingtalk);
    expect(await outside(both.dingtalk)).toMatchObject({ adminsOnly: true });
    expect(await line(both.dingtalk)).toMatchObject({ ok: false, message: expect.stringContaining('管理员') });
    expect((await names(both.dingtalk)).sort()).toContain('陈主管');
  });
});

describe('a message to somebody outside', () => {
  const log = async () => (await both.t.app.get(DeliveryLog).list(both.ctx, {})).items[0];

  it('fails with that reason, whichever platform it goes through', async () => {
    await wecomApp({ visibleDepartments: [], visibleUsers: ['admin'] });
    await both.enqueue({ to: [both.member('caiwu')], card: notice });
    await both.work();
    expect(await log()).toMatchObject({ state: 'failed', error: 'outside the visible range' });
  });

  it('takes the other way where there is one', async () => {
    await both.livesInDingtalk('chenzg');
    await dingApp({ departments: [], userids: ['admin'] });
    await check(both.dingtalk);
    await both.enqueue({ to: [both.member('chenzg')], card: notice });
    await both.work();
    expect(await log()).toMatchObject({ state: 'sent', connection: { channel: 'wecom' } });
  });

  it('on DingTalk, without another way, says so too', async () => {
    await both.livesInDingtalk('chenzg');
    await dingApp({ departments: [], userids: ['admin'] });
    // The range has not been read since.
    await both.enqueue({ to: [both.member('chenzg')], card: notice });
    await both.work();
    expect(await log()).toMatchObject({ state: 'failed', error: 'outside the visible range' });
  });
});
