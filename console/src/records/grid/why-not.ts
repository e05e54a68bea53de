import { fieldTypes } from '@lianke/shared/fields/registry';
import type { FilterEnv } from '@lianke/shared/filter/condition-test';
import type { RecordView } from '@lianke/shared/records/query';
import type { FormView, ReadField } from '../../api/queries.js';
import { fieldRenderers } from '../../fields/registry.js';
import { mayWriteNow } from '../rules.js';

/** Why a cell is not edited where it stands; `large` is edited in a drawer instead. */
export type WhyNot = 'kept' | 'noRight' | 'masked' | 'locked' | 'large';

/** Why this cell of the table is not edited where it stands; undefined when it is. */
export function whyNot(form: FormView, record: RecordView, field: ReadField, env: FilterEnv): WhyNot | undefined {
  if (fieldTypes[field.type].kept || (field.system && !field.writable)) return 'kept';
  if (record.masked?.includes(field.key)) return 'masked';
  if (!field.writable || !form.actions.includes('edit')) return 'noRight';
  if (!mayWriteNow(form, record, field, env)) return 'locked';
  return fieldRenderers[field.type].inCell ? undefined : 'large';
}
