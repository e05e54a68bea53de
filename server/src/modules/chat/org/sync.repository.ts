import type { DepartmentId, MemberId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { giveDefaultRoles, rebuildClosure } from '../../../engine/org/org.service.js';
import { bumpAccess } from '../../../engine/versions.js';
import type { Tx } from '../../../kernel/database/tx.js';
import { ChatAccounts } from '../chat-accounts.js';
import type { Connection } from '../connection.js';
import type { PlatformUser } from '../port/platform.js';
import { ChatPlatforms } from '../port/platforms.js';
import { type FormerAccount, plainEmail, plainMobile } from './same-person.js';
import {
  type DepartmentPlan,
  type DepartmentRow,
  type Known,
  type KnownDepartment,
  type KnownMember,
  type MemberRow,
  type SyncPlan,
} from './sync-plan.js';

/** Reads and writes the organisation for a synchronisation, set by set. */
@Injectable()
export class SyncRepository {
  constructor(
    private readonly accounts: ChatAccounts,
    private readonly platforms: ChatPlatforms,
  ) {}

  /**
   * Of a company one at a time writes, whichever connection it is about: whether somebody leaves depends on what the others
   * know of him. The lock ends with the transaction.
   */
  async lock(tx: Tx, { tenantId }: Pick<Connection, 'tenantId'>): Promise<void> {
    await tx.run('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`org-sync:${tenantId}`]);
  }

  /**
   * What the tenant holds; of members and accounts only what has to do with `only`, where it is told: people beside them who
   * could be the same, and administrators.
   */
  async known(
    tx: Tx,
    connection: Connection,
    only?: readonly Pick<PlatformUser, 'userid' | 'unionid' | 'mobile' | 'email'>[],
  ): Promise<Known> {
    const platform = this.platforms.of(connection);
    const keys = only?.map(({ userid }) => platform.userKey(userid)) ?? null;
    const mobiles = only?.flatMap(({ mobile }) => plainMobile(mobile) ?? []) ?? null;
    const emails = only?.flatMap(({ email }) => plainEmail(email) ?? []) ?? null;
    const unionids = only?.flatMap(({ unionid }) => unionid ?? []) ?? null;
    const members = await tx.sql<KnownMember>(
      `SELECT * FROM (
         SELECT m.id, m.name, m.account, m.mobile, m.email, m.state, m.source, m.created_at, EXISTS (
           SELECT 1 FROM lianke.role_member rm JOIN lianke.role r ON r.id = rm.role_id
           WHERE rm.member_id = m.id AND (r.permissions->>'admin')::boolean) AS admin
         FROM lianke.member m) m
       WHERE $1::text[] IS NULL OR m.admin OR lower(m.account) = ANY($3)
         OR m.id IN (SELECT member_id FROM lianke.chat_account WHERE userid_key = ANY($1))
         OR m.id IN (SELECT member_id FROM lianke.chat_former_account WHERE connection_id = $6 AND (userid_key = ANY($1) OR unionid = ANY($5)))
         OR lower(btrim(m.email)) = ANY($4)
         OR regexp_replace(regexp_replace(m.mobile, '[\\s-]', '', 'g'), '^\\+?86(?=1\\d{10}$)', '') = ANY($2)
       ORDER BY m.created_at, m.id`,
      [keys, mobiles, keys?.map((key) => key.toLowerCase()) ?? null, emails, unionids, connection.id],
    );
    const ids = only ? members.map((member) => member.id) : null;
    const [departments, mapped, accounts, former, elsewhere] = await Promise.all([
      tx.sql<KnownDepartment>(
        `SELECT id, name, parent_id AS "parentId", sort, external_id AS "externalId", connection_id AS "connectionId"
         FROM lianke.department ORDER BY id`,
      ),
      tx.sql<{ number: number; id: DepartmentId }>(
        'SELECT number, department_id AS id FROM lianke.chat_department WHERE connection_id = $1',
        [connection.id],
      ),
      tx.sql<{ userid_key: string; member_id: MemberId }>(
        `SELECT userid_key, member_id FROM lianke.chat_account
         WHERE connection_id = $1 AND ($2::uuid[] IS NULL OR member_id = ANY($2)) ORDER BY userid_key`,
        [connection.id, ids],
      ),
      tx.sql<FormerAccount>(
        `SELECT CASE WHEN connection_id = $1 THEN userid_key END AS "userKey", unionid, member_id AS "memberId"
         FROM lianke.chat_former_account WHERE $2::uuid[] IS NULL OR member_id = ANY($2) ORDER BY ended_at, userid_key`,
        [connection.id, ids],
      ),
      tx.sql<{ userid_key: string; member_id: MemberId; same: boolean }>(
        `SELECT a.userid_key, a.member_id, c.channel = $2 AND c.suite_id IS NOT DISTINCT FROM $4 AND lower(c.corp_id) = lower($3) AS same
         FROM lianke.chat_account a JOIN lianke.chat_connection c ON c.id = a.connection_id
         WHERE a.connection_id <> $1 AND ($5::uuid[] IS NULL OR a.member_id = ANY($5)) ORDER BY a.created_at, a.userid_key`,
        [connection.id, connection.channel, connection.corpId, connection.suiteId, ids],
      ),
    ]);
    return {
      departments,
      mapped: new Map(mapped.map((row) => [row.number, row.id])),
      members,
      accounts: new Map(accounts.map((row) => [row.userid_key, row.member_id])),
      former,
      sameCompany: new Map(elsewhere.filter((row) => row.same).map((row) => [row.userid_key, row.member_id])),
      reachableElsewhere: new Set(elsewhere.map((row) => row.member_id)),
    };
  }

  async apply(tx: Tx, connection: Connection, plan: SyncPlan): Promise<void> {
    if (plan.departments) await this.applyDepartments(tx, connection, plan.departments);
    await this.applyMembers(tx, connection, plan.members);
    await this.applyPlaces(tx, connection, plan.members);
    await giveDefaultRoles(
      tx,
      connection.tenantId,
      plan.members.filter((member) => member.created).map((member) => member.id),
    );
    await this.accounts.bind(
      tx,
      connection,
      plan.members.map((member) => ({ userid: member.userid, memberId: member.id, unionid: member.unionid })),
    );
    await this.applyManagers(tx, connection, plan.members);
    await this.dismiss(tx, connection, plan.unbind, plan.leave);
    if (plan.departments) await this.dropDepartments(tx, connection, plan.departments.remove);
    if (plan.departments) await rebuildClosure(tx, connection.tenantId);
    await bumpAccess(tx, connection.tenantId);
  }

  /** Unbinds userids; their members lose this way in, and those who leave lose every session (by trigger). */
  async dismiss(tx: Tx, connection: Connection, userids: readonly string[], leave: readonly MemberId[]): Promise<void> {
    if (userids.length === 0) return;
    await tx.run(
      `DELETE FROM lianke.session s USING lianke.chat_account a
       WHERE a.connection_id = $1 AND a.userid_key = ANY($2) AND s.member_id = a.member_id AND s.channel = $3`,
      [connection.id, userids.map((userid) => this.platforms.of(connection).userKey(userid)), connection.channel],
    );
    await this.accounts.unbind(tx, connection, userids);
    await tx.run(`UPDATE lianke.member SET state = 'left' WHERE id = ANY($1::uuid[]) AND state <> 'left'`, [leave]);
  }

  private async applyDepartments(tx: Tx, connection: Connection, plan: DepartmentPlan): Promise<void> {
    const columns = (rows: DepartmentRow[]) =>
      [
        rows.map((row) => row.id),
        rows.map((row) => row.name),
        rows.map((row) => row.parentId),
        rows.map((row) => row.sort),
        rows.map((row) => row.externalId),
      ] as const;
    const rows =
      'unnest($1::uuid[], $2::text[], $3::uuid[], $4::int[], $5::text[]) AS x(id, name, parent_id, sort, external_id)';
    await tx.run(
      `INSERT INTO lianke.department (tenant_id, id, name, parent_id, sort, external_id, source, connection_id)
       SELECT $6, x.*, $7, $8 FROM ${rows}`,
      [...columns(plan.insert), connection.tenantId, connection.channel, connection.id],
    );
    await tx.run(
      `UPDATE lianke.department d SET name = x.name, parent_id = x.parent_id, sort = x.sort, external_id = x.external_id,
         source = $6, connection_id = $7
       FROM ${rows} WHERE d.id = x.id`,
      [...columns(plan.update), connection.channel, connection.id],
    );
    await tx.run('DELETE FROM lianke.chat_department WHERE connection_id = $1', [connection.id]);
    await tx.run(
      `INSERT INTO lianke.chat_department (tenant_id, connection_id, number, department_id)
       SELECT $1, $2, x.* FROM unnest($3::bigint[], $4::uuid[]) AS x`,
      [connection.tenantId, connection.id, plan.map.map((row) => row.number), plan.map.map((row) => row.id)],
    );
  }

  private async applyMembers(tx: Tx, connection: Connection, members: readonly MemberRow[]): Promise<void> {
    const columns = (rows: readonly MemberRow[]) =>
      [
        rows.map((row) => row.id),
        rows.map((row) => row.name),
        rows.map((row) => row.account),
        rows.map((row) => row.title),
        rows.map((row) => row.mobile),
        rows.map((row) => row.email),
      ] as const;
    const rows =
      'unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) AS x(id, name, account, title, mobile, email)';
    const known = members.filter((row) => !row.created);
    await tx.run(
      `INSERT INTO lianke.member (tenant_id, id, name, account, title, mobile, email, state, source)
       SELECT $7, x.*, 'active', $8 FROM ${rows}`,
      [...columns(members.filter((row) => row.created)), connection.tenantId, connection.channel],
    );
    // Who came from the platform follows it; what somebody entered by hand is only filled in where it is empty.
    await tx.run(
      `UPDATE lianke.member m SET
         name = coalesce(x.name, m.name),
         title = CASE WHEN m.source = $8 THEN coalesce(x.title, m.title) ELSE coalesce(m.title, x.title) END,
         mobile = CASE WHEN m.source = $8 THEN coalesce(x.mobile, m.mobile) ELSE coalesce(m.mobile, x.mobile) END,
         email = CASE WHEN m.source = $8 THEN coalesce(x.email, m.email) ELSE coalesce(m.email, x.email) END,
         state = CASE WHEN m.id = ANY($7::uuid[]) THEN 'active' ELSE m.state END
       FROM ${rows} WHERE m.id = x.id`,
      [...columns(known), known.filter((row) => row.active).map((row) => row.id), connection.channel],
    );
  }

  private async applyPlaces(tx: Tx, connection: Connection, members: readonly MemberRow[]): Promise<void> {
    // What another connection or a person by hand has put there is not ours to take away.
    await tx.run(`DELETE FROM lianke.department_member WHERE ${placedHere} AND member_id = ANY($3::uuid[])`, [
      connection.id,
      connection.channel,
      members.map((member) => member.id),
    ]);
    const places = members.flatMap((member) => member.places.map((place) => ({ ...place, memberId: member.id })));
    await tx.run(
      `INSERT INTO lianke.department_member (tenant_id, department_id, member_id, leader, main, source, connection_id)
       SELECT $1, x.department_id, x.member_id, x.leader, x.main AND NOT EXISTS (
           SELECT 1 FROM lianke.department_member dm WHERE dm.member_id = x.member_id AND dm.main AND dm.department_id <> x.department_id),
         $6, $7
       FROM unnest($2::uuid[], $3::uuid[], $4::boolean[], $5::boolean[]) AS x(department_id, member_id, leader, main)
       ON CONFLICT (tenant_id, department_id, member_id) DO NOTHING`,
      [
        connection.tenantId,
        places.map((place) => place.departmentId),
        places.map((place) => place.memberId),
        places.map((place) => place.leader),
        places.map((place) => place.main),
        connection.channel,
        connection.id,
      ],
    );
  }

  private async applyManagers(tx: Tx, connection: Connection, members: readonly MemberRow[]): Promise<void> {
    const platform = this.platforms.of(connection);
    const managed = members.flatMap(({ id, managerUserid }) =>
      managerUserid ? [{ id, managerKey: platform.userKey(managerUserid) }] : [],
    );
    await tx.run(
      `UPDATE lianke.member m SET manager_id = a.member_id FROM unnest($1::uuid[], $2::text[]) AS x(id, manager_key)
       JOIN lianke.chat_account a ON a.connection_id = $4 AND a.userid_key = x.manager_key
       WHERE m.id = x.id AND a.member_id <> m.id AND (m.source = $3 OR m.manager_id IS NULL)`,
      [managed.map((row) => row.id), managed.map((row) => row.managerKey), connection.channel, connection.id],
    );
  }

  /** Departments that are gone, as far as nobody entered by hand is in them or below them and no other connection has them. */
  private async dropDepartments(tx: Tx, connection: Connection, ids: DepartmentPlan['remove']): Promise<void> {
    if (ids.length === 0) return;
    await tx.run(`DELETE FROM lianke.department_member WHERE ${placedHere} AND department_id = ANY($3::uuid[])`, [
      connection.id,
      connection.channel,
      ids,
    ]);
    await tx.run(
      `UPDATE lianke.department d SET connection_id = o.connection_id
       FROM (SELECT DISTINCT ON (department_id) department_id, connection_id FROM lianke.chat_department
             WHERE department_id = ANY($1::uuid[]) AND connection_id <> $2 ORDER BY department_id, connection_id) o
       WHERE d.id = o.department_id`,
      [ids, connection.id],
    );
    for (let removed = 1; removed > 0; ) {
      removed = await tx.run(
        `DELETE FROM lianke.department d WHERE d.id = ANY($1::uuid[])
           AND NOT EXISTS (SELECT 1 FROM lianke.department_member dm WHERE dm.department_id = d.id)
           AND NOT EXISTS (SELECT 1 FROM lianke.chat_department cd WHERE cd.department_id = d.id)
           AND NOT EXISTS (SELECT 1 FROM lianke.department c WHERE c.parent_id = d.id)`,
        [ids],
      );
    }
  }
}

/** Memberships that this connection brought; $1 is its id, $2 its channel. Those of before connections were told apart have no id. */
const placedHere = '(connection_id = $1 OR (connection_id IS NULL AND source = $2))';
