import { parentPrefix } from '@lianke/shared/forms/deciders';
import type { TryLinkedBody } from '@lianke/shared/forms/versions';
import type { FormId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { Injectable } from '@nestjs/common';
import { Database } from '../../../kernel/database/database.js';
import { AppError } from '../../../kernel/errors/app-error.js';
import { AccessService } from '../../access/access.service.js';
import { type FormAccess, fullAccess } from '../../access/form-access.js';
import type { TenantContext } from '../../context.js';
import { draftForm } from '../../forms/draft-form.js';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import { FormRegistry } from '../../forms/form-registry.js';
import { OrgDirectory } from '../../org/org-directory.js';
import type { StoredValues } from '../contracts.js';
import { labelsFor } from '../labels.js';
import { rowKey } from '../present.js';
import { ScopeBuilder } from '../scope-builder.js';
import type { ReadScope } from '../sql/read-scope.js';
import { linkedFields, takeLinked } from './linked-values.js';

/** What linked fields would take while a record is being filled in: the same values its saving fills in. */
@Injectable()
export class LinkedService {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly scopes: ScopeBuilder,
    private readonly org: OrgDirectory,
  ) {}

  /** The same of a single record. */
  async take(
    ctx: TenantContext,
    formId: FormId,
    values: Readonly<Record<string, Json>>,
    changed: readonly string[],
  ): Promise<Record<string, Json>> {
    const [taken = {}] = await this.takeAll(ctx, formId, [{ values, changed }]);
    return taken;
  }

  /**
   * @param formId a form, or the form of a subform's rows
   * @param asked records on the page: `values` by field key (what their types refuse counts as blank), and the keys of
   *   the fields that `changed` (`parent.<key>` above a row); linked fields that follow from them, also by others, are
   *   answered, and of a `fresh` record those that follow from none
   * @param parent of rows: what stands on the record they belong to
   */
  async takeAll(
    ctx: TenantContext,
    formId: FormId,
    asked: readonly Changed[],
    parent: Changed['values'] = {},
  ): Promise<Record<string, Json>[]> {
    const form = await this.registry.form(ctx, formId);
    const access = await this.access.ofForm(ctx, form);
    if (!access.may('create') && !access.may('edit')) throw new AppError('not_found');
    return this.answer(ctx, form, await this.scopes.of(ctx), asked, parent);
  }

  /**
   * The same of a draft (`draft-form.ts`), for its designers: whoever tries it may fill in all of it, and other forms tell
   * him what they tell him anywhere. Nothing is written.
   */
  async tryAll(
    ctx: TenantContext,
    formId: FormId,
    { fields, rowsOf }: Pick<TryLinkedBody, 'fields' | 'rowsOf'>,
    asked: readonly Changed[],
    parent: Changed['values'] = {},
  ): Promise<Record<string, Json>[]> {
    const published = await this.registry.form(ctx, formId);
    if (published.owner) throw new AppError('not_found');
    await this.access.requireDesign(ctx, published.appId);
    const forms = await this.registry.all(ctx);
    const world = {
      formExists: (id: string) => Boolean(forms.get(id)),
      fieldOf: (id: string, ref: string) => forms.get(id)?.field(ref)?.def,
    };
    const { form: draft, refs, idOf } = draftForm(published, fields, world);
    const rows = rowsOf === undefined ? undefined : draft.fields.find((field) => refs.get(field.id) === rowsOf)?.part;
    if (rowsOf !== undefined && !rows) return asked.map(() => ({}));
    const scope = await this.scopes.of(ctx);
    const tried: ReadScope = {
      ...scope,
      accessOf: (form) => (form === draft || draft.parts.includes(form) ? fullAccess : scope.accessOf(form)),
    };
    const byId = (values: Changed['values']) =>
      Object.fromEntries(Object.entries(values).map(([ref, value]) => [idOf(ref), value]));
    const named = asked.map(({ values, changed, fresh }) => ({
      values: byId(values),
      changed: changed.map(idOf),
      fresh,
    }));
    return this.answer(ctx, rows ?? draft, tried, named, byId(parent), (field) => refs.get(field.id) ?? field.key);
  }

  private async answer(
    ctx: TenantContext,
    form: FormMeta,
    scope: ReadScope,
    asked: readonly Changed[],
    parent: Changed['values'],
    nameOf: (field: FieldMeta) => string = (field) => field.key,
  ): Promise<Record<string, Json>[]> {
    const access = scope.accessOf(form);
    const holder = form.owner?.form;
    const standing = holder ? canonical(holder, scope.accessOf(holder), parent) : {};
    const named = (key: string) =>
      key.startsWith(parentPrefix) ? holder?.field(key.slice(parentPrefix.length)) : form.field(key);
    const records = asked.map(({ values, changed, fresh = false }) => ({
      fresh,
      // Ids of fields are never the same; those of the system are not taken from above.
      values: { ...withoutSystem(standing), ...canonical(form, access, values) },
      moved: new Set<string>(changed.flatMap((key) => named(key)?.id ?? [])),
      taken: [] as FieldMeta[],
    }));
    const org = await this.org.of(ctx);
    return this.database.withTenant(ctx, async (tx) => {
      for (const linked of linkedFields(form)) {
        const { field, by } = linked;
        const due = records.filter(
          ({ moved, fresh }) =>
            access.mayWrite(field) && (by.some((item) => moved.has(item.id)) || (fresh && by.length === 0)),
        );
        if (due.length === 0) continue;
        const found = await takeLinked(
          tx,
          scope,
          form,
          linked,
          due.map((record) => record.values),
        );
        for (const [at, record] of due.entries()) {
          record.values[field.id] = found[at] ?? null;
          record.moved.add(field.id);
          record.taken.push(field);
        }
      }
      const rows = records.map(({ values, taken }) =>
        Object.fromEntries(taken.map((field) => [rowKey(field), values[field.id] ?? null])),
      );
      const columns = [...new Set(records.flatMap(({ taken }) => taken))];
      const labels = await labelsFor(tx, columns, rows, scope, org);
      return records.map(({ values, taken }) =>
        Object.fromEntries(taken.map((field) => [nameOf(field), labels.value(field, values[field.id] ?? null)])),
      );
    });
  }
}

interface Changed {
  values: Readonly<Record<string, Json>>;
  changed: readonly string[];
  fresh?: boolean | undefined;
}

function withoutSystem(values: StoredValues): StoredValues {
  return Object.fromEntries(Object.entries(values).filter(([id]) => id.startsWith('f_')));
}

function canonical(form: FormMeta, access: FormAccess, values: Changed['values']): StoredValues {
  const record: StoredValues = {};
  for (const [key, raw] of Object.entries(values)) {
    const field = form.field(key);
    const parsed = field && access.mayRead(field) ? field.type.parse(raw, field.config) : undefined;
    if (field && parsed?.ok && parsed.value !== null) record[field.id] = parsed.value;
  }
  return record;
}
