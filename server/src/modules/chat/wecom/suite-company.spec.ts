import type { WithheldNames } from '@lianke/shared/chat/withheld';
import type { ConnectionId, MemberId, TenantId } from '@lianke/shared/ids';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestBrowser } from '../../../../test/support/browser.js';
import type { ChatTestApp } from '../../../../test/support/chat-app.js';
import { demo, WecomSuiteWorld } from '../../../../test/support/wecom-suite.js';
import { SessionService } from '../../identity/session.service.js';
import type { Connection } from '../connection.js';
import { ConnectionService } from '../connection.service.js';
import { MessageService } from '../message.service.js';
import { OrgSync } from '../org/org-sync.js';
import { ChatPlatforms } from '../port/platforms.js';
import { LicenceWatch } from '../suite/licence-watch.js';
import { SuiteInstalls } from '../suite/suite-installs.js';
import { SuiteService } from '../suite/suite-service.js';
import { VisibleRanges } from '../visible-ranges.js';
import { WecomClient } from './wecom-client.js';

const day = 86_400_000;

let world: WecomSuiteWorld;
let t: ChatTestApp;
beforeAll(async () => {
  world = await WecomSuiteWorld.start();
  t = world.t;
  await world.platform('ticket', { at: Math.floor(Date.now() / 1000) });
  await world.platform('install', { corpId: demo, userid: 'boss' });
  await world.work();
  const connection = await world.connectionOf(demo);
  await t.app.get(OrgSync).run(connection);
  // An administrator entered one name.
  const id = await world.memberOf(connection, 'wangfang');
  await world.rows(connection, `UPDATE lianke.member SET name = '王芳' WHERE id = $1`, [id]);
});
afterAll(() => t.close());
beforeEach(() => t.sandbox.state.faults.remove());

describe('a connected company', () => {
  it('gets tokens of its own, a new one when they end or are taken back, and of the suite too', async () => {
    const connection = await world.connectionOf(demo);
    const client = t.app.get(WecomClient);
    for (const as of ['expired', 'invalid']) {
      await world.platform('expire-token', { corpId: demo, as });
      expect(await client.departments(connection)).not.toHaveLength(0);
    }
    for (const as of ['expired', 'invalid']) {
      await world.platform('expire-token', { as });
      await client.checkSecret(connection);
    }
    await world.platform('reset-code', { corpId: demo });
    await world.work();
    const renewed = await world.connectionOf(demo);
    expect(renewed.secret).not.toBe(connection.secret);
    await client.checkSecret(renewed);
  });

  it('reads people when the range of the app changes', async () => {
    await world.platform('change', { corpId: demo, visibleDepartments: [3] });
    await world.work();
    const connection = await world.connectionOf(demo);
    await t.app.get(OrgSync).run(connection);
    const bound = await world.rows(connection, 'SELECT 1 FROM lianke.chat_account');
    expect(bound.length).toBeLessThan(9);
    await world.platform('change', { corpId: demo, visibleDepartments: [1] });
    await world.work();
    await t.app.get(OrgSync).run(connection);
    expect(await world.rows(connection, 'SELECT 1 FROM lianke.chat_account')).toHaveLength(9);
  });

  it('names whoever is outside of its range, and reads those who see it by name or tag', async () => {
    const connection = await world.connectionOf(demo);
    const tag = { name: '高管', userids: ['chenjing'] };
    await fetch(`${t.sandbox.url}/sandbox/api/corps/${demo}/tags/7`, { method: 'PUT', body: JSON.stringify(tag) });
    await world.platform('change', { corpId: demo, visibleDepartments: [], visibleUsers: ['boss'], visibleTags: [7] });
    const { users } = await t.app.get(ChatPlatforms).of(connection).readOrganisation(connection);
    expect(users.map((user) => user.userid).sort()).toEqual([world.seen('boss'), world.seen('chenjing')].sort());
    const ranges = t.app.get(VisibleRanges);
    await ranges.refresh(connection);
    const { items } = await ranges.outside(connection, connection.id);
    const names = items.filter((item) => item.why === 'range').map((item) => item.member.label);
    expect(names).toHaveLength(7);
    expect(names).toContain('王芳');
    expect(names).not.toContain(world.standIn('chenjing'));
    const check = async () => {
      const context = await world.contextOf(connection, await world.memberOf(connection, 'boss'));
      const [view] = await t.app.get(ConnectionService).list(context);
      return view?.checks.find((each) => each.key === 'range');
    };
    expect(await check()).toMatchObject({ ok: false });
    await world.platform('change', { corpId: demo, visibleDepartments: [1] });
    await ranges.refresh(connection);
    expect(await check()).toMatchObject({ ok: true });
    await world.work();
  });

  it('hears of a leaver, who is out at once', async () => {
    const connection = await world.connectionOf(demo);
    const liwei = await world.memberOf(connection, 'liwei');
    const answer = await fetch(`${t.sandbox.url}/sandbox/api/corps/${demo}/members/liwei`, { method: 'DELETE' });
    expect(answer.ok).toBe(true);
    await world.work();
    expect(await world.rows(connection, 'SELECT state FROM lianke.member WHERE id = $1', [liwei])).toEqual([
      { state: 'left' },
    ]);
  });

  it('sends a card whose button comes back, sealed for the company', async () => {
    const connection = await world.connectionOf(demo);
    const boss = await world.memberOf(connection, 'boss');
    await t.app.get(ConnectionService).test(await world.contextOf(connection, boss), connection.id);
    await world.work();
    const inbox = await fetch(`${t.sandbox.url}/sandbox/api/effects?corpId=${demo}&kind=send`);
    const { items } = (await inbox.json()) as { items: { raw: string; agentId: number; msgid: string }[] };
    const sent = items.at(-1);
    expect(sent?.agentId).toBe(Number(connection.agentId));
    expect(JSON.parse(sent?.raw ?? '{}')).toMatchObject({ touser: world.seen('boss'), enable_id_trans: 1 });
    const pressed = await fetch(`${t.sandbox.url}/sandbox/api/cards/${sent?.msgid}/press`, {
      method: 'POST',
      body: JSON.stringify({ userid: 'boss', key: `connection.test:${connection.id}` }),
    });
    expect(pressed.ok, await pressed.clone().text()).toBe(true);
    await world.work();
    const views = await t.app.get(ConnectionService).list(await world.contextOf(connection, boss));
    expect(views[0]?.checks.find((check) => check.key === 'card')).toMatchObject({ ok: true });
  });
});

