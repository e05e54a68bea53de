import type { FormId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Database } from '../../../kernel/database/database.js';
import { AccessService } from '../../access/access.service.js';
import type { TenantContext } from '../../context.js';
import { FormRegistry } from '../form-registry.js';

/** How much of a form is filled in, for its designers: over all records, whoever may see them. */
@Injectable()
export class FieldFill {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
  ) {}

  /** Records outside of the recycle bin, and how many of them hold a value of each field; one walk over the table. */
  async of(ctx: TenantContext, formId: FormId): Promise<{ total: number; filled: Record<string, number> }> {
    const form = await this.registry.form(ctx, formId);
    await this.access.requireDesign(ctx, form.appId);
    const fields = form.fields.filter((field) => !field.system);
    const counts = fields.map((field, index) => `, count(${field.column})::int AS n${index}`).join('');
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<Record<string, number>>(
        `SELECT count(*)::int AS total${counts} FROM ${form.table} WHERE deleted_at IS NULL`,
      ),
    );
    return {
      total: row?.total ?? 0,
      filled: Object.fromEntries(fields.map((field, index) => [field.id, row?.[`n${index}`] ?? 0])),
    };
  }
}
