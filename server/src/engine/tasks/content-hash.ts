import { createHash } from 'node:crypto';
import type { FlowDefinition } from '@lianke/shared/flows/definition';
import type { FormMeta } from '../forms/form-meta.js';
import type { StoredValues } from '../records/contracts.js';
import type { TaskRow } from './task-row.js';
import { type Called, writtenFields } from './written-fields.js';

/** What of a task tells what was sealed with it, and whether that still stands. */
export type Sealed = Pick<
  TaskRow,
  'state' | 'kind' | 'undone' | 'record_id' | 'decided_at' | 'content_hash' | 'content_fields'
>;

/** Fingerprint of what somebody saw when he answered, and the fields it covers. */
export interface Seal {
  hash: string;
  /** Ids; null for answers from before fields were kept. */
  fields: readonly string[] | null;
}

/**
 * Seals the record's own fields, without those that change by themselves (system and derived fields) or that the flow
 * itself writes.
 */
export function sealOf(form: FormMeta, values: StoredValues, definition: FlowDefinition, called: Called): Seal {
  const fields = ownFields(form, definition, called);
  return { hash: hashOf(fields, values), fields };
}

/** Whether the record still is what was sealed. */
export function sealHolds(
  seal: Seal,
  form: FormMeta,
  values: StoredValues,
  definition: FlowDefinition,
  called: Called,
): boolean {
  return seal.hash === hashOf(seal.fields ?? ownFields(form, definition, called), values);
}

/**
 * What was last sealed of a record that somebody's consent still stands for. Those who fill something in later seal it
 * anew, also where a return has undone that: what they wrote stays in the record.
 */
export function lastSeal(tasks: readonly Sealed[], recordId: TaskRow['record_id']): Seal | undefined {
  const sealed = tasks.filter((task) => task.record_id === recordId && task.content_hash !== null);
  if (!sealed.some((task) => task.state === 'approved' && !task.undone)) return undefined;
  const [last] = sealed
    .filter((task) => (task.state === 'approved' && !task.undone) || (task.state === 'done' && task.kind === 'fill'))
    .sort((a, b) => ((a.decided_at ?? '') < (b.decided_at ?? '') ? 1 : -1));
  return last?.content_hash ? { hash: last.content_hash, fields: last.content_fields } : undefined;
}

function ownFields(form: FormMeta, definition: FlowDefinition, called: Called): string[] {
  const written = writtenFields(form, definition, called);
  return form.fields
    .filter((field) => !field.system && field.writable && !written.has(field.id))
    .map((field) => field.id as string);
}

function hashOf(fields: readonly string[], values: StoredValues): string {
  const content = [...fields].sort().map((id) => [id, values[id] ?? null]);
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
