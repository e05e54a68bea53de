import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { Language, Words } from '@lianke/shared/errors/issue-text';
import type { TenantId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import type { TenantContext } from '../../engine/context.js';
import { FormRegistry } from '../../engine/forms/form-registry.js';
import { TenantDirectory } from '../../engine/org/tenant-directory.js';
import { RecordReader } from '../../engine/records/record-reader.js';
import { Database } from '../../kernel/database/database.js';

type Step = AnswerOf<'demo.progress'>['steps'][number];

const notImported: Words = {
  zh: '导入没有完成，可以在导入记录里看原因',
  en: 'The import did not finish; the list of imports says why',
};

/** Which of the ten steps 我的企业 has behind it, as far as the product's own data shows; the sandbox sees the rest. */
@Injectable()
export class DemoProgress {
  /** Somebody opened the rows behind a dashboard's mark since the server started. */
  drilled = false;

  constructor(
    private readonly database: Database,
    private readonly tenants: TenantDirectory,
    private readonly registry: FormRegistry,
    private readonly reader: RecordReader,
  ) {}

  async steps(language: Language): Promise<Step[]> {
    const mine = (await this.tenants.list()).find((tenant) => tenant.key === 'mine');
    if (!mine) return [];
    const ctx = await this.tenants.context(mine.id as TenantId, { kind: 'system', name: 'seed' });
    const imported = await this.importState(ctx);
    const step = (key: string, done: boolean): Step => ({
      key,
      state: done ? 'done' : 'todo',
      reason: null,
      url: null,
    });
    return [
      step('dashboard', this.drilled),
      imported === 'failed'
        ? { key: 'import', state: 'failed', reason: notImported[language], url: null }
        : step('import', imported === 'done'),
      step('flow', await this.hasFlow(ctx)),
      step('visit', await this.visited(ctx)),
      step('extend', await this.extended(ctx)),
    ];
  }

  private async importState(ctx: TenantContext): Promise<string | undefined> {
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ state: string }>('SELECT state FROM lianke.import ORDER BY created_at DESC LIMIT 1'),
    );
    return row?.state;
  }

  private async hasFlow(ctx: TenantContext): Promise<boolean> {
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql('SELECT 1 FROM lianke.flow WHERE enabled AND published_version IS NOT NULL LIMIT 1'),
    );
    return rows.length > 0;
  }

  /** A tag field that a form did not have when it was first made. */
  private async extended(ctx: TenantContext): Promise<boolean> {
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql(
        `SELECT 1 FROM lianke.form f JOIN lianke.form_version v ON v.form_id = f.id AND v.version < f.version,
           jsonb_array_elements(f.definition->'fields') AS field
         WHERE f.deleted_at IS NULL AND field->>'type' = 'tags'
           AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(v.definition->'fields') AS known WHERE known->>'id' = field->>'id')
         LIMIT 1`,
      ),
    );
    return rows.length > 0;
  }

  /** A follow-up that somebody wrote by hand, not one that came with the ledger. */
  private async visited(ctx: TenantContext): Promise<boolean> {
    const form = (await this.registry.forms(ctx)).find((item) => item.key === 'followUp');
    const door =
      form &&
      (await this.database.withTenant(ctx, (tx) =>
        tx.sql<{ n: number }>(
          `SELECT count(*)::int AS n FROM ${form.table.split('.')[0]}.record_change WHERE form_id = $1 AND kind = 'create' AND door <> 'import'`,
          [form.id],
        ),
      ));
    if (door?.[0]) return door[0].n > 0;
    return form !== undefined && (await this.reader.query(ctx, form.id, { limit: 1, total: true })).items.length > 0;
  }
}
