import { ApiError } from '@lianke/shared/api/client';
import type { FormId, RecordId } from '@lianke/shared/ids';
import { api } from '../api/client.js';
import { changedByOthers } from './form-draft.js';
import type { Values } from './record-types.js';
import { updateValues } from './write-record.js';

/** Somebody else wrote fields that were typed into; `now` is what stands there. */
export class ChangedByOthers extends Error {
  constructor(
    readonly keys: readonly string[],
    readonly now: Values,
  ) {
    super('changed by others');
  }
}

interface Known {
  id: string;
  version: number;
  values: Values;
}

/** What was typed, in the shape records are read and as it is sent, and how the record stood when that began. */
interface Change {
  typed: Values;
  wire: Values;
  base: Values;
}

const attempts = 3;

/**
 * Writes only what was typed, on top of what others changed meanwhile; a field that both changed is an error.
 * @param known the record as it was read last
 */
export async function changeRecord(formId: string, known: Known, { typed, wire, base }: Change): Promise<void> {
  let now = known;
  for (let attempt = 1; Object.keys(typed).length > 0; attempt++) {
    const over = changedByOthers(typed, base, now.values);
    if (over.length > 0) {
      throw new ChangedByOthers(over, Object.fromEntries(over.map((key) => [key, now.values[key] ?? null])));
    }
    try {
      return await updateValues(formId, now.id, wire, now.version);
    } catch (error) {
      if (!(error instanceof ApiError) || error.problem.code !== 'version_conflict' || attempt === attempts)
        throw error;
      now = await api('records.get', { params: { formId: formId as FormId, id: now.id as RecordId } });
    }
  }
}
