import type { TenantId } from '@lianke/shared/ids';
import type { Database } from '../../../kernel/database/database.js';
import { ident, tenantName, uuidLiteral } from '../../../kernel/database/ident.js';
import type { FileStorage } from '../../../kernel/storage/file-storage.js';

/** A connection of the owner. */
export type Client = Parameters<Parameters<Database['asOwner']>[0]>[0];

/** How much of a company there is. */
export interface Amounts {
  /** Rows by shared table, without empty ones. */
  rows: Record<string, number>;
  /** Tables of its own: one a form, and a few more. */
  tables: number;
  files: number;
}

/** Where the keys of stored files are. */
const fileKeys = `
  SELECT storage_key::text AS key FROM lianke.file WHERE tenant_id = $1
  UNION SELECT storage_key::text FROM lianke.import WHERE tenant_id = $1
  UNION SELECT id::text FROM lianke.export WHERE tenant_id = $1 AND state = 'done'
  UNION SELECT id::text FROM lianke.report_picture WHERE tenant_id = $1`;
/** A transaction holds a lock on every table that it drops. */
const tablesAtOnce = 40;
/** Where jobs wait, and where those are that failed for good. */
const jobTables = ['graphile_worker._private_jobs', 'lianke.dead_letter'];

/**
 * Everything that one tenant has, to be counted and deleted. Every statement names the tenant and runs behind its wall too:
 * nothing of anybody else can be reached by a mistake in one of the two.
 */
export class CompanyData {
  constructor(
    private readonly database: Database,
    private readonly storage: Pick<FileStorage, 'delete'>,
  ) {}

  async amounts(tenantId: TenantId): Promise<Amounts> {
    return behindWall(this.database, tenantId, async (client) => {
      const rows: Record<string, number> = {};
      for (const table of await sharedTables(client)) {
        const counted = await client.query(
          `SELECT count(*)::int AS n FROM lianke.${ident(table)} WHERE tenant_id = $1`,
          [tenantId],
        );
        const n = Number(counted.rows[0]?.n ?? 0);
        if (n > 0) rows[table] = n;
      }
      const files = (await client.query(fileKeys, [tenantId])).rows.length;
      return { rows, tables: (await ownTables(client, tenantId)).length, files };
    });
  }

  /**
   * Files first, because only the rows know them; the tenant's own row last. Stopped in between and run again it goes on.
   * Answers what was there when it began.
   */
  async delete(tenantId: TenantId): Promise<Amounts> {
    const amounts = await this.amounts(tenantId);
    const files = await behindWall(
      this.database,
      tenantId,
      async (client) => (await client.query(fileKeys, [tenantId])).rows,
    );
    for (const { key } of files) await this.storage.delete(String(key));
    await this.dropOwn(tenantId);
    await behindWall(this.database, tenantId, async (client) => {
      const tables = (await sharedTables(client)).filter((each) => each !== 'tenant');
      // Triggers write rows about what is deleted, perhaps where nothing was left: until there is no more.
      for (let left = true; left; ) {
        left = false;
        for (const table of tables) if ((await deleteRows(client, table, tenantId)) > 0) left = true;
      }
      await deleteRows(client, 'tenant', tenantId);
    });
    await this.database.asOwner(async (client) => {
      for (const table of jobTables) {
        const { rows } = await client.query('SELECT to_regclass($1) IS NOT NULL AS there', [table]);
        if (rows[0]?.there) await client.query(`DELETE FROM ${table} WHERE payload->>'tenantId' = $1`, [tenantId]);
      }
    });
    return amounts;
  }

  /** Its tables of records, schema and role. */
  private async dropOwn(tenantId: TenantId): Promise<void> {
    const name = tenantName(tenantId);
    const tables = await this.database.asOwner((client) => ownTables(client, tenantId));
    const { rows } = await this.database.asOwner((client) =>
      client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [name]),
    );
    if (rows.length === 0) return;
    for (let at = 0; at < tables.length; at += tablesAtOnce)
      await this.database.ddl(tenantId, async (sql) => {
        for (const table of tables.slice(at, at + tablesAtOnce))
          await sql(`DROP TABLE IF EXISTS ${ident(name)}.${ident(table)} CASCADE`);
      });
    await this.database.asOwner(async (client) => {
      await client.query(`DROP OWNED BY ${ident(name)} CASCADE`);
      await client.query(`DROP ROLE ${ident(name)}`);
    });
  }
}

/** One transaction of the owner, in which row security shows this tenant only, and the directory's tables. */
export function behindWall<T>(
  database: Database,
  tenantId: TenantId,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  return database.asOwner(async (client) => {
    await client.query(`BEGIN; SET LOCAL app.tenant = ${uuidLiteral(tenantId)}`);
    try {
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    }
  });
}

async function deleteRows(client: Client, table: string, tenantId: TenantId): Promise<number> {
  const { rows } = await client.query(
    `WITH gone AS (DELETE FROM lianke.${ident(table)} WHERE tenant_id = $1 RETURNING 1) SELECT count(*)::int AS n FROM gone`,
    [tenantId],
  );
  return Number(rows[0]?.n ?? 0);
}

/** Every table of schema `lianke` with tenants' rows, as the database has them: none can be forgotten. */
async function sharedTables(client: Client): Promise<string[]> {
  const { rows } = await client.query(
    `SELECT c.relname AS name FROM pg_class c
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
     WHERE c.relkind IN ('r','p') AND NOT c.relispartition AND c.relnamespace = 'lianke'::regnamespace ORDER BY 1`,
  );
  return rows.map((row) => String(row.name));
}

async function ownTables(client: Client, tenantId: TenantId): Promise<string[]> {
  const { rows } = await client.query(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relkind IN ('r','p') ORDER BY 1`,
    [tenantName(tenantId)],
  );
  return rows.map((row) => String(row.name));
}
