import type { DuplicateRule, DuplicateRuleView } from '@lianke/shared/duplicates/api';
import type { Words } from '@lianke/shared/errors/issue-text';
import type { FormId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { AccessService } from '../access/access.service.js';
import type { TenantContext } from '../context.js';
import type { FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { bumpSchema } from '../versions.js';
import { DuplicateBuilder } from './duplicate-builder.js';
import { compiledRules, waysOf } from './duplicate-keys.js';
import { keyTable } from './key-statements.js';

interface BuildRow {
  rule: string;
  state: 'building' | 'ready' | 'failed';
  done: number;
  total: number;
}

/** A form's rules about repeated records, as its designers set them. */
@Injectable()
export class DuplicateRulesService {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly builder: DuplicateBuilder,
  ) {}

  async list(ctx: TenantContext, formId: FormId): Promise<DuplicateRuleView[]> {
    const form = await this.open(ctx, formId);
    const builds = await this.database.withTenant(ctx, (tx) =>
      tx.sql<BuildRow>(
        'SELECT rule, state, done, total FROM lianke.duplicate_build WHERE tenant_id = $1 AND form_id = $2',
        [ctx.tenantId, formId],
      ),
    );
    return views(form, builds);
  }

  /** Replaces the rules. Keys of rules that are new, or compare other fields than before, are made in the background. */
  async save(ctx: TenantContext, formId: FormId, wanted: readonly DuplicateRule[]): Promise<DuplicateRuleView[]> {
    const form = await this.open(ctx, formId);
    const rules = wanted.map((rule, index) => settledDuplicateRule(form, rule, index));
    if (new Set(rules.map((rule) => rule.id)).size < rules.length)
      fault('rules', { zh: '两条规则的标识相同', en: 'two rules have the same id' });
    const signatures = rules.map((rule) => signature(rule));
    if (new Set(signatures).size < rules.length)
      fault('rules', { zh: '有两条规则比较的是同样的字段', en: 'two rules compare the same fields' });
    const builds = await this.database.withTenant(ctx, async (tx) => {
      await storeDuplicateRules(tx, ctx, form, rules);
      await bumpSchema(tx, ctx.tenantId);
      return tx.sql<BuildRow>(
        'SELECT rule, state, done, total FROM lianke.duplicate_build WHERE tenant_id = $1 AND form_id = $2',
        [ctx.tenantId, formId],
      );
    });
    this.builder.ring();
    return views(form, builds, rules);
  }

  private async open(ctx: TenantContext, formId: FormId): Promise<FormMeta> {
    const form = await this.registry.form(ctx, formId);
    const access = await this.access.ofForm(ctx, form);
    if (access.actions.size === 0) throw new AppError('not_found');
    if (!access.may('design')) throw refusal('forbidden', { zh: '设计应用', en: 'design the app' });
    return form;
  }
}

/** Stores settled rules; keys of those that are new or compare other fields are made anew by the builder. */
export async function storeDuplicateRules(
  tx: Tx,
  ctx: TenantContext,
  form: FormMeta,
  rules: readonly DuplicateRule[],
): Promise<void> {
  const before = new Map(form.duplicates.map((rule) => [rule.id, signature(rule)]));
  const fresh = rules.filter((rule) => before.get(rule.id) !== signature(rule)).map((rule) => rule.id);
  const gone = [...before.keys()].filter((id) => fresh.includes(id) || !rules.some((rule) => rule.id === id));
  await tx.run('UPDATE lianke.form SET duplicates = $3 WHERE tenant_id = $1 AND id = $2', [
    ctx.tenantId,
    form.id,
    JSON.stringify(rules),
  ]);
  if (gone.length > 0) {
    await tx.run(`DELETE FROM ${keyTable(form)} WHERE form_id = $1 AND rule = ANY($2::text[])`, [form.id, gone]);
    await tx.run(
      'DELETE FROM lianke.duplicate_build WHERE tenant_id = $1 AND form_id = $2 AND rule = ANY($3::text[])',
      [ctx.tenantId, form.id, gone],
    );
  }
  if (fresh.length > 0)
    await tx.run(
      `INSERT INTO lianke.duplicate_build (tenant_id, form_id, rule, total)
       SELECT $1, $2, r, (SELECT count(*) FROM ${form.table}) FROM unnest($3::text[]) r`,
      [ctx.tenantId, form.id, fresh],
    );
}

const signature = (rule: DuplicateRule) => JSON.stringify(rule.fields.map(({ field, as }) => `${field}/${as}`).sort());

/** The rule with its fields as ids, or what is wrong with it. */
export function settledDuplicateRule(form: FormMeta, rule: DuplicateRule, index: number): DuplicateRule {
  const place = `rules.${index}`;
  const fields = rule.fields.map(({ field: ref, as }) => {
    const field = form.field(ref);
    if (!field)
      return fault(place, {
        zh: `查重规则指的字段“${ref}”不存在`,
        en: `a duplicate rule names field "${ref}", which does not exist`,
      });
    const ways = waysOf(field);
    if (ways.length === 0)
      return fault(place, {
        zh: `字段“${field.name}”不能用来查重`,
        en: `field "${field.name}" cannot be used to find duplicates`,
      });
    if (!ways.includes(as))
      return fault(place, {
        zh: `字段“${field.name}”不能按这种方式比较`,
        en: `field "${field.name}" cannot be compared in this way`,
      });
    return { field: field.id as string, as };
  });
  if (new Set(fields.map(({ field }) => field)).size < fields.length)
    fault(place, { zh: '同一条规则里字段重复', en: 'a field stands twice in one rule' });
  return { id: rule.id, fields, action: rule.action };
}

function fault(field: string, words: Words): never {
  throw refusal('invalid_definition', words, {}, { fields: [{ field, code: 'unknown_field' }] });
}

function views(form: FormMeta, builds: readonly BuildRow[], rules = form.duplicates): DuplicateRuleView[] {
  const sound = new Set(compiledRules(form, rules).map((rule) => rule.id));
  return rules.map((rule) => {
    const build = builds.find((item) => item.rule === rule.id);
    const state = sound.has(rule.id) ? (build?.state ?? 'ready') : 'broken';
    return { ...rule, state, done: build?.done ?? 0, total: build?.total ?? 0 };
  });
}
