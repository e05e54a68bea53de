import type { FieldDef, FieldInput, FormLayout, FormSettings } from '@lianke/shared/forms/definition';
import type { AppId, FormId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError } from '../../kernel/errors/app-error.js';
import type { TenantContext } from '../context.js';
import { DerivedFields } from '../derived/derived-fields.js';
import { bumpSchema } from '../versions.js';
import { type DefinitionWorld, type GivenIds, nextDefinition } from './form-definition.js';
import { FormMeta } from './form-meta.js';
import type { TenantForms } from './form-registry.js';
import { FormsService } from './forms.service.js';
import { keepVersion } from './versions/version-store.js';

/** A form of a set, as it is to be. */
export interface WantedForm {
  id: FormId;
  appId: AppId;
  key: string;
  name: string;
  before: FormMeta | undefined;
  input: { fields: FieldInput[]; layout?: FormLayout; settings?: FormSettings };
  given: GivenIds;
}

/** Several forms that refer to one another and are published together. */
export interface FormSet {
  forms: TenantForms;
  /** New and changed ones, and those whose computed fields follow from them. */
  settled: readonly FormMeta[];
  published: readonly { before: FormMeta | undefined; after: FormMeta }[];
}

/** Publishes forms as a set: planned as one, their columns made as one, stored in the caller's transaction. */
@Injectable()
export class FormSets {
  constructor(
    private readonly derived: DerivedFields,
    private readonly service: FormsService,
  ) {}

  /** Nothing is written. Answers `invalid_definition` or `in_use` naming what is at fault. */
  plan(ctx: TenantContext, forms: TenantForms, wanted: readonly WantedForm[], now: Date): FormSet {
    const byId = new Map(wanted.map((form) => [form.id as string, form]));
    const world: DefinitionWorld = {
      formExists: (id) => byId.has(id) || Boolean(forms.get(id)),
      fieldOf: (id, ref) => {
        const form = byId.get(id);
        return form ? fieldOf(form, ref) : forms.get(id)?.field(ref)?.def;
      },
    };
    const drafts = wanted.map(
      (form) =>
        new FormMeta(
          ctx.tenantId,
          form.id,
          form.appId,
          form.key,
          form.name,
          (form.before?.version ?? 0) + 1,
          form.before?.watched ?? false,
          nextDefinition(form.before?.definition, form.input, { ...world, given: form.given }, now),
          now.toISOString(),
        ),
    );
    const settled = this.derived.settleAll(forms.list, drafts);
    return {
      forms,
      settled,
      published: wanted.map((form, index) => ({
        before: form.before,
        after: settled.find((item) => item.id === form.id) ?? (drafts[index] as FormMeta),
      })),
    };
  }

  /** What only the data, or the rights of whoever publishes, can refuse. */
  async check(ctx: TenantContext, set: FormSet): Promise<void> {
    const made = new Set<string>(set.published.map(({ after }) => after.id));
    for (const { before, after } of set.published) {
      await this.service.requireSight(ctx, before, after, set.settled, made);
      if (before) await this.service.refuseDuplicates(ctx, before, after);
    }
  }

  /** Their columns, in one DDL transaction. */
  makeTables(ctx: TenantContext, set: FormSet): Promise<void> {
    return this.service.makeTables(ctx, set.forms.list, set.settled);
  }

  /** Throws `version_conflict` when one of them changed since it was planned. */
  async store(tx: Tx, ctx: TenantContext, set: FormSet, note: string): Promise<void> {
    for (const { before, after } of set.published) {
      const at = new Date(after.updatedAt);
      if (!before)
        await tx.run(
          `INSERT INTO lianke.form (tenant_id, id, app_id, key, name, definition, sort, created_at, updated_at)
           VALUES ($1, $2, $3, $4, $5, $6, (SELECT coalesce(max(sort), 0) + 1 FROM lianke.form WHERE tenant_id = $1 AND app_id = $3), $7, $7)`,
          [ctx.tenantId, after.id, after.appId, after.key, after.name, after.definition as never, at],
        );
      else {
        const changed = await tx.run(
          `UPDATE lianke.form SET name = $3, definition = $4, version = version + 1, updated_at = $5
           WHERE tenant_id = $1 AND id = $2 AND version = $6 AND deleted_at IS NULL AND NOT converting`,
          [ctx.tenantId, after.id, after.name, after.definition as never, at, before.version],
        );
        if (changed === 0) throw new AppError('version_conflict');
      }
      await keepVersion(tx, ctx, { before, after, at, note });
    }
    const ids = set.published.map(({ after }) => after.id);
    await this.service.storeFollowers(tx, ctx, set.forms.list, set.settled, ...ids);
    await bumpSchema(tx, ctx.tenantId);
  }
}

/** A field that is being published, by its id or key. */
function fieldOf({ input, given }: WantedForm, ref: string): FieldDef | undefined {
  for (const field of input.fields) {
    const id = field.id ?? given.field(field.key ?? '');
    if (field.key !== undefined && id !== undefined && (field.key === ref || id === ref))
      return { ...field, id: id as FieldDef['id'], key: field.key };
  }
  return undefined;
}
