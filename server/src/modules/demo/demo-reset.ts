import type { TenantId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { TenantDirectory } from '../../engine/org/tenant-directory.js';
import { bumpAccess, bumpSchema } from '../../engine/versions.js';
import { Database } from '../../kernel/database/database.js';
import { ident, tenantName } from '../../kernel/database/ident.js';
import { AppError } from '../../kernel/errors/app-error.js';

/** Everything a newcomer makes; people, first roles and the connection stay. Children come before what they refer to. */
const cleared = [
  'task',
  'step',
  'run',
  'flow_version',
  'flow',
  'event',
  'recompute',
  'derived_build',
  'message',
  'import',
  'autonumber',
  'form_counter',
  'dashboard',
  'view',
  'form',
  'app',
];

/** Keys of the roles that every company starts with. */
const firstRoles = ['admin', 'member', 'supervisor', 'boss'];

/** 清空我的企业，重来: only the demonstration's own empty tenant. */
@Injectable()
export class DemoReset {
  constructor(
    private readonly database: Database,
    private readonly tenants: TenantDirectory,
  ) {}

  async reset(tenantId: TenantId): Promise<void> {
    const tenant = (await this.tenants.list()).find((item) => item.id === tenantId);
    if (!tenant?.demo || tenant.key !== 'mine')
      throw new AppError('forbidden', { action: '只能清空演示用的“我的企业”' });
    const forms = await this.database.withTenant({ tenantId }, (tx) =>
      tx.sql<{ id: string }>('SELECT id FROM lianke.form'),
    );
    await this.database.withTenant({ tenantId }, async (tx) => {
      for (const table of cleared) await tx.run(`DELETE FROM lianke.${ident(table)} WHERE tenant_id = $1`, [tenantId]);
      // Roles that came with an app: installing it again brings them anew.
      const brought = `SELECT id FROM lianke.role WHERE NOT system AND (key IS NULL OR key <> ALL($1))`;
      await tx.run(`DELETE FROM lianke.role_member WHERE role_id IN (${brought})`, [firstRoles]);
      await tx.run(`DELETE FROM lianke.role WHERE id IN (${brought})`, [firstRoles]);
      await tx.run(`DELETE FROM ${ident(tenantName(tenantId))}.record_change`);
      await tx.run(`DELETE FROM ${ident(tenantName(tenantId))}.file_ref`);
      await bumpSchema(tx, tenantId);
      await bumpAccess(tx, tenantId);
    });
    await this.database.ddl(tenantId, async (sql) => {
      for (const form of forms)
        await sql(`DROP TABLE IF EXISTS ${ident(tenantName(tenantId))}.${ident(`f_${form.id.replaceAll('-', '')}`)}`);
    });
  }
}
