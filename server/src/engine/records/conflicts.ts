import type { FormId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { ConflictView } from '@lianke/shared/records/bulk';
import type { RecordView } from '@lianke/shared/records/query';
import { Injectable } from '@nestjs/common';
import { AppError } from '../../kernel/errors/app-error.js';
import type { TenantContext } from '../context.js';
import { cellsOf } from '../exports/cells.js';
import type { FieldMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import type { WriteRow } from './contracts.js';
import { RecordReader } from './record-reader.js';

/** Tells an edit that came too late what stands now, in values and in words. */
@Injectable()
export class Conflicts {
  constructor(
    private readonly registry: FormRegistry,
    private readonly reader: RecordReader,
  ) {}

  /** The refusal with the record as its writer may read it, and both values of the fields that differ. */
  async explained(ctx: TenantContext, formId: FormId, row: WriteRow, refusal: AppError): Promise<AppError> {
    const current = await this.reader.get(ctx, formId, row.id as RecordId).catch(() => undefined);
    if (!current) return refusal;
    return new AppError('version_conflict', refusal.params, {
      current,
      conflict: await this.compare(ctx, formId, row.values ?? {}, current),
    });
  }

  private async compare(
    ctx: TenantContext,
    formId: FormId,
    values: Record<string, Json>,
    current: RecordView,
  ): Promise<ConflictView> {
    const form = await this.registry.form(ctx, formId);
    const sent: Record<string, Json> = {};
    for (const [ref, raw] of Object.entries(values)) {
      const field = form.field(ref);
      if (!field || !(field.key in current.values)) continue;
      const parsed = field.type.parse(raw, field.config);
      sent[field.key] = parsed.ok ? parsed.value : raw;
    }
    const mine = await this.reader.labelled(ctx, formId, sent);
    const fields = Object.keys(mine).flatMap((key) => {
      const field = form.field(key);
      const both = { mine: mine[key] ?? null, theirs: current.values[key] ?? null };
      if (!field || JSON.stringify(both.mine) === JSON.stringify(both.theirs)) return [];
      const told = (value: Json) => ({ value, text: textOf(field, value, ctx.timeZone) });
      return [{ field: key, name: field.name, mine: told(both.mine), theirs: told(both.theirs) }];
    });
    const by = current.values.updatedBy;
    return {
      by: by && typeof by === 'object' && !Array.isArray(by) ? { id: String(by.id), label: String(by.label) } : null,
      at: typeof current.values.updatedAt === 'string' ? current.values.updatedAt : null,
      fields,
    };
  }
}

/** A value as it stands in a spreadsheet, for people to read; options and references by name. */
function textOf(field: FieldMeta, value: Json, timeZone: string): string {
  const record: RecordView = { id: '', version: 0, label: '', values: { [field.key]: value } };
  const [cell] = cellsOf(record, [field], timeZone);
  if (cell instanceof Date)
    return cell
      .toISOString()
      .slice(0, field.storage === 'date' ? 10 : 16)
      .replace('T', ' ');
  return cell === null || cell === undefined ? '' : String(cell);
}
