import type { TenantId } from '@lianke/shared/ids';
import type { Clock } from '../../../kernel/clock/clock.js';
import type { Database } from '../../../kernel/database/database.js';
import type { FileStorage } from '../../../kernel/storage/file-storage.js';
import { type Amounts, behindWall, type Client, CompanyData } from './company-data.js';

/** A company that took the app of the directory away. Instants are RFC 3339. */
export interface DepartedCompany {
  tenantId: TenantId;
  corpName: string;
  channel: string;
  cancelledAt: string;
  deleteAfter: string;
  /** The time that it had to come back is over. */
  due: boolean;
  /** Its deletion was begun and did not end. */
  interrupted: boolean;
}

/** Why a company's data is not deleted. */
export class KeptCompany extends Error {
  constructor(readonly reason: 'unknown' | 'not-due' | 'in-use') {
    super(reason);
    this.name = 'KeptCompany';
  }
}

const columns = `corp_name AS "corpName", channel, cancelled_at AS "cancelledAt", delete_after AS "deleteAfter"`;

/**
 * Deletes the data of companies that took the app away, when the time that their contract gives them is over. Nothing
 * calls it by itself: an operator does, having seen what will go.
 */
export class DepartedCompanies {
  private readonly data: CompanyData;

  constructor(
    private readonly parts: { database: Database; storage: Pick<FileStorage, 'delete'>; clock: Pick<Clock, 'now'> },
  ) {
    this.data = new CompanyData(parts.database, parts.storage);
  }

  /** Whoever went first on top. */
  async list(): Promise<DepartedCompany[]> {
    const now = this.parts.clock.now();
    const { rows } = await this.parts.database.asOwner((client) =>
      client.query(
        `SELECT tenant_id AS "tenantId", ${columns}, delete_after <= $1 AS due, false AS interrupted
         FROM lianke.suite_install WHERE state = 'cancelled'
         UNION ALL
         SELECT id, ${columns}, true, true FROM lianke.company_deletion WHERE finished_at IS NULL
         ORDER BY "cancelledAt", "tenantId"`,
        [now],
      ),
    );
    return rows as unknown as DepartedCompany[];
  }

  /** What {@link delete} would delete. @throws KeptCompany when it would refuse */
  async preview(tenantId: TenantId): Promise<Amounts> {
    await behindWall(this.parts.database, tenantId, (client) => this.require(client, tenantId));
    return this.data.amounts(tenantId);
  }

  /**
   * Deletes everything of a company for good, and keeps a row about that. A deletion that was interrupted is gone on with.
   * @param operator who does it
   * @throws KeptCompany
   */
  async delete(tenantId: TenantId, operator: string): Promise<Amounts> {
    await this.begin(tenantId, operator);
    const amounts = await this.data.delete(tenantId);
    await this.parts.database.asOwner(async (client) => {
      // Codes and grants that its installation left behind.
      await client.query(
        `DELETE FROM lianke.suite_inbox WHERE connection_id = (SELECT connection_id FROM lianke.company_deletion WHERE id = $1)`,
        [tenantId],
      );
      await client.query(
        'UPDATE lianke.company_deletion SET finished_at = clock_timestamp(), counts = $2 WHERE id = $1',
        [tenantId, JSON.stringify(amounts)],
      );
    });
    return amounts;
  }

  /** From here on a company that adds the app again is a new one. */
  private async begin(tenantId: TenantId, operator: string): Promise<void> {
    await behindWall(this.parts.database, tenantId, async (client) => {
      const { interrupted } = await this.require(client, tenantId);
      if (interrupted) return;
      await client.query(
        `INSERT INTO lianke.company_deletion (id, connection_id, channel, suite_id, corp_name, cancelled_at, delete_after, operator)
         SELECT tenant_id, connection_id, channel, suite_id, corp_name, cancelled_at, delete_after, $2
         FROM lianke.suite_install WHERE tenant_id = $1`,
        [tenantId, operator],
      );
      await client.query('DELETE FROM lianke.suite_install WHERE tenant_id = $1', [tenantId]);
    });
  }

  private async require(client: Client, tenantId: TenantId): Promise<{ interrupted: boolean }> {
    const begun = await client.query('SELECT 1 FROM lianke.company_deletion WHERE id = $1 AND finished_at IS NULL', [
      tenantId,
    ]);
    if (begun.rows.length > 0) return { interrupted: true };
    const { rows } = await client.query(
      `SELECT state, delete_after <= $2 AS due FROM lianke.suite_install WHERE tenant_id = $1 FOR UPDATE`,
      [tenantId, this.parts.clock.now()],
    );
    if (rows.length === 0) throw new KeptCompany('unknown');
    if (rows.some((row) => row.state !== 'cancelled')) throw new KeptCompany('in-use');
    // An app of its own that works: the company is still served.
    const live = await client.query(
      'SELECT 1 FROM lianke.chat_connection WHERE tenant_id = $1 AND secret_cipher IS NOT NULL LIMIT 1',
      [tenantId],
    );
    if (live.rows.length > 0) throw new KeptCompany('in-use');
    if (!rows.every((row) => row.due)) throw new KeptCompany('not-due');
    return { interrupted: false };
  }
}
