import type { DepartmentId } from '@lianke/shared/ids';
import type { Clock } from '../../../kernel/clock/clock.js';
import type { Database } from '../../../kernel/database/database.js';
import type { Tx } from '../../../kernel/database/tx.js';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import { userKey } from '../chat-accounts.js';
import type { Connection, SyncReport } from '../connection.js';
import type { ConnectionRepository } from '../connection.repository.js';
import { parseEvent } from './event.js';
import type { SyncRepository } from './sync.repository.js';
import { externalIdOf, type Known, leavers, planDepartments, planMembers, type SyncPlan } from './sync-plan.js';
import type { WecomClient, WecomUser } from './wecom-client.js';
import { WecomError } from './wecom-error.js';

const parallelReads = 4;
/** Not found, or no longer in the app's visible range. */
const invisible = new Set([60111, 60011, 46004]);

/** Brings departments and people of a WeCom corp into the tenant (reference A7, F). */
export class WecomOrgSync {
  constructor(
    private readonly database: Database,
    private readonly client: WecomClient,
    private readonly repository: SyncRepository,
    private readonly connections: ConnectionRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * Reads everything first, then writes in one transaction: a failure in between changes nothing, so nobody is taken for a
   * leaver because a page could not be read. Throws `WecomError`.
   */
  async run(connection: Connection): Promise<SyncReport> {
    const requestedAt = this.now();
    const startedAt = await this.databaseTime(connection);
    const departments = await this.client.departments(connection);
    const users = await this.readUsers(
      connection,
      departments.map((department) => department.id),
    );
    const report = await this.database.withTenant(connection, async (tx) => {
      await this.repository.lock(tx, connection);
      const known = await this.repository.known(tx, connection);
      const own = planDepartments(connection.corpId, departments, known.departments, uuid7);
      const plan = { departments: own.plan, ...planMembers(users, own.ids, known, uuid7, true) };
      await this.repository.apply(tx, connection, plan);
      const done = reportOf(plan, departments.length);
      await this.connections.noteSync(tx, connection.id, { requestedAt, finishedAt: this.now(), report: done });
      await this.connections.note(tx, connection.id, { problem: null });
      return done;
    });
    await this.replay(connection, startedAt);
    return report;
  }

  /** Reads one user anew. */
  async refresh(connection: Connection, userid: string): Promise<void> {
    let user: WecomUser;
    try {
      user = await this.client.user(connection, userid);
    } catch (error) {
      if (!(error instanceof WecomError) || !invisible.has(error.errcode ?? 0)) throw error;
      await this.remove(connection, userid);
      return;
    }
    const missing = await this.database.withTenant(connection, async (tx) => {
      await this.repository.lock(tx, connection);
      const known = await this.repository.known(tx, connection);
      const ids = departmentIds(connection, known);
      if (user.department.some((department) => !ids.has(department))) return true;
      const members = planMembers([user], ids, known, uuid7, false);
      await this.repository.apply(tx, connection, { departments: { insert: [], update: [], remove: [] }, ...members });
      return false;
    });
    if (missing) await this.run(connection);
  }

  /** A user is gone: the member leaves and loses every session. Null, or why nothing was done. */
  async remove(connection: Connection, userid: string): Promise<string | null> {
    return this.database.withTenant(connection, async (tx) => {
      await this.repository.lock(tx, connection);
      const known = await this.repository.known(tx, connection);
      const memberId = known.accounts.get(userKey(userid));
      if (!memberId) return 'no such account';
      const plan: SyncPlan = {
        departments: { insert: [], update: [], remove: [] },
        members: [],
        unbind: [userid],
        leave: leavers(known, [memberId]),
        heldBack: 0,
      };
      await this.repository.apply(tx, connection, plan);
      return plan.leave.length === 0 ? 'the last administrator, or known elsewhere: only unbound' : null;
    });
  }

  /** A userid was changed at the platform (once, WW/90970). */
  async rename(connection: Connection, from: string, to: string): Promise<void> {
    await this.database.withTenant(connection, (tx) =>
      tx.run(
        `UPDATE lianke.chat_account a SET userid_key = $3, userid = $4 WHERE connection_id = $1 AND userid_key = $2
           AND NOT EXISTS (SELECT 1 FROM lianke.chat_account b WHERE b.connection_id = $1 AND b.userid_key = $3)`,
        [connection.id, userKey(from), userKey(to), to],
      ),
    );
  }

  /** What was pushed while we read may be newer than what we read. */
  private async replay(connection: Connection, since: string): Promise<void> {
    const rows = await this.database.withTenant(connection, (tx) =>
      tx.sql<{ body: string }>(
        `SELECT body FROM lianke.callback_inbox WHERE connection_id = $1 AND received_at >= $2 AND body LIKE '%change_contact%'
         ORDER BY received_at, id`,
        [connection.id, since],
      ),
    );
    for (const { body } of rows) {
      const event = parseEvent(body);
      if (!event.UserID) continue;
      if (event.ChangeType === 'delete_user') await this.remove(connection, event.UserID);
      else await this.refresh(connection, event.NewUserID ?? event.UserID);
    }
  }

  private async readUsers(connection: Connection, departments: number[]): Promise<WecomUser[]> {
    const found: WecomUser[] = [];
    const left = [...departments];
    const reader = async () => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        found.push(...(await this.client.usersOf(connection, next)));
      }
    };
    await Promise.all(Array.from({ length: Math.min(parallelReads, departments.length) }, reader));
    // Somebody in several departments is listed in each of them.
    return [...new Map(found.map((user) => [userKey(user.userid), user])).values()];
  }

  private now(): string {
    return this.clock.now().toISOString();
  }

  private databaseTime(connection: Connection): Promise<string> {
    return this.database.withTenant(connection, async (tx: Tx) => {
      const [row] = await tx.sql<{ now: string }>('SELECT clock_timestamp() AS now');
      return row?.now ?? '';
    });
  }
}

function departmentIds(connection: Connection, known: Known): Map<number, DepartmentId> {
  const prefix = externalIdOf(connection.corpId, 0).slice(0, -1);
  return new Map(
    known.departments.flatMap((department) =>
      department.externalId?.startsWith(prefix)
        ? [[Number(department.externalId.slice(prefix.length)), department.id] as const]
        : [],
    ),
  );
}

function reportOf(plan: SyncPlan, departments: number): SyncReport {
  return {
    departments,
    members: plan.members.length,
    created: plan.members.filter((member) => member.created).length,
    left: plan.leave.length,
    heldBack: plan.heldBack,
  };
}
