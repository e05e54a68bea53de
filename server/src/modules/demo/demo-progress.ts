import type { AnswerOf } from '@lianke/shared/api/contracts';
import { crmForm } from '@lianke/shared/apps/crm-forms';
import type { Language, Words } from '@lianke/shared/errors/issue-text';
import type { TenantId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import type { TenantContext } from '../../engine/context.js';
import type { FormMeta } from '../../engine/forms/form-meta.js';
import { FormRegistry } from '../../engine/forms/form-registry.js';
import { TenantDirectory } from '../../engine/org/tenant-directory.js';
import { Database } from '../../kernel/database/database.js';
import type { SqlValue, Tx } from '../../kernel/database/tx.js';

type Step = AnswerOf<'demo.progress'>['steps'][number];

const notImported: Words = {
  zh: '导入没有完成，可以在导入记录里看原因',
  en: 'The import did not finish; the list of imports says why',
};

/** An app as the pages know it. */
interface AppRow {
  id: string;
  key: string | null;
}

/** Which of the ten steps 我的企业 has behind it, as far as the product's own data shows; the sandbox sees the rest. */
@Injectable()
export class DemoProgress {
  /** Somebody opened the rows behind a dashboard's mark since the server started, or since all began anew. */
  drilled = false;

  constructor(
    private readonly database: Database,
    private readonly tenants: TenantDirectory,
    private readonly registry: FormRegistry,
  ) {}

  async steps(language: Language): Promise<Step[]> {
    const mine = (await this.tenants.list()).find((tenant) => tenant.key === 'mine');
    if (!mine) return [];
    const ctx = await this.tenants.context(mine.id as TenantId, { kind: 'system', name: 'seed' });
    const imported = await this.importState(ctx);
    const [apps, forms] = [await this.apps(ctx), await this.registry.forms(ctx)];
    const form = (name: Parameters<typeof crmForm>[1]) =>
      crmForm<{ apps: AppRow[]; forms: readonly FormMeta[] }>({ apps, forms }, name);
    const customer = form('customer');
    const appId = customer?.appId ?? apps[0]?.id;
    const manage = (tab: string) =>
      customer && `/apps/${customer.appId}/forms/${customer.id}/manage/${tab}?company=mine`;
    const importPage = appId && `/apps/${appId}/import?company=mine`;
    const step = (key: string, done: boolean, url: string | undefined = undefined): Step => ({
      key,
      state: done ? 'done' : 'todo',
      reason: null,
      url: url ?? null,
    });
    return [
      step('dashboard', this.drilled, await this.fullDashboard()),
      imported === 'failed'
        ? { key: 'import', state: 'failed', reason: notImported[language], url: importPage ?? null }
        : step('import', imported === 'done', importPage),
      step('assign', false, importPage),
      step('flow', await this.builtFlow(ctx), manage('flows')),
      step(
        'customer',
        await this.wrote(ctx, customer),
        customer && `/apps/${customer.appId}/forms/${customer.id}?company=mine`,
      ),
      step('visit', await this.wrote(ctx, form('followUp'))),
      step('contract', await this.approved(ctx, form('contract'))),
      step('overdue', await this.reminded(ctx)),
      step('extend', await this.extended(ctx), manage('design')),
    ];
  }

  /** The page in 演示企业 whose marks open their rows. */
  private async fullDashboard(): Promise<string | undefined> {
    const full = (await this.tenants.list()).find((tenant) => tenant.key === 'demo');
    if (!full) return undefined;
    const [board] = await this.database.withTenant({ tenantId: full.id }, (tx) =>
      tx.sql<{ id: string; app_id: string }>('SELECT id, app_id FROM lianke.dashboard ORDER BY created_at, id LIMIT 1'),
    );
    return board && `/apps/${board.app_id}/dashboards/${board.id}?company=demo`;
  }

  private async apps(ctx: TenantContext): Promise<AppRow[]> {
    return this.database.withTenant(ctx, (tx) =>
      tx.sql<AppRow>('SELECT id, key FROM lianke.app ORDER BY sort, created_at, id'),
    );
  }

  private async importState(ctx: TenantContext): Promise<string | undefined> {
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ state: string }>('SELECT state FROM lianke.import ORDER BY created_at DESC LIMIT 1'),
    );
    return row?.state;
  }

  private async any(ctx: TenantContext, sql: string, values: readonly SqlValue[] = []): Promise<boolean> {
    const rows = await this.database.withTenant(ctx, (tx: Tx) => tx.sql(`${sql} LIMIT 1`, [...values]));
    return rows.length > 0;
  }

  /** A flow that somebody built or published anew; those of a template came into being together with its app. */
  private builtFlow(ctx: TenantContext): Promise<boolean> {
    return this.any(
      ctx,
      `SELECT 1 FROM lianke.flow f JOIN lianke.app a ON a.tenant_id = f.tenant_id AND a.id = f.app_id
       WHERE f.enabled AND f.published_version IS NOT NULL AND (f.created_at > a.created_at OR f.published_version > 1)`,
    );
  }

  /** A contract that somebody approved. */
  private async approved(ctx: TenantContext, contract: FormMeta | undefined): Promise<boolean> {
    if (!contract) return false;
    return this.any(ctx, `SELECT 1 FROM lianke.task WHERE form_id = $1 AND state = 'approved'`, [contract.id]);
  }

  /** A reminder that went out. */
  private reminded(ctx: TenantContext): Promise<boolean> {
    return this.any(ctx, `SELECT 1 FROM lianke.message WHERE topic = 'reminder' AND state = 'sent'`);
  }

  /** A tag field that a form did not have when it was first made. */
  private extended(ctx: TenantContext): Promise<boolean> {
    return this.any(
      ctx,
      `SELECT 1 FROM lianke.form f JOIN lianke.form_version v ON v.form_id = f.id AND v.version < f.version,
         jsonb_array_elements(f.definition->'fields') AS field
       WHERE f.deleted_at IS NULL AND field->>'type' = 'tags'
         AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(v.definition->'fields') AS known WHERE known->>'id' = field->>'id')`,
    );
  }

  /** A record that somebody wrote by hand, not one that came with the ledger. */
  private async wrote(ctx: TenantContext, form: FormMeta | undefined): Promise<boolean> {
    if (!form) return false;
    const schema = form.table.split('.')[0];
    return this.any(
      ctx,
      `SELECT 1 FROM ${schema}.record_change WHERE form_id = $1 AND kind = 'create' AND door NOT IN ('import','flow')`,
      [form.id],
    );
  }
}
