import { randomBytes } from 'node:crypto';
import type { TenantId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { AppError } from '../../kernel/errors/app-error.js';
import type { Actor, Cause, TenantContext } from '../context.js';

export interface TenantEntry {
  id: TenantId;
  key: string;
  name: string;
  timeZone: string;
  demo: boolean;
}

/** Which tenants there are, and contexts for work that no request started. */
@Injectable()
export class TenantDirectory {
  constructor(private readonly database: Database) {}

  async list(): Promise<TenantEntry[]> {
    const rows = await this.database.control<{
      tenant_id: TenantId;
      key: string;
      name: string;
      time_zone: string;
      demo: boolean;
    }>('SELECT * FROM lianke.tenant_directory()');
    return rows.map((row) => ({
      id: row.tenant_id,
      key: row.key,
      name: row.name,
      timeZone: row.time_zone,
      demo: row.demo,
    }));
  }

  async byKey(key: string): Promise<TenantEntry | undefined> {
    return (await this.list()).find((tenant) => tenant.key === key);
  }

  /** A context with the tenant's current versions. Unknown tenants answer `not_found`. */
  async context(tenantId: TenantId, actor: Actor, cause: Partial<Cause> = {}): Promise<TenantContext> {
    const [row] = await this.database.control<{ time_zone: string; access_version: number; schema_version: number }>(
      'SELECT * FROM lianke.tenant_versions($1)',
      [tenantId],
    );
    if (!row) throw new AppError('not_found');
    return {
      tenantId,
      timeZone: row.time_zone,
      actor,
      cause: { door: 'system', depth: 0, ...cause },
      accessVersion: row.access_version,
      schemaVersion: row.schema_version,
      traceId: randomBytes(8).toString('hex'),
    };
  }
}
