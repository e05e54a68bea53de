import { createHash } from 'node:crypto';
import { standInFor } from '@lianke/shared/chat/stand-in';
import type { MemberId, RoleId } from '@lianke/shared/ids';
import type { OrgService } from '../../../engine/org/org.service.js';
import { bumpAccess } from '../../../engine/versions.js';
import type { Clock } from '../../../kernel/clock/clock.js';
import type { Database } from '../../../kernel/database/database.js';
import type { Tx } from '../../../kernel/database/tx.js';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import type { ChatAccounts } from '../chat-accounts.js';
import type { Connection } from '../connection.js';
import type { ConnectionRepository } from '../connection.repository.js';
import type { SyncRepository } from '../org/sync.repository.js';
import type { OrgSyncJobs } from '../org-sync-jobs.js';
import { PlatformError } from '../port/platform-error.js';
import type { ChatPlatforms } from '../port/platforms.js';
import type { Authorisation, Grant, Installation, SuitePlatform } from '../port/suite.js';
import { callbackKeys } from '../random-text.js';
import type { SuiteInstalls } from './suite-installs.js';

/** How long a company that took the app away can come back to its data. */
export const keptDays = 30;
const day = 86_400_000;

export interface SuiteInstallerParts {
  database: Database;
  org: OrgService;
  installs: SuiteInstalls;
  connections: ConnectionRepository;
  accounts: ChatAccounts;
  repository: SyncRepository;
  platforms: ChatPlatforms;
  syncs: OrgSyncJobs;
  clock: Clock;
}

/** Turns a company's consent into a tenant with a connection, and takes the connection out of service when it ends. */
export class SuiteInstaller {
  /** By company: two who install the same one in this process take turns; other processes' collisions are retried. */
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(private readonly parts: SuiteInstallerParts) {}

  /**
   * Every step finds what an earlier attempt has done and goes on from there, so that a repeat, another process or a crash
   * in the middle come to the same tenant. Throws `PlatformError`.
   */
  install(suite: SuitePlatform, grant: Grant): Promise<Installation> {
    const company = `${suite.channel}/${suite.id}/${grant.corpId}`;
    const before = this.turns.get(company) ?? Promise.resolve();
    const mine = before.catch(() => undefined).then(() => this.settle(suite, grant));
    const turn = mine
      .catch(() => undefined)
      .finally(() => {
        if (this.turns.get(company) === turn) this.turns.delete(company);
      });
    this.turns.set(company, turn);
    return mine;
  }

  private async settle(suite: SuitePlatform, grant: Grant): Promise<Installation> {
    const { installs, org, database, repository, syncs } = this.parts;
    const authorisation = await suite.authorisation({ corpId: grant.corpId, permanentCode: grant.permanentCode });
    if (!authorisation) throw new Error('the company has taken its consent back');
    const found = await installs.begin(suite, grant.corpId, grant.corpName);
    const { tenantId, connectionId: id } = found;
    const key = tenantKey(suite, grant.corpId);
    const { adminRoleId } = await org.createTenant({ tenantId, key, name: grant.corpName || key });
    await org.addDefaultRoles({ tenantId });
    await database.withTenant({ tenantId }, async (tx) => {
      await repository.lock(tx, { tenantId });
      const connection = await this.connect(tx, found, suite, grant, authorisation);
      await this.makeAdministrator(tx, connection, grant, adminRoleId);
      await installs.activate(tx, id, { ...factsOf(authorisation, grant), at: this.parts.clock.now() });
      await bumpAccess(tx, tenantId);
    });
    await this.prepare(found);
    await syncs.request({ tenantId, id });
    return { ...found, state: 'active' };
  }

  /** What the company's consent covers has changed: reads it anew, and the people with it. */
  async refresh(suite: SuitePlatform, corpId: string): Promise<Installation | null> {
    const found = await this.known(suite, corpId);
    if (!found?.connection.secret) return found?.installation ?? null;
    const authorisation = await suite.authorisation({ corpId, permanentCode: found.connection.secret });
    if (!authorisation) {
      await this.disable(found.connection);
      return found.installation;
    }
    const { connection } = found;
    await this.parts.database.withTenant(connection, async (tx) => {
      const changed = { ...connection, agentId: authorisation.agentId ?? connection.agentId };
      if (changed.agentId !== connection.agentId) await this.parts.connections.update(tx, changed);
      const facts = { corpName: authorisation.corpName, scope: authorisation.scope, at: this.parts.clock.now() };
      await this.parts.installs.activate(tx, connection.id, facts);
    });
    await this.parts.syncs.request(connection);
    return found.installation;
  }

  /**
   * The company took the app away. Pushes come out of order, so one whose consent stands after all (it has come back) is left
   * alone. `believe`: the platform could not be asked often enough, and its word counts.
   */
  async cancel(suite: SuitePlatform, corpId: string, believe: boolean): Promise<string | null> {
    const found = await this.known(suite, corpId);
    if (!found) return 'no such company';
    const { connection } = found;
    if (connection.secret === null) return 'cancelled before';
    if (!believe && (await suite.authorisation({ corpId, permanentCode: connection.secret })))
      return 'the consent stands: it was given again';
    await this.disable(connection);
    return null;
  }

