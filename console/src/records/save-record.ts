import type { FormId, RecordId } from '@lianke/shared/ids';
import type { RecordView } from '@lianke/shared/records/query';
import { api } from '../api/client.js';
import { isCode } from '../api/errors.js';
import type { FormView } from '../api/queries.js';
import { type Conflict, conflictOf, currentOf } from './conflict.js';
import { toWrite, type Values } from './values.js';

export type SaveResult = { record: RecordView; conflict?: undefined } | { conflict: Conflict };

/**
 * Writes edited values with the version they were read at. Where somebody changed other fields meanwhile the edit is
 * sent again on top; where both changed the same field the answer is the conflict. Throws `ApiError` otherwise.
 */
export async function saveRecord(form: FormView, base: RecordView, mine: Values): Promise<SaveResult> {
  const params = { formId: form.id as FormId, id: base.id as RecordId };
  const values: Values = {};
  for (const field of form.fields) if (field.key in mine) values[field.key] = toWrite(field, mine[field.key]);
  let { version } = base;
  // Three writers in a row are rare; a busier record is shown as it stands and the person decides.
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      return { record: await api('records.update', { params, body: { values, version } }) };
    } catch (error) {
      if (!isCode(error, 'version_conflict')) throw error;
      const current = currentOf(error) ?? (await api('records.get', { params }));
      const conflict = conflictOf(form.fields, base.values, mine, current);
      if (conflict.fields.length > 0) return { conflict };
      version = conflict.version;
    }
  }
  const current = await api('records.get', { params });
  return { conflict: { ...conflictOf(form.fields, base.values, mine, current), fields: allOf(form, mine, current) } };
}

function allOf(form: FormView, mine: Values, current: RecordView): Conflict['fields'] {
  return form.fields
    .filter((field) => field.key in mine)
    .map((field) => ({ field, mine: mine[field.key] ?? null, theirs: current.values[field.key] ?? null }));
}
