import { recordIdHeader } from '@lianke/shared/records/exports';
import type { KnownField } from '../columns/match-fields.js';
import type { CompiledTarget } from './compiled.js';

/** Stands for the record's own id among the fields of a form; no field has this key's meaning in a file. */
export const recordIdKey = 'id';

/** The column 数据ID of an exported file: it names the records to change and is never written. */
export const recordIdField: KnownField = {
  key: recordIdKey,
  name: recordIdHeader,
  type: 'text',
  config: {},
  required: false,
  system: true,
};

/** The target's rows name the records they change by id. */
export function isById(target: Pick<CompiledTarget, 'identity'>): boolean {
  return target.identity.some((column) => column.fieldKey === recordIdKey);
}
