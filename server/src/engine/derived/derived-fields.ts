import type { Words } from '@lianke/shared/errors/issue-text';
import type { DerivedBuild } from '@lianke/shared/forms/derived';
import { DerivedFault, DerivedResolver } from '@lianke/shared/formulas/derived-resolver';
import type { FormId, TenantId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { dateIn } from '@lianke/shared/time/zone';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { CLOCK } from '../../kernel/tokens.js';
import { AccessService } from '../access/access.service.js';
import type { TenantContext } from '../context.js';
import { type FieldMeta, FormMeta } from '../forms/form-meta.js';
import { FormRegistry, TenantForms } from '../forms/form-registry.js';
import { RuleFault, ruleFault, settledChecks } from '../forms/settled-rules.js';
import { sameJson } from '../same-json.js';
import { derivationsOf } from './derivations.js';
import { formulaForm, worldOf } from './world.js';

/** Derived fields while forms are published, and how far their values are. */
@Injectable()
export class DerivedFields {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The forms with their derived fields settled: `changed` with references as ids and results known, and every other
   * form whose derived fields follow from it. Answers `invalid_definition` naming the field at fault, or `in_use` when
   * a field elsewhere could not be computed any more.
   */
  settle(before: readonly FormMeta[], changed: FormMeta): FormMeta[] {
    return this.settleAll(before, [changed]);
  }

  /** {@link settle} for several forms that change together. */
  settleAll(before: readonly FormMeta[], changed: readonly FormMeta[]): FormMeta[] {
    const ids = new Set<string>(changed.map((form) => form.id));
    // The published forms first: what is wrong with their own fields is told by their names.
    const next = [...changed, ...before.filter((form) => !ids.has(form.id))];
    const resolver = new DerivedResolver(withParts(next).map(formulaForm));
    const all = next.flatMap((form) => {
      if (!ids.has(form.id) && !withParts([form]).some((item) => item.fields.some((field) => field.derived))) return [];
      const configs = new Map(
        withParts([form]).flatMap((item) => [...(this.settledOf(resolver, before, changed, item) ?? [])]),
      );
      const settled = <Def extends { id?: string; config: Record<string, Json> }>(field: Def): Def => ({
        ...field,
        config: configs.get(field.id ?? '') ?? field.config,
      });
      const fields = form.definition.fields.map((field) =>
        field.type === 'subform'
          ? { ...field, config: { ...field.config, fields: (field.config.fields as never[]).map(settled) } }
          : settled(field),
      );
      const same = sameJson(fields, form.definition.fields);
      return same && !ids.has(form.id) ? [] : [withDefinition(form, { fields })];
    });
    return this.withRules(before, all, ids);
  }

  /** The forms with their checks settled. Rules that read computed fields can be asked only now that their results are known. */
  private withRules(
    before: readonly FormMeta[],
    settled: readonly FormMeta[],
    published: ReadonlySet<string>,
  ): FormMeta[] {
    const ids = new Set<string>(settled.map((form) => form.id));
    const world = new TenantForms([...before.filter((form) => !ids.has(form.id)), ...settled]);
    return settled.map((form) => {
      const done = ruledForm(form, world);
      if (done instanceof FormMeta) return done;
      if (published.has(form.id)) throw refusal('invalid_definition', done);
      // What was broken before this change does not stand in its way.
      const old = before.find((item) => item.id === form.id);
      if (old && !(ruledForm(old, new TenantForms([...before])) instanceof FormMeta)) return form;
      throw refusal('in_use', { zh: `${form.name}（${done.zh}）`, en: `${form.name} (${done.en})` });
    });
  }

  private settledOf(
    resolver: DerivedResolver,
    before: readonly FormMeta[],
    changed: readonly FormMeta[],
    form: FormMeta,
  ) {
    try {
      return resolver.settle(form.id);
    } catch (error) {
      if (!(error instanceof DerivedFault)) throw error;
      if (withParts(changed).some((item) => item.id === error.form.id))
        throw refusal('invalid_definition', {
          zh: `字段“${error.field.name}”：${error.message}`,
          en: `field "${error.field.name}": ${error.words.en}`,
        });
      // What was broken before this change does not stand in its way.
      if (!this.stood(before, form.id)) return undefined;
      const name = `${error.form.name}.${error.field.name}`;
      throw refusal('in_use', { zh: `${name}（${error.words.zh}）`, en: `${name} (${error.words.en})` });
    }
  }

  private stood(before: readonly FormMeta[], formId: string): boolean {
    try {
      new DerivedResolver(withParts(before).map(formulaForm)).settle(formId);
      return true;
    } catch (error) {
      if (error instanceof DerivedFault) return false;
      throw error;
    }
  }

  /** Derived fields that read a form's records: why it cannot be removed. */
  readersOf(forms: TenantForms, formId: FormId): string[] {
    return derivationsOf(forms)
      .all.filter(
        (item) =>
          (item.form.owner?.form ?? item.form).id !== formId &&
          item.inputs.some((input) => input.steps.some((step) => step.to.id === formId)),
      )
      .map((item) => `${item.form.name}.${item.field.name}`);
  }

  /** Has the derived fields that are new or changed, or read a changed field, computed for all rows in the background. */
  async requestBuilds(
    tx: Tx,
    ctx: TenantContext,
    before: readonly FormMeta[],
    settled: readonly FormMeta[],
  ): Promise<void> {
    const old = new Map(withParts(before).map((form) => [form.id, form]));
    const next = new TenantForms([
      ...before.filter((form) => !settled.some((item) => item.id === form.id)),
      ...settled,
    ]);
    const changed = (form: FormMeta, field: FieldMeta) =>
      settled.includes(form.owner?.form ?? form) &&
      (!sameJson(old.get(form.id)?.field(field.id)?.def.config ?? null, field.def.config) ||
        old.get(form.id)?.field(field.id)?.def.type !== field.def.type);
    const rows = derivationsOf(next)
      .all.filter(
        (item) =>
          item.field.derived &&
          (changed(item.form, item.field) ||
            item.inputs.some((input) => input.field && changed(input.form, input.field))),
      )
      .map((item) => ({ form: item.form.id, field: item.field.id }));
    if (rows.length === 0) return;
    await tx.run(
      `INSERT INTO lianke.derived_build (tenant_id, form_id, field, day) SELECT $1, f, n, $4 FROM unnest($2::uuid[], $3::text[]) AS q(f, n)
       ON CONFLICT (tenant_id, form_id, field) DO UPDATE SET state = 'waiting', cursor = NULL, done = 0, total = NULL, error = NULL,
         day = excluded.day, lease_until = NULL, epoch = lianke.derived_build.epoch + 1, created_at = clock_timestamp(), finished_at = NULL`,
      [ctx.tenantId, rows.map((row) => row.form), rows.map((row) => row.field), dateIn(ctx.timeZone, this.clock.now())],
    );
  }

  /** How far a form's derived fields are, for whoever may open it; finished ones are left out. */
  async builds(ctx: TenantContext, formId: FormId): Promise<DerivedBuild[]> {
    const form = await this.registry.form(ctx, formId);
    const access = await this.access.ofForm(ctx, form);
    if (!access.may('view') && !access.may('design')) throw new AppError('not_found');
    const accessOf = await this.access.ofForms(ctx);
    const forms = [form, ...form.parts];
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ form_id: FormId; field: string; state: 'waiting' | 'failed'; done: number; total: number | null }>(
        `SELECT form_id, field, state, done, total FROM lianke.derived_build
         WHERE form_id = ANY($1::uuid[]) AND state <> 'done' ORDER BY created_at, field`,
        [forms.map((item) => item.id)],
      ),
    );
    return rows.flatMap(({ form_id, field: id, state, done, total }) => {
      const of = forms.find((item) => item.id === form_id);
      const field = of?.field(id);
      if (!of || !field || !accessOf(of.id).mayRead(field)) return [];
      const name = of === form ? field.name : `${of.owner?.field.name ?? of.name}.${field.name}`;
      return [{ field: field.id, name, state, done, total }];
    });
  }
}

/** The forms, each followed by those of its subforms' rows. */
function withParts(forms: readonly FormMeta[]): FormMeta[] {
  return forms.flatMap((form) => [form, ...form.parts]);
}

/** The form with its checks settled, or what is wrong with its rules. */
function ruledForm(form: FormMeta, forms: TenantForms): FormMeta | Words {
  try {
    const checks = settledChecks(form, worldOf(forms.all));
    const settings = { ...form.settings, ...(checks && { checks }) };
    const next = sameJson(settings, form.settings) ? form : withDefinition(form, { settings });
    return ruleFault(next, forms) ?? next;
  } catch (error) {
    if (error instanceof RuleFault) return error.words;
    throw error;
  }
}

function withDefinition(form: FormMeta, changed: Partial<FormMeta['definition']>): FormMeta {
  return new FormMeta(
    form.tenantId as TenantId,
    form.id,
    form.appId,
    form.key,
    form.name,
    form.version,
    form.watched,
    { ...form.definition, ...changed },
    form.updatedAt,
    undefined,
    [],
    false,
    form.vault,
  );
}
