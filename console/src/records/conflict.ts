import type { ApiError } from '@lianke/shared/api/client';
import type { Json } from '@lianke/shared/json';
import type { RecordView } from '@lianke/shared/records/query';
import type { ReadField } from '../api/queries.js';
import { referenceOf } from '../fields/renderer.js';
import { sameValue, type Values } from './values.js';

export interface FieldConflict {
  field: ReadField;
  mine: Json;
  theirs: Json;
}

export interface Conflict {
  recordId: string;
  /** The version that stands now; writing mine names it. */
  version: number;
  /** Who changed it, empty when the reader may not see that. */
  who: string;
  current: RecordView;
  /** Fields that both changed to different values. */
  fields: FieldConflict[];
  /** What was to be written, as edited. */
  mine: Values;
}

/** The record that a 412 carries, if it is whole; bare values without id and labels cannot be shown to a person. */
export function currentOf(error: ApiError): RecordView | undefined {
  const current = error.problem.current as Partial<RecordView> | null | undefined;
  const whole = current && typeof current.id === 'string' && typeof current.label === 'string' && current.values;
  return whole && typeof current.version === 'number' ? (current as RecordView) : undefined;
}

/**
 * Compares a refused edit with the record as it stands now. A field that only we changed is no conflict: with no
 * conflict at all (`fields` empty) the edit may be sent again with the new version.
 */
export function conflictOf(fields: readonly ReadField[], base: Values, mine: Values, current: RecordView): Conflict {
  const both = fields.flatMap((field): FieldConflict[] => {
    if (!(field.key in mine)) return [];
    const theirs = current.values[field.key] ?? null;
    const ours = mine[field.key] ?? null;
    if (sameValue(field, base[field.key], theirs) || sameValue(field, ours, theirs)) return [];
    return [{ field, mine: ours, theirs }];
  });
  const who = referenceOf(current.values.updatedBy)?.label ?? '';
  return { recordId: current.id, version: current.version, who, current, fields: both, mine };
}
