import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { ident, tenantName } from '../../kernel/database/ident.js';
import { tenantSchemaSql } from './table-ddl.js';

/** A tenant's role and schema: the first wall (design §4). */
@Injectable()
export class TenantSchema {
  constructor(private readonly database: Database) {}

  /** Makes role, schema and common tables; running it again changes nothing. */
  async ensure(tenantId: string): Promise<void> {
    const name = ident(tenantName(tenantId));
    await this.database.asOwner(async (client) => {
      await client.query(
        `DO $$ BEGIN CREATE ROLE ${name} NOLOGIN INHERIT; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
      );
      await client.query(`GRANT lianke_tenant TO ${name}`);
      await client.query(`GRANT ${name} TO lianke_owner, lianke_app`);
      await client.query(`CREATE SCHEMA IF NOT EXISTS ${name} AUTHORIZATION ${name}`);
    });
    await this.database.ddl(tenantId, (sql) => sql(tenantSchemaSql(tenantId)));
  }
}
