import { bare } from '@lianke/shared/fields/sheet-text';
import type { ColumnTarget } from '@lianke/shared/imports/api';
import { recordIdHeader } from '@lianke/shared/records/exports';
import { recordIdKey } from '../plan/record-id.js';
import type { KnownForm } from './match-fields.js';
import type { ColumnProfile } from './profile-column.js';

/** A sheet of nothing but the lines of a subform, as exports put them apart. */
export interface LinesSheet {
  form: KnownForm;
  /** Where each of its columns goes; its other columns are left out. */
  fields: ReadonlyMap<number, NonNullable<ColumnTarget['field']>>;
}

/**
 * Recognises a subform's sheet of its own by the ids that an export gave it: those of the records (「订单.数据ID」) and those
 * of their lines (「明细.数据ID」). Its lines go to the very records and lines that the ids name.
 */
export function linesSheetOf(columns: readonly ColumnProfile[], forms: readonly KnownForm[]): LinesSheet | undefined {
  const byHeader = new Map(columns.map((column) => [bare(column.header.text), column]));
  for (const form of forms) {
    const records = byHeader.get(bare(`${form.name}.${recordIdHeader}`));
    if (!records || records.filled === 0 || !form.fields.some((field) => field.key === recordIdKey)) continue;
    const subforms = new Set(form.fields.flatMap(({ within }) => within?.key ?? []));
    for (const subform of subforms) {
      const inner = form.fields.filter(({ within }) => within?.key === subform);
      const name = inner[0]?.within?.name ?? '';
      const lines = byHeader.get(bare(`${name}.${recordIdHeader}`));
      if (!lines) continue;
      const fields = new Map<number, string>([
        [records.index, recordIdKey],
        [lines.index, `${subform}.${recordIdKey}`],
      ]);
      const taken = new Set(fields.values());
      // Before the ids of the lines stands what the record is called; it is not theirs.
      for (const column of columns) {
        if (column.index <= lines.index || fields.has(column.index)) continue;
        const field = inner.find(
          ({ key, within }) => !taken.has(key) && bare(within?.fieldName ?? '') === bare(column.header.text),
        );
        if (!field) continue;
        fields.set(column.index, field.key);
        taken.add(field.key);
      }
      return { form, fields };
    }
  }
  return undefined;
}
