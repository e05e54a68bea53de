import { bare } from '@lianke/shared/fields/sheet-text';
import type { AppId, FormId } from '@lianke/shared/ids';
import type { SheetPlan } from '@lianke/shared/imports/api';
import { Injectable } from '@nestjs/common';
import { Database } from '../../../kernel/database/database.js';
import type { TenantContext } from '../../context.js';
import type { StoredPlan } from '../import-row.js';
import { mappingOf, type RememberedMapping, rememberedMapping, signatureOf } from './remembered-mapping.js';

/** Mappings that headers are learned from. */
const latest = 200;

/** Rows of `lianke.import_mapping`. */
@Injectable()
export class MappingsRepository {
  constructor(private readonly database: Database) {}

  /** What is remembered of sheets with these headers, by the sheet's index. */
  async of(
    ctx: Pick<TenantContext, 'tenantId'>,
    appId: AppId,
    sheets: readonly SheetPlan[],
    formId: FormId | undefined,
  ): Promise<Map<number, RememberedMapping>> {
    const bySignature = new Map(
      sheets.flatMap((sheet) => {
        const signature = sheet.include ? signatureOf(sheet, formId) : undefined;
        return signature ? [[signature, sheet.index] as const] : [];
      }),
    );
    if (bySignature.size === 0) return new Map();
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ signature: string; mapping: unknown }>(
        'SELECT signature, mapping FROM lianke.import_mapping WHERE tenant_id = $1 AND app_id = $2 AND signature = ANY($3::text[])',
        [ctx.tenantId, appId, [...bySignature.keys()]],
      ),
    );
    return new Map(
      rows.flatMap((row) => {
        const mapping = rememberedMapping.safeParse(row.mapping);
        const index = bySignature.get(row.signature);
        return mapping.success && index !== undefined ? [[index, mapping.data] as const] : [];
      }),
    );
  }

  /** Headers that people of the company have put to fields of a form before, `<form>/<header>` → the fields' keys, the latest last. */
  async headers(ctx: Pick<TenantContext, 'tenantId'>, appId: AppId): Promise<Map<string, string>> {
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ mapping: unknown }>(
        `SELECT mapping FROM lianke.import_mapping WHERE tenant_id = $1 AND app_id = $2 ORDER BY used_at DESC LIMIT ${latest}`,
        [ctx.tenantId, appId],
      ),
    );
    const known = new Map<string, string>();
    for (const row of rows.reverse()) {
      const { success, data } = rememberedMapping.safeParse(row.mapping);
      if (!success) continue;
      const forms = new Map(data.targets.map(({ key, formId }) => [key, formId]));
      for (const { header, to } of data.columns) {
        const form = forms.get(to.target ?? '');
        if (form && to.field) known.set(`${form}/${bare(header)}`, to.field);
      }
    }
    return known;
  }

  /** Keeps how the sheets of a finished import went, for whoever imports the like next. */
  async keep(ctx: Pick<TenantContext, 'tenantId'>, appId: AppId, plan: StoredPlan): Promise<void> {
    const rows = plan.sheets
      .filter((sheet) => sheet.include)
      .flatMap((sheet) => {
        // Asked for from the form's own page or from the app's: both find it.
        const main = sheet.targets[0]?.formId ?? undefined;
        const mapping = JSON.stringify(mappingOf(sheet, plan.options));
        return [undefined, main].flatMap((formId) => {
          const signature = signatureOf(sheet, formId);
          return signature ? [{ signature, mapping }] : [];
        });
      });
    if (rows.length === 0) return;
    await this.database.withTenant(ctx, (tx) =>
      tx.run(
        `INSERT INTO lianke.import_mapping (tenant_id, app_id, signature, mapping)
         SELECT DISTINCT ON (s) $1::uuid, $2::uuid, s, m::jsonb FROM unnest($3::text[], $4::text[]) AS v(s, m)
         ON CONFLICT (tenant_id, app_id, signature) DO UPDATE SET mapping = excluded.mapping, used_at = clock_timestamp()`,
        [ctx.tenantId, appId, rows.map((row) => row.signature), rows.map((row) => row.mapping)],
      ),
    );
  }
}
