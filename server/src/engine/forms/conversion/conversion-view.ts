import type { ConversionView } from '@lianke/shared/forms/conversion';
import { ident } from '../../../kernel/database/ident.js';
import type { Org } from '../../org/org-directory.js';
import { placeOf } from '../field-place.js';
import type { FormMeta } from '../form-meta.js';
import type { ConversionRow } from './conversion-store.js';

/** A conversion as its form's designers see it. */
export function conversionView(row: ConversionRow, form: FormMeta, org: Org): ConversionView {
  return {
    id: row.id as ConversionView['id'],
    field: row.field,
    name: nameIn(form, row),
    from: row.source.type,
    to: row.target.type,
    encrypted: Boolean(row.source.encrypted) === Boolean(row.target.encrypted) ? null : Boolean(row.target.encrypted),
    state: row.state,
    done: row.done,
    total: row.total,
    failing: row.failing,
    error: row.error,
    by: row.created_by ? { id: row.created_by, name: org.members.get(row.created_by)?.name ?? '' } : null,
    at: row.created_at,
    finishedAt: row.finished_at,
    undoable: undoable(row, form),
    undoes: row.undoes,
  };
}

/** Fields of rows are named with their subform. */
export function nameIn(form: FormMeta, row: ConversionRow): string {
  const place = placeOf(form, row.field);
  if (!place) return row.target.name;
  return place.subform ? `${place.subform.name}.${place.field.name}` : place.field.name;
}

/** The field still stands where this conversion put it, and what it came from is still there. */
export function undoable(row: ConversionRow, form: FormMeta): boolean {
  const field = placeOf(form, row.field)?.field;
  return row.state === 'done' && row.kept && field?.column === ident(row.target_column);
}
