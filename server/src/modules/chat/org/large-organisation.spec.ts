import type { DepartmentId, MemberId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ChatTestApp,
  connectDingtalk,
  connectWecom,
  makeTenant,
  startChatApp,
  type TestTenant,
} from '../../../../test/support/chat-app.js';
import {
  type Change,
  Company,
  DingtalkSource,
  type Source,
  WecomSource,
} from '../../../../test/support/organisation.js';
import { newSeed, seeded } from '../../../../test/support/random.js';
import { noteFacts, soaking, timeLeft } from '../../../../test/support/soak.js';
import { OrgService } from '../../../engine/org/org.service.js';
import { CallbackWorker } from '../callbacks/callback-worker.js';
import type { Connection } from '../connection.js';
import { ConnectionRepository } from '../connection.repository.js';
import { OrgSync } from './org-sync.js';
import { externalIdOf } from './sync-plan.js';

const size = soaking
  ? { people: 5000, departments: 250, rounds: 24, changes: 150 }
  : { people: 120, departments: 16, rounds: 5, changes: 16 };
/** Share of pushes that never arrive, and of those that come twice. */
const lost = 0.1;
const twice = 0.15;
/** However little time there is, so many rounds are made: one of them breaks off, one reads while pushes arrive. */
const fewestRounds = 4;

let t: ChatTestApp;
beforeAll(async () => {
  t = await startChatApp({ wait: async () => undefined });
  // How much a company may ask in a minute is not what this is about.
  t.sandbox.state.wecom.switches.callsPerMinute = 1_000_000;
  t.sandbox.state.ding.switches.callsPerSecond = 100_000;
});
afterAll(() => t.close());

const random = seeded(newSeed('organisation'));

