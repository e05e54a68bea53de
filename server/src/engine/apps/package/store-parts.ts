import { rolePermissions } from '@lianke/shared/org/api';
import type { Tx } from '../../../kernel/database/tx.js';
import { refusal } from '../../../kernel/errors/app-error.js';
import { memberOf, type TenantContext } from '../../context.js';
import { settledDuplicateRule, storeDuplicateRules } from '../../duplicates/duplicate-rules.service.js';
import type { FormMeta } from '../../forms/form-meta.js';
import type { TenantForms } from '../../forms/form-registry.js';
import type { InstallPlan } from './install-plan.js';

/** Everything of a plan but its app, forms and flows, in the transaction that stores these. */
export async function storeParts(
  tx: Tx,
  ctx: TenantContext,
  plan: InstallPlan,
  forms: TenantForms,
  now: Date,
): Promise<void> {
  await storeRoles(tx, ctx, plan);
  await storeFormParts(tx, ctx, plan, (id) => formOf(forms, id));
  await storePages(tx, ctx, plan);
  await storePrints(tx, ctx, plan, now);
  const app = plan.app();
  if (app)
    await tx.run('UPDATE lianke.app SET icon = coalesce($2, icon), nav = coalesce($3, nav) WHERE id = $1', [
      plan.world.appId,
      app.icon,
      app.nav && JSON.stringify(app.nav),
    ]);
}

function formOf(forms: TenantForms, id: string): FormMeta {
  const form = forms.get(id);
  if (!form)
    throw refusal('invalid_definition', {
      zh: '应用包里有内容属于一张没有装上的表单',
      en: 'the package holds something of a form that is not installed',
    });
  return form;
}

async function storeRoles(tx: Tx, ctx: TenantContext, plan: InstallPlan): Promise<void> {
  const keys = new Set(plan.world.roles.map((role) => role.key));
  for (const { id, key, name, design, isNew, forms } of plan.roles()) {
    if (isNew)
      await tx.run('INSERT INTO lianke.role (tenant_id, id, key, name, permissions) VALUES ($1, $2, $3, $4, $5)', [
        ctx.tenantId,
        id,
        keys.has(key) ? null : key,
        name,
        rolePermissions.parse({ design, forms }) as never,
      ]);
    else if (Object.keys(forms).length > 0)
      await tx.run(
        `UPDATE lianke.role SET permissions = jsonb_set(permissions, '{forms}', coalesce(permissions->'forms', '{}') || $2::jsonb)
         WHERE id = $1 AND NOT system`,
        [id, JSON.stringify(forms)],
      );
  }
}

async function storeFormParts(
  tx: Tx,
  ctx: TenantContext,
  plan: InstallPlan,
  form: (id: string) => FormMeta,
): Promise<void> {
  for (const { formId, rules } of plan.duplicates()) {
    const of = form(formId);
    const settled = rules.map((rule, index) => settledDuplicateRule(of, rule, index));
    await storeDuplicateRules(tx, ctx, of, settled);
  }
  for (const { formId, settings } of plan.pools())
    await tx.run(
      `INSERT INTO lianke.pool (tenant_id, form_id, settings) VALUES ($1, $2, $3)
       ON CONFLICT (tenant_id, form_id) DO UPDATE
       SET settings = excluded.settings || jsonb_build_object('claimers', lianke.pool.settings->'claimers', 'managers', lianke.pool.settings->'managers'),
         ran_on = NULL`,
      [ctx.tenantId, form(formId).id, JSON.stringify(settings)],
    );
  for (const { id, definition, isNew } of plan.targets()) {
    const values = [ctx.tenantId, id, form(definition.formId).id, JSON.stringify(definition)];
    await tx.run(
      isNew
        ? 'INSERT INTO lianke.target (tenant_id, id, form_id, definition) VALUES ($1, $2, $3, $4)'
        : 'UPDATE lianke.target SET form_id = $3, definition = $4 WHERE tenant_id = $1 AND id = $2',
      values,
    );
  }
}

async function storePages(tx: Tx, ctx: TenantContext, plan: InstallPlan): Promise<void> {
  for (const { id, formId, definition, sort, isNew } of plan.views()) {
    const values = [ctx.tenantId, id, formId, { ...definition, shared: true } as never];
    if (isNew)
      await tx.run('INSERT INTO lianke.view (tenant_id, id, form_id, definition, sort) VALUES ($1, $2, $3, $4, $5)', [
        ...values,
        sort,
      ]);
    else
      await tx.run('UPDATE lianke.view SET definition = $4 WHERE tenant_id = $1 AND id = $2 AND form_id = $3', values);
  }
  const { appId } = plan.world;
  for (const { id, name, definition, sort, isNew } of plan.dashboards()) {
    const values = [ctx.tenantId, id, appId, name, definition as never];
    if (isNew)
      await tx.run(
        'INSERT INTO lianke.dashboard (tenant_id, id, app_id, name, definition, sort) VALUES ($1, $2, $3, $4, $5, $6)',
        [...values, sort],
      );
    else
      await tx.run(
        `UPDATE lianke.dashboard SET name = $4, definition = $5, version = version + 1, updated_at = now()
         WHERE tenant_id = $1 AND id = $2 AND app_id = $3`,
        values,
      );
  }
}

async function storePrints(tx: Tx, ctx: TenantContext, plan: InstallPlan, now: Date): Promise<void> {
  const defaults = new Set(
    (plan.world.ground?.prints ?? []).filter((print) => print.is_default).map((print) => String(print.form_id)),
  );
  for (const { id, formId, name, fileName, bytes, placeholders, isDefault, isNew } of plan.prints()) {
    const values = [ctx.tenantId, id, formId, name, fileName, bytes, placeholders];
    if (isNew) {
      // The company's own choice stays.
      const first = isDefault && !defaults.has(formId);
      if (first) defaults.add(formId);
      await tx.run(
        `INSERT INTO lianke.print_template (tenant_id, id, form_id, name, file_name, content, placeholders, is_default, created_by, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
        [...values, first, memberOf(ctx), now],
      );
    } else
      await tx.run(
        `UPDATE lianke.print_template SET name = $4, file_name = $5, content = $6, placeholders = $7, updated_at = $8
         WHERE tenant_id = $1 AND id = $2 AND form_id = $3`,
        [...values, now],
      );
  }
}
