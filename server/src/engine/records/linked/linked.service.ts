import { parentPrefix } from '@lianke/shared/forms/deciders';
import type { FormId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { Injectable } from '@nestjs/common';
import { Database } from '../../../kernel/database/database.js';
import { AppError } from '../../../kernel/errors/app-error.js';
import { AccessService } from '../../access/access.service.js';
import type { FormAccess } from '../../access/form-access.js';
import type { TenantContext } from '../../context.js';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import { FormRegistry } from '../../forms/form-registry.js';
import { OrgDirectory } from '../../org/org-directory.js';
import type { StoredValues } from '../contracts.js';
import { labelsFor } from '../labels.js';
import { rowKey } from '../record-reader.js';
import { ScopeBuilder } from '../scope-builder.js';
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
   *   answered
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
    const holder = form.owner?.form;
    const standing = holder ? canonical(holder, await this.access.ofForm(ctx, holder), parent) : {};
    const named = (key: string) =>
      key.startsWith(parentPrefix) ? holder?.field(key.slice(parentPrefix.length)) : form.field(key);
    const records = asked.map(({ values, changed }) => ({
      // Ids of fields are never the same; those of the system are not taken from above.
      values: { ...withoutSystem(standing), ...canonical(form, access, values) },
      moved: new Set<string>(changed.flatMap((key) => named(key)?.id ?? [])),
      taken: [] as FieldMeta[],
    }));
    const [scope, org] = [await this.scopes.of(ctx), await this.org.of(ctx)];
    return this.database.withTenant(ctx, async (tx) => {
      for (const linked of linkedFields(form)) {
        const { field, by } = linked;
        const due = records.filter(({ moved }) => access.mayWrite(field) && by.some((item) => moved.has(item.id)));
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
        Object.fromEntries(taken.map((field) => [field.key, labels.value(field, values[field.id] ?? null)])),
      );
    });
  }
}

interface Changed {
  values: Readonly<Record<string, Json>>;
  changed: readonly string[];
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