describe.each([
  // The first must leave half of the minutes to the second.
  ['wecom', 'user/list', 0.5],
  ['dingtalk', 'user/list', 1],
] as const)('a large organisation at %s', (channel, peoplePath, share) => {
  let tenant: TestTenant;
  let connection: Connection;
  let company: Company;
  let source: Source;

  beforeAll(async () => {
    tenant = await makeTenant(t, channel);
    await t.app.get(OrgService).addDefaultRoles(tenant);
    connection =
      channel === 'wecom'
        ? await connectWecom(t, tenant.tenantId)
        : await connectDingtalk(t, tenant.tenantId, { push: 'http' });
    source =
      channel === 'wecom'
        ? new WecomSource(t.sandbox, connection.corpId)
        : new DingtalkSource(t.sandbox, connection.corpId);
    company = new Company(source, random);
  });

  const sql = <Row>(text: string, values: unknown[] = []) =>
    t.database.withTenant(tenant, (tx) => tx.sql<Row>(text, values as never));
  const sync = async () => {
    const now = await t.app.get(ConnectionRepository).ofTenant(tenant, connection.id);
    return t.app.get(OrgSync).run(now ?? connection);
  };
  const work = async () => {
    await source.idle();
    while (await t.app.get(CallbackWorker).round());
  };

  /** Whom the tenant knows from the platform, and where he stands, in one text a person. */
  async function people(): Promise<Map<string, string>> {
    const rows = await sql<{ userid: string; name: string; title: string | null; places: string | null }>(
      `SELECT a.userid, m.name, m.title,
         (SELECT string_agg(concat_ws(':', cd.number, dm.leader), ',' ORDER BY cd.number)
          FROM lianke.department_member dm
          JOIN lianke.chat_department cd ON cd.department_id = dm.department_id AND cd.connection_id = $1
          WHERE dm.member_id = m.id AND dm.source = $2) AS places
       FROM lianke.chat_account a JOIN lianke.member m ON m.id = a.member_id AND m.state = 'active'
       WHERE a.connection_id = $1`,
      [connection.id, channel],
    );
    return new Map(rows.map((row) => [row.userid, `${row.name} ${row.title ?? ''} ${row.places ?? ''}`]));
  }

  /** Where a person stands by hand he does not stand by the platform as well. */
  const handPlaces = new Set<string>();

  function peopleThere(): Map<string, string> {
    return new Map(
      source.people.map((person) => {
        const places = person.departments
          .filter((id) => !handPlaces.has(`${person.userid}:${id}`))
          .sort((a, b) => a - b)
          .map((id) => `${id}:${person.leads.includes(id) ? 't' : 'f'}`);
        return [person.userid, `${person.name} ${person.title} ${places.join(',')}`];
      }),
    );
  }

  async function tree(): Promise<Map<number, string>> {
    const rows = await sql<{ number: number; name: string; parent: number | null }>(
      `SELECT cd.number, d.name, up.number AS parent FROM lianke.chat_department cd
       JOIN lianke.department d ON d.id = cd.department_id
       LEFT JOIN lianke.chat_department up ON up.department_id = d.parent_id AND up.connection_id = cd.connection_id
       WHERE cd.connection_id = $1`,
      [connection.id],
    );
    return new Map(rows.map((row) => [row.number, `${row.name} < ${row.parent ?? 0}`]));
  }

  async function managers(): Promise<Map<string, string>> {
    const rows = await sql<{ userid: string; manager: string }>(
      `SELECT a.userid, mg.userid AS manager FROM lianke.chat_account a JOIN lianke.member m ON m.id = a.member_id
       JOIN lianke.chat_account mg ON mg.member_id = m.manager_id AND mg.connection_id = $1 WHERE a.connection_id = $1`,
      [connection.id],
    );
    return new Map(rows.map((row) => [row.userid, row.manager]));
  }

  const treeThere = () =>
    new Map([...source.departments.values()].map(({ id, name, parentId }) => [id, `${name} < ${parentId}`]));

  const manual = () =>
    sql<{ member_id: MemberId; department_id: DepartmentId; leader: boolean }>(
      `SELECT member_id, department_id, leader FROM lianke.department_member WHERE source = 'manual' ORDER BY 1, 2`,
    );

  /** People put by hand into departments of the platform and into one of the company's own. */
  async function placeByHand(): Promise<void> {
    const own = await t.app.get(OrgService).createDepartment(tenant, { name: '项目组' });
    await sql(
      `INSERT INTO lianke.department_member (tenant_id, department_id, member_id, leader, main, source)
       SELECT $1, d.id, m.id, false, false, 'manual'
       FROM (SELECT member_id AS id, row_number() OVER (ORDER BY userid_key) AS n FROM lianke.chat_account WHERE connection_id = $2) m
       JOIN (SELECT department_id AS id, row_number() OVER (ORDER BY number DESC) AS n FROM lianke.chat_department WHERE connection_id = $2) d
         ON d.n = m.n AND d.n <= 12
       ON CONFLICT DO NOTHING`,
      [tenant.tenantId, connection.id],
    );
    await sql(
      `INSERT INTO lianke.department_member (tenant_id, department_id, member_id, leader, main, source)
       SELECT $1, $3, member_id, true, false, 'manual' FROM lianke.chat_account WHERE connection_id = $2 ORDER BY userid_key DESC LIMIT 5`,
      [tenant.tenantId, connection.id, own],
    );
    const placed = await sql<{ userid: string; number: number }>(
      `SELECT a.userid, cd.number FROM lianke.department_member dm
       JOIN lianke.chat_account a ON a.member_id = dm.member_id AND a.connection_id = $1
       JOIN lianke.chat_department cd ON cd.department_id = dm.department_id AND cd.connection_id = $1
       WHERE dm.source = 'manual'`,
      [connection.id],
    );
    for (const { userid, number } of placed) handPlaces.add(`${userid}:${number}`);
  }

  it('is the source’s after pushes in any order, lost and repeated; what was entered by hand stays', async () => {
    company.found(size.departments, size.people);
    const first = performance.now();
    const report = await sync();
    const firstSeconds = (performance.now() - first) / 1000;
    expect(report.members).toBe(source.people.length);
    expect(await people()).toEqual(peopleThere());
    expect(await tree()).toEqual(treeThere());
    await placeByHand();
    const byHand = await manual();
    expect(byHand.length).toBeGreaterThan(10);

    const counts = { changes: 0, pushes: 0, lost: 0, twice: 0, brokenOff: 0 };
    let waiting: { change: Change; at: number }[] = [];
    let at = Math.floor(Date.now() / 1000);
    for (let round = 0; round < size.rounds && (round < fewestRounds || timeLeft(share)); round++) {
      for (let index = 0; index < size.changes; index++) waiting.push({ change: company.change(), at: at++ });
      counts.changes += size.changes;
      const [now, later] = [[] as typeof waiting, [] as typeof waiting];
      for (const push of company.shuffled(waiting)) (random() < 0.7 ? now : later).push(push);
      waiting = later;
      for (const push of now) {
        if (random() < lost) {
          counts.lost++;
          continue;
        }
        source.push(push.change, push.at);
        counts.pushes++;
        if (random() >= twice) continue;
        source.push(push.change, push.at);
        counts.twice++;
      }
      if (round % 4 === 2) {
        // While the platform breaks off in the middle of the people nothing at all changes.
        await work();
        const before = [await people(), await tree(), await manual()];
        const after = Math.max(1, Math.floor(source.departments.size * random()));
        t.sandbox.state.faults.add({ path: peoplePath, after, effect: { kind: 'errcode', errcode: -1 } });
        await expect(sync()).rejects.toThrow();
        t.sandbox.state.faults.remove();
        expect([await people(), await tree(), await manual()]).toEqual(before);
        counts.brokenOff++;
      } else if (round % 4 === 3) await Promise.all([sync(), work()]);
      else await work();
    }
    for (const push of company.shuffled(waiting)) source.push(push.change, push.at);
    await work();
    // Nothing of this was proven by a company in which nothing happened.
    for (const what of ['changes', 'pushes', 'brokenOff'] as const)
      expect([what, counts[what] > 0]).toEqual([what, true]);

    await sync();
    expect(await people()).toEqual(peopleThere());
    expect(await tree()).toEqual(treeThere());
    expect(await manual()).toEqual(byHand);
    const managed = await managers();
    const names = new Set(source.people.map((person) => person.userid));
    for (const { userid, manager } of source.people)
      if (manager && userid !== 'admin' && names.has(manager))
        expect([userid, managed.get(userid)]).toEqual([userid, manager]);
    // Whoever is no longer there has left, and keeps nothing that lets him in.
    const [left] = await sql<{ active: number; left: number }>(
      `SELECT count(*) FILTER (WHERE state = 'active') AS active, count(*) FILTER (WHERE state = 'left') AS left
       FROM lianke.member WHERE source = $1`,
      [channel],
    );
    const there = source.people.length;
    expect(left?.active).toBe(there - (await byHandIn()));
    // A department that is gone stays only for whom somebody put there by hand, and for what is below it.
    const kept = await sql<{ external_id: string; used: boolean }>(
      `SELECT d.external_id, EXISTS (
         SELECT 1 FROM lianke.department_closure c JOIN lianke.department_member dm ON dm.department_id = c.descendant_id
         WHERE c.ancestor_id = d.id AND dm.source = 'manual') AS used
       FROM lianke.department d WHERE d.external_id LIKE $1 AND NOT EXISTS (
         SELECT 1 FROM lianke.chat_department cd WHERE cd.department_id = d.id)`,
      [`${externalIdOf(connection.corpId, 0).slice(0, -1)}%`],
    );
    expect(kept.filter((department) => !department.used)).toEqual([]);
    const again = await sync();
    expect(again).toMatchObject({ created: 0, left: 0, heldBack: 0 });
    noteFacts(`organisation at ${channel}`, {
      people: size.people,
      departments: size.departments,
      ...counts,
      left: left?.left ?? 0,
      firstReadingSeconds: Math.round(firstSeconds * 10) / 10,
    });
  }, 3_600_000);

  /** Those of the platform's people whom somebody had made by hand before: the administrator. */
  async function byHandIn(): Promise<number> {
    const rows = await sql(
      `SELECT 1 FROM lianke.chat_account a JOIN lianke.member m ON m.id = a.member_id WHERE a.connection_id = $1 AND m.source <> $2`,
      [connection.id, channel],
    );
    return rows.length;
  }
});