describe('names that the platform withholds', () => {
  it('are put into cards by the platform itself, where the userid stands in their place', async () => {
    const connection = await world.connectionOf(demo);
    const boss = await world.memberOf(connection, 'boss');
    const ctx = await world.contextOf(connection, boss);
    await t.database.withTenant(ctx, (tx) =>
      t.app.get(MessageService).enqueueVia(
        tx,
        ctx,
        { connectionId: connection.id, memberId: boss },
        {
          key: 'names',
          card: {
            kind: 'notice',
            title: `${world.standIn('liuyang')}提交了合同`,
            description: `王芳与${world.standIn('chenjing')}，${world.standIn('liuyang')}-2 不是人名`,
            facts: [{ label: '提交人', value: `${'字'.repeat(26)}${world.standIn('liuyang')}` }],
            path: '/',
            buttons: [],
          },
        },
      ),
    );
    await world.work();
    const cards = await fetch(`${t.sandbox.url}/sandbox/api/people/boss/cards?corpId=${demo}`);
    const { items } = (await cards.json()) as { items: { card: { main_title?: { title: string } } }[] };
    const shown = items.map((item) => JSON.stringify(item.card)).find((card) => card.includes('提交了合同'));
    expect(shown).toContain('刘洋提交了合同');
    expect(shown).toContain(`王芳与陈静，${world.standIn('liuyang')}-2 不是人名`);
    expect(shown).toContain(`"value":"${'字'.repeat(26)}刘洋"`);
  });
});

