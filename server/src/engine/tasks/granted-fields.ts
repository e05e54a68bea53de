import type { FieldId, FlowId, FormId, RecordId, RunId } from '@lianke/shared/ids';
import type { RecordValues } from '@lianke/shared/records/write';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError } from '../../kernel/errors/app-error.js';
import type { TenantContext } from '../context.js';
import type { FormMeta } from '../forms/form-meta.js';
import type { RecordReader } from '../records/record-reader.js';
import type { RecordWriter } from '../records/record-writer.js';
import { BatchRefused, toAppError } from '../records/write/results.js';

/** Rights in a record's fields that a node gives those it asks, by field id or key; `read` where absent. */
export type GrantedFields = Readonly<Record<string, 'read' | 'edit' | 'required' | 'hide'>>;

export interface Filling {
  run: { id: RunId; flow_id: FlowId };
  task: { record_id: RecordId };
  rights: GrantedFields;
  form: FormMeta;
  values: RecordValues;
  /** Whether the required fields must have a value now. */
  demand: boolean;
}

/** Writes the fields that a node lets people fill in, by the one way in; nothing else of the record can be changed here. */
export async function writeGranted(
  tx: Tx,
  ctx: TenantContext,
  services: { reader: RecordReader; writer: RecordWriter },
  { run, task, rights, form, values, demand }: Filling,
): Promise<void> {
  const rightOf = (id: FieldId, key: string) => rights[id] ?? rights[key] ?? 'read';
  const faults: { field: string; code: 'not_writable' | 'required' }[] = [];
  for (const name of Object.keys(values)) {
    const field = form.field(name);
    const right = field ? rightOf(field.id, field.key) : 'hide';
    if (!field?.writable || (right !== 'edit' && right !== 'required'))
      faults.push({ field: name, code: 'not_writable' });
  }
  const required = form.fields.filter((field) => rightOf(field.id, field.key) === 'required');
  if (demand && required.length > 0) {
    const [record] = await services.reader.stored(tx, ctx, form.id as FormId, [task.record_id]);
    for (const field of required) {
      const value = values[field.key] ?? values[field.id] ?? record?.values[field.id] ?? null;
      const given = field.key in values || field.id in values;
      const empty = (given ? (values[field.key] ?? values[field.id] ?? null) : value) as unknown;
      if (empty === null || empty === '' || (Array.isArray(empty) && empty.length === 0))
        faults.push({ field: field.key, code: 'required' });
    }
  }
  if (faults.length > 0) throw new AppError('validation_failed', {}, { fields: faults });
  if (Object.keys(values).length === 0) return;
  const inRun = { ...ctx, cause: { ...ctx.cause, runId: run.id, flowId: run.flow_id } };
  const request = { formId: form.id, op: 'update' as const, rows: [{ id: task.record_id, values }], atomic: true };
  await services.writer.writeIn(tx, inRun, request, { granted: true }).catch((error) => {
    const refusal = error instanceof BatchRefused ? error.refusals.get(0) : undefined;
    throw refusal ? toAppError(refusal) : error;
  });
}