  private async disable(connection: Connection): Promise<void> {
    const now = this.parts.clock.now();
    await this.parts.database.withTenant(connection, async (tx) => {
      await this.parts.repository.lock(tx, connection);
      await tx.run(
        `DELETE FROM lianke.session s USING lianke.chat_account a
         WHERE a.connection_id = $1 AND s.member_id = a.member_id AND s.channel = $2`,
        [connection.id, connection.channel],
      );
      // Without its secret nobody logs in, is written to or synchronised through it.
      await tx.run('UPDATE lianke.chat_connection SET secret_cipher = NULL WHERE id = $1', [connection.id]);
      await tx.run('DELETE FROM lianke.chat_token WHERE connection_id = $1', [connection.id]);
      await tx.run('DELETE FROM lianke.login_attempt WHERE connection_id = $1', [connection.id]);
      await this.parts.connections.note(tx, connection.id, { problem: null });
      await this.parts.installs.cancel(tx, connection.id, now, new Date(now.getTime() + keptDays * day));
      await bumpAccess(tx, connection.tenantId);
    });
  }

  /** Tells the platform what it must know of us; what it refuses is shown to the company and keeps nobody out. */
  private async prepare({ tenantId, connectionId }: Installation): Promise<void> {
    const connection = await this.parts.connections.ofTenant({ tenantId }, connectionId);
    if (!connection) return;
    try {
      await this.parts.platforms.of(connection).prepare(connection);
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      await this.parts.connections.noteProblem(connection, error.words());
    }
  }

  private async known(
    suite: SuitePlatform,
    corpId: string,
  ): Promise<{ installation: Installation; connection: Connection } | null> {
    const installation = await this.parts.installs.find(suite, corpId);
    const connection = installation && (await this.parts.connections.ofTenant(installation, installation.connectionId));
    return installation && connection ? { installation, connection } : null;
  }

  private async connect(
    tx: Tx,
    { tenantId, connectionId: id }: Installation,
    suite: SuitePlatform,
    grant: Grant,
    { agentId }: Authorisation,
  ): Promise<Connection> {
    const { connections } = this.parts;
    const before = await connections.within(tx, id);
    const connection: Connection = {
      ...(before ?? { ...callbackKeys(), name: suite.platformName, ...suite.connectionSettings() }),
      tenantId,
      id,
      channel: suite.channel,
      suiteId: suite.id,
      proxy: null,
      corpId: grant.corpId,
      agentId: agentId ?? grant.agentId ?? before?.agentId ?? '',
      secret: grant.permanentCode,
      state: { ...before?.state, secretOk: true },
    };
    if (before) await connections.update(tx, connection);
    else await connections.insert(tx, connection);
    await tx.run('DELETE FROM lianke.chat_token WHERE connection_id = $1', [id]);
    return connection;
  }

  /** Whoever adds the app is a member; he administers a company that nobody else does. */
  private async makeAdministrator(tx: Tx, connection: Connection, grant: Grant, adminRoleId: RoleId): Promise<void> {
    const { accounts } = this.parts;
    const known = await accounts.anyoneIn(tx, connection, grant.adminUserid);
    const memberId = known ?? (uuid7() as MemberId);
    if (known) await tx.run(`UPDATE lianke.member SET state = 'active' WHERE id = $1`, [known]);
    else {
      await tx.run(
        `INSERT INTO lianke.member (tenant_id, id, name, account, state, source)
         SELECT $1, $2, $3, CASE WHEN EXISTS (SELECT 1 FROM lianke.member WHERE lower(account) = lower($4)) THEN NULL ELSE $4 END,
           'active', $5`,
        [
          connection.tenantId,
          memberId,
          grant.adminName ?? standInFor(grant.adminUserid),
          grant.adminUserid,
          connection.channel,
        ],
      );
      await accounts.bind(tx, connection, [{ userid: grant.adminUserid, memberId }]);
    }
    await tx.run(
      `INSERT INTO lianke.role_member (tenant_id, role_id, member_id)
       SELECT $1, $2, $3 WHERE NOT EXISTS (
         SELECT 1 FROM lianke.role_member rm JOIN lianke.role r ON r.id = rm.role_id AND (r.permissions->>'admin')::boolean
         JOIN lianke.member m ON m.id = rm.member_id AND m.state = 'active')
       ON CONFLICT DO NOTHING`,
      [connection.tenantId, adminRoleId, memberId],
    );
  }
}

function factsOf({ corpName, scope }: Authorisation, grant: Grant) {
  return { corpName: corpName ?? (grant.corpName || null), scope };
}

/** Short, the same whenever it is asked for, and no telling of the company. */
function tenantKey({ channel, id }: SuitePlatform, corpId: string): string {
  return `c${createHash('sha256').update(`${channel}/${id}/${corpId}`).digest('hex').slice(0, 12)}`;
}
