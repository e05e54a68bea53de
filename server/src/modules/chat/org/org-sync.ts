import type { ConnectionId } from '@lianke/shared/ids';
import type { Clock } from '../../../kernel/clock/clock.js';
import type { Database } from '../../../kernel/database/database.js';
import type { Tx } from '../../../kernel/database/tx.js';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import type { Connection, SyncReport } from '../connection.js';
import type { ConnectionRepository } from '../connection.repository.js';
import type { ChatPlatform } from '../port/platform.js';
import { PlatformError } from '../port/platform-error.js';
import type { ChatPlatforms } from '../port/platforms.js';
import type { SyncRepository } from './sync.repository.js';
import { leavers, planDepartments, planMembers, type SyncPlan } from './sync-plan.js';

interface Reading {
  since: Promise<string>;
  done: Promise<SyncReport>;
}

/** Brings departments and people of a platform into the tenant (reference A7, B6, F). */
export class OrgSync {
  /** What this process reads now, by connection: whoever needs a reading no older waits for it. */
  private readonly readings = new Map<ConnectionId, Reading>();

  constructor(
    private readonly database: Database,
    private readonly platforms: ChatPlatforms,
    private readonly repository: SyncRepository,
    private readonly connections: ConnectionRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * Reads everything first, then writes in one transaction: a failure in between changes nothing, so nobody is taken for a
   * leaver because a page could not be read. Throws `PlatformError`.
   */
  run(connection: Connection): Promise<SyncReport> {
    return this.begin(connection).done;
  }

  /**
   * Sees to it that everything was read after an instant of the database's clock: a hundred departments that are moved at
   * once are a hundred pushes and one or two readings. Throws `PlatformError`.
   */
  async runSince(connection: Connection, instant: string): Promise<void> {
    if ((connection.state.sync?.readFrom ?? '') > instant) return;
    for (;;) {
      const reading = this.readings.get(connection.id) ?? this.begin(connection);
      if ((await reading.since) > instant) {
        await reading.done;
        return;
      }
      await reading.done.catch(() => undefined);
    }
  }

  private begin(connection: Connection): Reading {
    const requestedAt = this.now();
    const since = this.databaseTime(connection);
    const done = since.then((readFrom) => this.read(connection, requestedAt, readFrom));
    const reading = { since, done };
    this.readings.set(connection.id, reading);
    const over = () => {
      if (this.readings.get(connection.id) === reading) this.readings.delete(connection.id);
    };
    done.then(over, over);
    return reading;
  }

  private async read(connection: Connection, requestedAt: string, readFrom: string): Promise<SyncReport> {
    const platform = this.platforms.of(connection);
    const { departments, users } = await platform.readOrganisation(connection);
    const report = await this.database.withTenant(connection, async (tx) => {
      await this.repository.lock(tx, connection);
      const last = await this.connections.syncOf(tx, connection.id);
      // Another process has read later and was quicker.
      if (last.report && (last.readFrom ?? '') > readFrom) return last.report;
      const known = await this.repository.known(tx, connection);
      const own = planDepartments(connection, departments, known, uuid7);
      const people = planMembers(users, own.ids, known, uuid7, { ...keysOf(platform), complete: true });
      const plan = { departments: own.plan, ...people };
      await this.repository.apply(tx, connection, plan);
      const done = reportOf(plan, departments.length);
      const sync = { requestedAt, finishedAt: this.now(), readFrom, report: done };
      await this.connections.noteSync(tx, connection.id, sync);
      await this.connections.note(tx, connection.id, { problem: null });
      return done;
    });
    await this.replay(connection, readFrom);
    return report;
  }

  /** Reads one user anew. */
  async refresh(connection: Connection, userid: string): Promise<void> {
    const platform = this.platforms.of(connection);
    const user = await platform.readUser(connection, userid);
    if (!user) {
      await this.remove(connection, userid);
      return;
    }
    const missing = await this.database.withTenant(connection, async (tx) => {
      await this.repository.lock(tx, connection);
      const known = await this.repository.known(tx, connection, [{ ...user, userid }]);
      if (user.departments.some((department) => !known.mapped.has(department))) return true;
      const people = planMembers([user], known.mapped, known, uuid7, { ...keysOf(platform), complete: false });
      await this.repository.apply(tx, connection, { departments: null, ...people });
      return false;
    });
    if (missing) await this.runSince(connection, await this.databaseTime(connection));
  }

  /**
   * The platform says that somebody left. Pushes come out of order, so whoever is there after all is read anew; when nobody
   * can be asked the word counts, because a leaver must be out.
   */
  async leave(connection: Connection, userid: string): Promise<string | null> {
    let present: boolean;
    try {
      present = (await this.platforms.of(connection).readUser(connection, userid)) !== null;
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      present = false;
    }
    if (!present) return this.remove(connection, userid);
    await this.refresh(connection, userid);
    return 'still there';
  }

  /** A user is gone: the member leaves and loses every session. Null, or why nothing was done. */
  async remove(connection: Connection, userid: string): Promise<string | null> {
    return this.database.withTenant(connection, async (tx) => {
      await this.repository.lock(tx, connection);
      const known = await this.repository.known(tx, connection, [{ userid, unionid: null, mobile: null, email: null }]);
      const memberId = known.accounts.get(this.platforms.of(connection).userKey(userid));
      if (!memberId) return 'no such account';
      const plan: SyncPlan = {
        departments: null,
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
    const platform = this.platforms.of(connection);
    await this.database.withTenant(connection, (tx) =>
      tx.run(
        `UPDATE lianke.chat_account a SET userid_key = $3, userid = $4 WHERE connection_id = $1 AND userid_key = $2
           AND NOT EXISTS (SELECT 1 FROM lianke.chat_account b WHERE b.connection_id = $1 AND b.userid_key = $3)`,
        [connection.id, platform.userKey(from), platform.userKey(to), to],
      ),
    );
  }

  /**
   * What was pushed while we read and was worked on before we wrote may be newer than what we wrote. A push that nobody has
   * taken up yet will be read after us anyway.
   */
  private async replay(connection: Connection, since: string): Promise<void> {
    const platform = this.platforms.of(connection);
    const rows = await this.database.withTenant(connection, (tx) =>
      tx.sql<{ body: string }>(
        `SELECT body FROM lianke.callback_inbox WHERE connection_id = $1 AND received_at >= $2
           AND (state <> 'new' OR lease_until IS NOT NULL) ORDER BY received_at, id`,
        [connection.id, since],
      ),
    );
    const changed = new Map<string, { userid: string; left: boolean }>();
    for (const { body } of rows) {
      const event = platform.read(body);
      if (event.kind !== 'leavers' && event.kind !== 'people') continue;
      for (const userid of event.userids)
        changed.set(platform.userKey(userid), { userid, left: event.kind === 'leavers' });
    }
    for (const { userid, left } of changed.values())
      if (left) await this.leave(connection, userid);
      else await this.refresh(connection, userid);
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

function keysOf(platform: ChatPlatform) {
  return { channel: platform.channel, userKey: (userid: string) => platform.userKey(userid) };
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
