import type { FormId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { Injectable } from '@nestjs/common';
import { Database } from '../../../kernel/database/database.js';
import { AppError } from '../../../kernel/errors/app-error.js';
import { AccessService } from '../../access/access.service.js';
import type { TenantContext } from '../../context.js';
import { FormRegistry } from '../../forms/form-registry.js';
import { OrgDirectory } from '../../org/org-directory.js';
import type { StoredValues } from '../contracts.js';
import { labelsFor } from '../labels.js';
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

  /**
   * @param values what stands on the page, by field key; values that their types refuse count as blank
   * @param changed keys of the fields that changed; linked fields that follow from them, also by others, are answered
   */
  async take(
    ctx: TenantContext,
    formId: FormId,
    values: Readonly<Record<string, Json>>,
    changed: readonly string[],
  ): Promise<Record<string, Json>> {
    const form = await this.registry.form(ctx, formId);
    const access = await this.access.ofForm(ctx, form);
    if (!access.may('create') && !access.may('edit')) throw new AppError('not_found');
    const record: StoredValues = {};
    for (const [key, raw] of Object.entries(values)) {
      const field = form.field(key);
      const parsed = field && access.mayRead(field) ? field.type.parse(raw, field.config) : undefined;
      if (field && parsed?.ok && parsed.value !== null) record[field.id] = parsed.value;
    }
    const moved = new Set(changed.flatMap((key) => form.field(key)?.id ?? []) as string[]);
    const [scope, org] = [await this.scopes.of(ctx), await this.org.of(ctx)];
    return this.database.withTenant(ctx, async (tx) => {
      const taken = [];
      for (const linked of linkedFields(form)) {
        const { field, by } = linked;
        if (!access.mayWrite(field) || !by.some((item) => moved.has(item.id))) continue;
        const [value = null] = await takeLinked(tx, scope, form, linked, [record]);
        record[field.id] = value;
        moved.add(field.id);
        taken.push(field);
      }
      const row = Object.fromEntries(taken.map((field) => [field.column.slice(1, -1), record[field.id] ?? null]));
      const labels = await labelsFor(tx, taken, [row], scope, org);
      return Object.fromEntries(taken.map((field) => [field.key, labels.value(field, record[field.id] ?? null)]));
    });
  }
}
