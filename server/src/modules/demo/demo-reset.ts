import type { TenantId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import { TenantDirectory } from '../../engine/org/tenant-directory.js';
import { bumpAccess, bumpSchema } from '../../engine/versions.js';
import type { Config } from '../../kernel/config/config.js';
import { Database } from '../../kernel/database/database.js';
import { ident, tenantName } from '../../kernel/database/ident.js';
import { tenantTables } from '../../kernel/database/tenant-table.js';
import { refusal } from '../../kernel/errors/app-error.js';
import type { Logger } from '../../kernel/logging/logger.js';
import type { OutboundHttp } from '../../kernel/outbound/outbound-http.js';
import { CONFIG, LOGGER, OUTBOUND } from '../../kernel/tokens.js';
import { DemoProgress } from './demo-progress.js';
import { SandboxClient } from './sandbox-client.js';

/** What a company is made of before anybody built anything: people, their log-ins, the connection, and the audit trail. */
const kept = new Set([
  'audit',
  'callback_inbox',
  'chat_account',
  'chat_choice',
  'chat_connection',
  'chat_department',
  'chat_former_account',
  'chat_stream',
  'chat_token',
  'department',
  'department_closure',
  'department_member',
  'file',
  'invite',
  'login_attempt',
  'member',
  'notify_choice',
  'notify_default',
  'person_link',
  'role',
  'role_member',
  'session',
  'tenant',
]);

/** Keys of the roles that every company starts with. */
const firstRoles = ['admin', 'member', 'supervisor', 'boss'];

/** 清空我的企业，重来: only the demonstration's own empty tenant. */
@Injectable()
export class DemoReset {
  constructor(
    private readonly database: Database,
    private readonly tenants: TenantDirectory,
    private readonly progress: DemoProgress,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(OUTBOUND) private readonly http: OutboundHttp,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async reset(tenantId: TenantId): Promise<void> {
    const tenant = (await this.tenants.list()).find((item) => item.id === tenantId);
    if (!tenant?.demo || tenant.key !== 'mine')
      throw refusal('forbidden', {
        zh: '只能清空演示用的“我的企业”',
        en: 'only the demo company "我的企业" can be emptied',
      });
    const schema = tenantName(tenantId);
    const tables = await this.tables(schema);
    const ofRecords = tables.filter((name) => name.startsWith('f_'));
    await this.database.withTenant({ tenantId }, async (tx) => {
      for (const table of tenantTables)
        if (!kept.has(table)) await tx.run(`DELETE FROM lianke.${ident(table)} WHERE tenant_id = $1`, [tenantId]);
      // Roles that came with an app: installing it again brings them anew.
      const brought = `SELECT id FROM lianke.role WHERE NOT system AND (key IS NULL OR key <> ALL($1))`;
      await tx.run(`DELETE FROM lianke.role_member WHERE role_id IN (${brought})`, [firstRoles]);
      await tx.run(`DELETE FROM lianke.role WHERE id IN (${brought})`, [firstRoles]);
      for (const table of tables)
        if (!ofRecords.includes(table)) await tx.run(`DELETE FROM ${ident(schema)}.${ident(table)}`);
      await bumpSchema(tx, tenantId);
      await bumpAccess(tx, tenantId);
    });
    await this.database.ddl(tenantId, async (sql) => {
      for (const table of ofRecords) await sql(`DROP TABLE IF EXISTS ${ident(schema)}.${ident(table)} CASCADE`);
    });
    await this.beginAnew();
  }

  /** The walk begins at its first step again; a stage that does not answer keeps its ticks and nothing else. */
  private async beginAnew(): Promise<void> {
    this.progress.drilled = false;
    if (!this.config.sandbox) return;
    try {
      await new SandboxClient(this.http, this.config.wecom.apiBase).forgetWalk();
    } catch (error) {
      this.logger.warn({ err: error }, 'the stage keeps its ticks');
    }
  }

  private async tables(schema: string): Promise<string[]> {
    const rows = await this.database.control<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relkind = 'r'`,
      [schema],
    );
    return rows.map((row) => row.name);
  }
}
