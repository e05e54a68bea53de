import { standInFor } from '@lianke/shared/chat/stand-in';
import type { ConnectionId, TenantId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Database } from '../../../kernel/database/database.js';
import type { Tx } from '../../../kernel/database/tx.js';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import type { Installation, SuiteScope } from '../port/suite.js';
import type { StandIn } from '../stand-in.js';
import type { SuiteId } from './suite-tokens.js';

interface Row {
  tenant_id: TenantId;
  connection_id: ConnectionId;
  state: Installation['state'];
}

/** What the connection page tells of an installation. Instants are RFC 3339. */
export interface InstallFacts {
  state: Installation['state'];
  corpName: string;
  scope: SuiteScope;
  /** Members through this connection of whom only a stand-in is known. */
  nameless: number;
  installedAt: string | null;
  cancelledAt: string | null;
  deleteAfter: string | null;
}

/** Which tenant each company is that added an app of the directory: rows of `lianke.suite_install`. */
@Injectable()
export class SuiteInstalls {
  constructor(private readonly database: Database) {}

  async find(suite: SuiteId, corpId: string): Promise<Installation | null> {
    const [row] = await this.database.control<Row>('SELECT * FROM lianke.suite_install_of($1, $2, $3)', [
      suite.channel,
      suite.id,
      corpId,
    ]);
    return row ? plain(row) : null;
  }

  /**
   * The installation of a company, made when it is new. Its tenant's and connection's ids are settled here for ever, so that
   * everything that follows may be done twice, or by two at once, and is one tenant all the same.
   */
  async begin(suite: SuiteId, corpId: string, corpName: string): Promise<Installation> {
    const [row] = await this.database.control<Row>('SELECT * FROM lianke.suite_install_begin($1, $2, $3, $4, $5, $6)', [
      suite.channel,
      suite.id,
      corpId,
      corpName,
      uuid7(),
      uuid7(),
    ]);
    if (!row) throw new Error(`no installation of ${suite.channel}/${suite.id}`);
    return plain(row);
  }

  /** Those in force, with the moment when their licences were read last. */
  async active(): Promise<{ tenantId: TenantId; connectionId: ConnectionId; licencesAt: string | null }[]> {
    const rows = await this.database.control<{
      tenant_id: TenantId;
      connection_id: ConnectionId;
      licences_at: string | null;
    }>('SELECT * FROM lianke.suite_installs()');
    return rows.map((row) => ({
      tenantId: row.tenant_id,
      connectionId: row.connection_id,
      licencesAt: row.licences_at,
    }));
  }

  async facts(tx: Tx, connectionId: ConnectionId): Promise<InstallFacts | null> {
    const [row] = await tx.sql<Omit<InstallFacts, 'nameless'>>(
      `SELECT state, corp_name AS "corpName", scope, installed_at AS "installedAt", cancelled_at AS "cancelledAt",
         delete_after AS "deleteAfter" FROM lianke.suite_install WHERE connection_id = $1`,
      [connectionId],
    );
    if (!row) return null;
    const people = await tx.sql<StandIn>(
      `SELECT a.userid, m.name AS text FROM lianke.chat_account a JOIN lianke.member m ON m.id = a.member_id
       WHERE a.connection_id = $1 AND m.state = 'active'`,
      [connectionId],
    );
    return { ...row, nameless: people.filter((one) => one.text === standInFor(one.userid)).length };
  }

  /** The company's consent stands, also after it had been taken back. @throws Error when its data was deleted meanwhile */
  async activate(tx: Tx, connectionId: ConnectionId, { corpName, scope, at }: ActiveFacts): Promise<void> {
    const changed = await tx.run(
      `UPDATE lianke.suite_install SET state = 'active', corp_name = coalesce($2, corp_name), scope = $3,
         installed_at = CASE WHEN state = 'active' THEN installed_at ELSE $4 END, cancelled_at = NULL, delete_after = NULL
       WHERE connection_id = $1`,
      [connectionId, corpName, { ...scope }, at],
    );
    if (changed === 0) throw new Error('the installation is gone: its data was deleted');
  }

  async cancel(tx: Tx, connectionId: ConnectionId, at: Date, deleteAfter: Date): Promise<void> {
    await tx.run(
      `UPDATE lianke.suite_install SET state = 'cancelled', cancelled_at = $2, delete_after = $3
       WHERE connection_id = $1 AND state <> 'cancelled'`,
      [connectionId, at, deleteAfter],
    );
  }
}

interface ActiveFacts {
  corpName: string | null;
  scope: SuiteScope;
  at: Date;
}

function plain(row: Row): Installation {
  return { tenantId: row.tenant_id, connectionId: row.connection_id, state: row.state };
}
