import { dropStored, readStored, writeStored } from '../platform/storage.js';
import { session } from '../session/session.js';
import type { Values } from './record-types.js';

export interface Draft {
  /** The new record's id: saving again after a lost answer does not make a second one. */
  id: string;
  values: Values;
  at: number;
}

function key(formId: string, recordId: string | undefined): string {
  return `draft.${session.get().me?.member.id ?? ''}.${formId}.${recordId ?? 'new'}`;
}

export function readDraft(formId: string, recordId: string | undefined): Draft | undefined {
  return readStored<Draft>(key(formId, recordId));
}

export function keepDraft(formId: string, recordId: string | undefined, draft: Draft): void {
  writeStored(key(formId, recordId), draft);
}

export function dropDraft(formId: string, recordId: string | undefined): void {
  dropStored(key(formId, recordId));
}
