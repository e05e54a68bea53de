import { ApiError } from '@lianke/shared/api/client';
import type { FormId, RecordId } from '@lianke/shared/ids';
import { api } from '../api/client.js';
import { renderers } from '../fields/registry.js';
import { sendable } from './local-values.js';
import type { FormView, RecordRow, Values } from './record-types.js';
import { invalidate } from './resource.js';

/** Values as they are sent: references and files as ids. Fields kept by the system are left out. */
export function wireValues(form: Pick<FormView, 'fields'>, values: Values): Values {
  const wire: Values = {};
  for (const field of form.fields) {
    const value = values[field.key];
    const renderer = renderers[field.type];
    if (value === undefined || !field.writable || !renderer?.Control) continue;
    wire[field.key] = sendable(renderer.toWire && value !== null ? renderer.toWire(value, field) : value);
  }
  return wire;
}

/** Creates a record under an id made on this phone; the same call again answers the first result. */
export async function createRecord(form: FormView, id: string, values: Values): Promise<RecordRow> {
  const record = await api('records.create', {
    params: { formId: form.id as FormId },
    body: { id: id as RecordId, values: wireValues(form, values) },
  });
  invalidate(`data:${form.id}`);
  invalidate('tasks');
  return record;
}

/** Mini-program hosts cannot send PATCH and some not DELETE: single changes go through the batch route as a batch of one. */
async function single(
  formId: string,
  body: { update?: { id: RecordId; values: Values; version?: number }[]; delete?: RecordId[] },
): Promise<void> {
  const { results } = await api('records.batch', { params: { formId: formId as FormId }, body });
  const [result] = results;
  if (result?.status === 'failed') {
    const { code = 'internal', message = '', fields } = result.error ?? {};
    const status = code === 'version_conflict' ? 412 : code === 'not_found' ? 404 : 422;
    throw new ApiError(status, { type: 'about:blank', title: message, detail: message, status, code, fields });
  }
  invalidate(`data:${formId}`);
  invalidate('tasks');
}

/** Changes a record; throws ApiError `version_conflict` when somebody changed it since `version`. */
export function updateRecord(form: FormView, id: string, values: Values, version: number | undefined): Promise<void> {
  return updateValues(form.id, id, wireValues(form, values), version);
}

/** The same with values as they are sent. */
export function updateValues(formId: string, id: string, wire: Values, version: number | undefined): Promise<void> {
  return single(formId, { update: [{ id: id as RecordId, values: wire, version }] });
}

/**
 * Creates a record. When an earlier attempt under this id arrived although its answer was lost, and the values were
 * changed since, that is now an edit.
 */
export async function createOrChange(form: FormView, id: string, values: Values): Promise<void> {
  try {
    await createRecord(form, id, values);
  } catch (error) {
    if (!(error instanceof ApiError) || error.problem.code !== 'different_content') throw error;
    await updateRecord(form, id, values, undefined);
  }
}

export function deleteRecord(formId: string, id: string): Promise<void> {
  return single(formId, { delete: [id as RecordId] });
}
