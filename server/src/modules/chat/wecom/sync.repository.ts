import type { MemberId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { giveDefaultRoles, rebuildClosure } from '../../../engine/org/org.service.js';
import { bumpAccess } from '../../../engine/versions.js';
import type { Tx } from '../../../kernel/database/tx.js';
import { ChatAccounts, userKey } from '../chat-accounts.js';
import type { Connection } from '../connection.js';
import type { DepartmentRow, Known, KnownDepartment, KnownMember, MemberRow, SyncPlan } from './sync-plan.js';

const source = 'wecom';

/** Reads and writes the organisation for a synchronisation, set by set. */
@Injectable()
export class SyncRepository {
  constructor(private readonly accounts: ChatAccounts) {}

  /** One synchronisation of a connection at a time writes; the lock ends with the transaction. */
  async lock(tx: Tx, connection: Connection): Promise<void> {
    await tx.run('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`org-sync:${connection.id}`]);
  }

  async known(tx: Tx, connection: Connection): Promise<Known> {
    const [departments, members, accounts, elsewhere] = await Promise.all([
      tx.sql<KnownDepartment>(
        'SELECT id, name, parent_id AS "parentId", sort, external_id AS "externalId" FROM lianke.department ORDER BY id',
      ),
      tx.sql<KnownMember>(
        `SELECT m.id, m.name, m.account, m.mobile, m.state, m.source, EXISTS (
           SELECT 1 FROM lianke.role_member rm JOIN lianke.role r ON r.id = rm.role_id
           WHERE rm.member_id = m.id AND (r.permissions->>'admin')::boolean) AS admin
         FROM lianke.member m ORDER BY m.created_at, m.id`,
      ),
      tx.sql<{ userid_key: string; member_id: MemberId }>(
        'SELECT userid_key, member_id FROM lianke.chat_account WHERE connection_id = $1 ORDER BY userid_key',
        [connection.id],
      ),
      tx.sql<{ member_id: MemberId }>('SELECT DISTINCT member_id FROM lianke.chat_account WHERE connection_id <> $1', [
        connection.id,
      ]),
    ]);
    return {
      departments,
      members,
      accounts: new Map(accounts.map((row) => [row.userid_key, row.member_id])),
      reachableElsewhere: new Set(elsewhere.map((row) => row.member_id)),
    };
  }

  async apply(tx: Tx, connection: Connection, plan: SyncPlan): Promise<void> {
    await this.applyDepartments(tx, connection, plan.departments);
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
      plan.members.map((member) => ({ userid: member.userid, memberId: member.id })),
    );
    await this.applyManagers(tx, plan.members);
    await this.dismiss(tx, connection, plan.unbind, plan.leave);
    await this.dropDepartments(tx, plan.departments.remove);
    await rebuildClosure(tx, connection.tenantId);
    await bumpAccess(tx, connection.tenantId);
  }

  /** Unbinds userids; their members lose this way in, and those who leave lose every session (by trigger). */
  async dismiss(tx: Tx, connection: Connection, userids: readonly string[], leave: readonly MemberId[]): Promise<void> {
    if (userids.length === 0) return;
    await tx.run(
      `DELETE FROM lianke.session s USING lianke.chat_account a
       WHERE a.connection_id = $1 AND a.userid_key = ANY($2) AND s.member_id = a.member_id AND s.channel = $3`,
      [connection.id, userids.map(userKey), connection.channel],
    );
    await this.accounts.unbind(tx, connection, userids);
    await tx.run(`UPDATE lianke.member SET state = 'left' WHERE id = ANY($1::uuid[]) AND state <> 'left'`, [leave]);
  }

  private async applyDepartments(tx: Tx, connection: Connection, plan: SyncPlan['departments']): Promise<void> {
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
      `INSERT INTO lianke.department (tenant_id, id, name, parent_id, sort, external_id, source)
       SELECT $6, x.*, '${source}' FROM ${rows}`,
      [...columns(plan.insert), connection.tenantId],
    );
    await tx.run(
      `UPDATE lianke.department d SET name = x.name, parent_id = x.parent_id, sort = x.sort, external_id = x.external_id,
         source = '${source}'
       FROM ${rows} WHERE d.id = x.id`,
      columns(plan.update),
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
       SELECT $7, x.*, 'active', '${source}' FROM ${rows}`,
      [...columns(members.filter((row) => row.created)), connection.tenantId],
    );
    // Who came from the platform follows it; what somebody entered by hand is only filled in where it is empty.
    await tx.run(
      `UPDATE lianke.member m SET
         name = coalesce(x.name, m.name),
         title = CASE WHEN m.source = '${source}' THEN coalesce(x.title, m.title) ELSE coalesce(m.title, x.title) END,
         mobile = CASE WHEN m.source = '${source}' THEN coalesce(x.mobile, m.mobile) ELSE coalesce(m.mobile, x.mobile) END,
         email = CASE WHEN m.source = '${source}' THEN coalesce(x.email, m.email) ELSE coalesce(m.email, x.email) END,
         state = CASE WHEN m.id = ANY($7::uuid[]) THEN 'active' ELSE m.state END
       FROM ${rows} WHERE m.id = x.id`,
      [...columns(known), known.filter((row) => row.active).map((row) => row.id)],
    );
  }

  private async applyPlaces(tx: Tx, connection: Connection, members: readonly MemberRow[]): Promise<void> {
    await tx.run(`DELETE FROM lianke.department_member WHERE source = '${source}' AND member_id = ANY($1::uuid[])`, [
      members.map((member) => member.id),
    ]);
    const places = members.flatMap((member) => member.places.map((place) => ({ ...place, memberId: member.id })));
    await tx.run(
      `INSERT INTO lianke.department_member (tenant_id, department_id, member_id, leader, main, source)
       SELECT $1, x.*, '${source}' FROM unnest($2::uuid[], $3::uuid[], $4::boolean[], $5::boolean[]) AS x
       ON CONFLICT (tenant_id, department_id, member_id) DO UPDATE SET leader = excluded.leader, main = excluded.main`,
      [
        connection.tenantId,
        places.map((place) => place.departmentId),
        places.map((place) => place.memberId),
        places.map((place) => place.leader),
        places.map((place) => place.main),
      ],
    );
  }

  private async applyManagers(tx: Tx, members: readonly MemberRow[]): Promise<void> {
    const ids = new Map(members.map((member) => [userKey(member.userid), member.id]));
    const managed = members.flatMap((member) => {
      const managerId = member.managerUserid ? ids.get(userKey(member.managerUserid)) : undefined;
      return managerId && managerId !== member.id ? [{ id: member.id, managerId }] : [];
    });
    await tx.run(
      `UPDATE lianke.member m SET manager_id = x.manager_id FROM unnest($1::uuid[], $2::uuid[]) AS x(id, manager_id)
       WHERE m.id = x.id AND (m.source = '${source}' OR m.manager_id IS NULL)`,
      [managed.map((row) => row.id), managed.map((row) => row.managerId)],
    );
  }

  /** Departments that are gone, as far as nobody entered by hand is in them or below them. */
  private async dropDepartments(tx: Tx, ids: SyncPlan['departments']['remove']): Promise<void> {
    if (ids.length === 0) return;
    await tx.run(
      `DELETE FROM lianke.department_member WHERE source = '${source}' AND department_id = ANY($1::uuid[])`,
      [ids],
    );
    for (let removed = 1; removed > 0; ) {
      removed = await tx.run(
        `DELETE FROM lianke.department d WHERE d.id = ANY($1::uuid[])
           AND NOT EXISTS (SELECT 1 FROM lianke.department_member dm WHERE dm.department_id = d.id)
           AND NOT EXISTS (SELECT 1 FROM lianke.department c WHERE c.parent_id = d.id)`,
        [ids],
      );
    }
  }
}
