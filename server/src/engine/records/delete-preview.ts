import type { Filter } from '@lianke/shared/filter/ast';
import type { FormId, RecordId } from '@lianke/shared/ids';
import type { DeletePreview } from '@lianke/shared/records/bulk';
import { Injectable } from '@nestjs/common';
import { AppError } from '../../kernel/errors/app-error.js';
import { AccessService } from '../access/access.service.js';
import type { TenantContext } from '../context.js';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { RecordReader } from './record-reader.js';

/** A filter takes at most so many values. */
const filterChunk = 1000;
/** Relations a filter follows at most. */
const deepest = 3;

type OnDelete = DeletePreview['uses'][number]['onDelete'];

/** Tells before a deletion what hangs on the records, under the caller's own rights. */
@Injectable()
export class DeletePreviews {
  constructor(
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly reader: RecordReader,
  ) {}

  async preview(ctx: TenantContext, formId: FormId, ids: readonly RecordId[]): Promise<DeletePreview> {
    const form = await this.registry.form(ctx, formId);
    if (!(await this.access.ofForm(ctx, form)).may('view')) throw new AppError('not_found');
    const uses: DeletePreview['uses'] = [];
    await this.collect(ctx, form, '', ids, uses, 1);
    return { uses };
  }

  /** `below`: the path from the counted form's parent down to the deleted records, with its dot. */
  private async collect(
    ctx: TenantContext,
    form: FormMeta,
    below: string,
    ids: readonly RecordId[],
    uses: DeletePreview['uses'],
    depth: number,
  ): Promise<void> {
    for (const { form: holder, field } of (await this.registry.all(ctx)).pointingAt(form.id)) {
      const access = await this.access.ofForm(ctx, holder);
      if (!access.may('view') || !access.mayRead(field)) continue;
      const path = below === '' ? field.key : `${field.key}.${below}`;
      const last = below === '' ? field : undefined;
      const count = await this.count(ctx, holder, path, last, ids);
      if (count === 0) continue;
      const onDelete = (field.config as { onDelete: OnDelete }).onDelete;
      uses.push({ formId: holder.id, formName: holder.name, fieldName: field.name, onDelete, count });
      if (onDelete === 'cascade' && depth < deepest && holder.id !== form.id)
        await this.collect(ctx, holder, path, ids, uses, depth + 1);
    }
  }

  private async count(
    ctx: TenantContext,
    holder: FormMeta,
    path: string,
    last: FieldMeta | undefined,
    ids: readonly RecordId[],
  ): Promise<number> {
    let count = 0;
    const op = last?.storage === 'uuid[]' ? 'hasAny' : 'in';
    for (let at = 0; at < ids.length; at += filterChunk) {
      const filter: Filter = { field: path, op, value: ids.slice(at, at + filterChunk) };
      const [row] = await this.reader.aggregate(ctx, holder.id, {
        filter,
        groupBy: [],
        metrics: [{ fn: 'count', as: 'n' }],
        sort: [],
        limit: 1,
      });
      count += Number(row?.metrics.n ?? 0);
    }
    return count;
  }
}
