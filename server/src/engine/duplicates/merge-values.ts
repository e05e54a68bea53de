import type { MergeBody } from '@lianke/shared/duplicates/api';
import type { RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import type { FormAccess } from '../access/form-access.js';
import type { Moment } from '../access/row-rights.js';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import type { StoredRecord, StoredValues } from '../records/contracts.js';

/** Fields whose values can be taken over from another record. */
export function mergeable(field: FieldMeta): boolean {
  return field.writable && field.typeName !== 'autonumber' && !field.part;
}

/** What the record that stays is given: of each named field the winner's value, or the values of all records. */
export function mergedValues(
  form: FormMeta,
  access: FormAccess,
  choices: MergeBody['values'],
  records: ReadonlyMap<RecordId, StoredRecord>,
  keep: RecordId,
  moment: Moment,
): StoredValues {
  const values: StoredValues = {};
  const ids = [...records.keys()];
  for (const [ref, choice] of Object.entries(choices)) {
    const field = form.field(ref);
    if (!field || !access.mayRead(field)) throw new AppError('unknown_field', { field: ref });
    // A value that he sees with stars in one record would come to where he sees it as it is.
    const taken = choice === 'all' ? ids : [choice];
    const masked = taken.some((id) =>
      access.masksIn(form, field, (other) => records.get(id)?.values[other.id] ?? null, moment),
    );
    if (!mergeable(field) || !access.mayWrite(field) || masked)
      throw new AppError('validation_failed', {}, { fields: [{ field: field.key, code: 'not_writable' }] });
    if (choice !== 'all' && !records.has(choice))
      throw refusal('invalid_request', {
        zh: `字段“${field.name}”取值的数据不在要合并的数据里`,
        en: `the record that field "${field.name}" takes its value from is not among those to merge`,
      });
    values[field.id] =
      choice === 'all' ? unionOf(field, ids, records) : (records.get(choice)?.values[field.id] ?? null);
  }
  return withoutSelf(form, values, records, keep);
}

function unionOf(field: FieldMeta, ids: readonly RecordId[], records: ReadonlyMap<RecordId, StoredRecord>): Json {
  if (!field.storage.endsWith('[]'))
    throw refusal('invalid_request', {
      zh: `字段“${field.name}”只能有一个值，不能全部保留`,
      en: `field "${field.name}" holds one value only; they cannot all be kept`,
    });
  const all = ids.flatMap((id) => (records.get(id)?.values[field.id] ?? []) as string[]);
  const union = [...new Set(all)];
  // As many as the field takes; the records' own order decides.
  const parsed = field.type.parse(union, field.config);
  if (!parsed.ok)
    throw new AppError(
      'validation_failed',
      {},
      { fields: [{ field: field.key, code: parsed.code, ...(parsed.params ? { params: parsed.params } : {}) }] },
    );
  return parsed.value;
}

/** Relations among the merged records would lead from the record to itself. */
function withoutSelf(
  form: FormMeta,
  given: StoredValues,
  records: ReadonlyMap<RecordId, StoredRecord>,
  keep: RecordId,
): StoredValues {
  const values = { ...given };
  for (const field of form.fields) {
    if (
      field.derived ||
      field.part ||
      field.type.refers !== 'record' ||
      (field.config as { formId: string }).formId !== form.id
    )
      continue;
    const value = field.id in values ? values[field.id] : records.get(keep)?.values[field.id];
    if (typeof value === 'string' && records.has(value as RecordId)) values[field.id] = null;
    else if (Array.isArray(value) && value.some((id) => records.has(id as RecordId)))
      values[field.id] = value.filter((id) => !records.has(id as RecordId));
  }
  return values;
}