describe('names on pages', () => {
  const call = async <T>(connection: Connection, path: string): Promise<T> => {
    const memberId = await world.memberOf(connection, 'boss');
    const token = await t.app.get(SessionService).create(await world.contextOf(connection, memberId), {
      memberId,
      channel: 'wecom',
      personKey: null,
      door: 'console',
      address: '127.0.0.1',
      userAgent: 'test',
    });
    const answer = await fetch(`${t.url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status, await answer.clone().text()).toBe(200);
    return (await answer.json()) as T;
  };
  const search = (connection: Connection, name: string) =>
    call<{ searchable: boolean; ids: string[] }>(connection, `/withheld-names/search?name=${encodeURIComponent(name)}`);

  it('are told by whom the platform asks for them: who has none here, and departments', async () => {
    const connection = await world.connectionOf(demo);
    const view = await call<WithheldNames>(connection, '/withheld-names');
    expect(view.connection).toMatchObject({
      id: connection.id,
      corpId: world.openId(demo),
      agentId: connection.agentId,
    });
    expect(view.connection?.script).toBe(`${t.sandbox.url}/wwopen/js/jwxwork-1.0.0.js`);
    expect(view.searchable).toBe(true);
    const texts = view.items.map((item) => item.text);
    expect(view.items).toContainEqual({ kind: 'member', text: world.standIn('chenjing'), id: world.seen('chenjing') });
    expect(view.items).toContainEqual({ kind: 'department', text: '部门 3', id: '3' });
    // Whose name was entered here needs none of the platform's.
    expect(view.items.some((item) => item.id === world.seen('wangfang'))).toBe(false);
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('find their people through the platform, as far as it lets the app see them', async () => {
    const connection = await world.connectionOf(demo);
    expect(await search(connection, '陈静')).toEqual({
      searchable: true,
      ids: [await world.memberOf(connection, 'chenjing')],
    });
    expect(await search(connection, '没有这个人')).toEqual({ searchable: true, ids: [] });
    t.sandbox.state.faults.add({
      path: 'service/contact/search',
      effect: { kind: 'errcode', errcode: 60020 },
      times: 1,
    });
    expect(await search(connection, '陈静')).toEqual({ searchable: false, ids: [] });
  });
});

describe('licences', () => {
  it('are read from the platform, and administrators are told of each end once, thirty days before', async () => {
    const connection = await world.connectionOf(demo);
    const now = t.clock.now().getTime();
    const items = [
      { userid: 'wangfang', expiresAt: now + 20 * day },
      { userid: 'boss', expiresAt: now + 90 * day },
    ];
    await world.platform('licences', { corpId: demo, items });
    const watch = t.app.get(LicenceWatch);
    const warnings = () =>
      world.rows<{ to: MemberId; description: string }>(
        connection,
        `SELECT member_id AS to, card->>'description' AS description FROM lianke.message WHERE key LIKE 'licence:%' ORDER BY created_at`,
      );
    await watch.sweep();
    await watch.sweep();
    t.clock.advance(day);
    await watch.sweep();
    const first = await warnings();
    expect(first).toHaveLength(1);
    expect(first[0]?.to).toBe(await world.memberOf(connection, 'boss'));
    expect(first[0]?.description).toContain('1 个许可');
    t.clock.advance(45 * day);
    await watch.sweep();
    expect(await warnings()).toHaveLength(1);
    t.clock.advance(20 * day);
    await watch.sweep();
    expect(await warnings()).toHaveLength(2);
    // Renewed, it ends another day and is told of anew when that is near.
    items[1] = { userid: 'boss', expiresAt: t.clock.now().getTime() + 25 * day };
    await world.platform('licences', { corpId: demo, items });
    t.clock.advance(day);
    await watch.sweep();
    expect(await warnings()).toHaveLength(3);
    const boss = await world.contextOf(connection, await world.memberOf(connection, 'boss'));
    const token = await t.app.get(SessionService).create(boss, {
      memberId: await world.memberOf(connection, 'boss'),
      channel: 'wecom',
      personKey: null,
      door: 'console',
      address: '127.0.0.1',
      userAgent: 'test',
    });
    const answer = await fetch(`${t.url}/api/v1/connections/${connection.id}/licences`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const listed = (await answer.json()) as { items: { userid: string; member: { label: string } }[] };
    expect(listed.items.map((item) => [item.userid, item.member.label])).toEqual([
      [world.seen('wangfang'), '王芳'],
      [world.seen('boss'), world.standIn('boss')],
    ]);
  });
});

describe('a company takes the app away', () => {
  const sessions = (connection: Connection) =>
    world.rows(connection, 'SELECT 1 FROM lianke.session WHERE channel = $1', ['wecom']);

  it('is out of service at once, its people signed out, its data kept for a while; back again, it is the same tenant', async () => {
    const connection = await world.connectionOf(demo);
    const place: { tenantId: TenantId; connectionId: ConnectionId } = {
      tenantId: connection.tenantId,
      connectionId: connection.id,
    };
    await t.app.get(SessionService).create(connection, {
      memberId: await world.memberOf(connection, 'boss'),
      channel: 'wecom',
      personKey: null,
      door: 'console',
      address: '127.0.0.1',
      userAgent: 'test',
    });
    expect((await sessions(connection)).length).toBeGreaterThan(0);
    await world.platform('cancel', { corpId: demo });
    await world.work();
    const gone = await world.connectionOf(demo);
    expect(gone.secret).toBeNull();
    expect(await sessions(connection)).toHaveLength(0);
    const facts = await t.database.withTenant(place, (tx) => t.app.get(SuiteInstalls).facts(tx, connection.id));
    expect(facts?.state).toBe('cancelled');
    const kept = Date.parse(facts?.deleteAfter ?? '') - t.clock.now().getTime();
    expect(Math.round(kept / day)).toBe(30);
    expect(await world.rows(connection, `SELECT 1 FROM lianke.member WHERE state = 'active'`)).not.toHaveLength(0);
    const start = await new TestBrowser(t.url).get(`/api/v1/auth/wecom/start?connectionId=${connection.id}`);
    expect(start.status).toBe(403);

    const before = await world.tenantCount();
    await world.platform('install', { corpId: demo, userid: 'boss' });
    await world.work();
    expect(await world.tenantCount()).toBe(before);
    const back = await world.connectionOf(demo);
    expect(back).toMatchObject({ id: connection.id, tenantId: connection.tenantId });
    expect(back.secret).not.toBeNull();
    await t.app.get(OrgSync).run(back);
  });

  it('does not lose its connection to a word that comes late', async () => {
    const known = t.app.get(SuiteService).of('wecom');
    if (!known) throw new Error('no suite');
    await t.app.get(SuiteService).receive(known, { kind: 'cancelled', corpId: world.openId(demo) }, 'late');
    await world.work();
    expect((await world.connectionOf(demo)).secret).not.toBeNull();
  });
});
