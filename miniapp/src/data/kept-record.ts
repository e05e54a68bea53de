import { keptValues } from '@lianke/shared/records/kept-values';
import type { FormView, RecordRow } from './record-types.js';

/** What of a record may lie on the phone for reading offline: not what is stored encrypted. */
export function keptRecord(form: Pick<FormView, 'fields'> | undefined): (record: RecordRow) => RecordRow {
  return (record) => (form ? { ...record, values: keptValues(form.fields, record.values) } : record);
}
