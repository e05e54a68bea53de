import { isUuid } from '../../ids.js';
import { bad, isBlank, ok, type Parsed } from '../types.js';

/** The id of a record; `{id, label}` as read from the API is accepted too. Whether it exists is checked by the write path. */
export function parseRelation(raw: unknown): Parsed<string> {
  if (isBlank(raw)) return ok(null);
  const id = typeof raw === 'object' && raw !== null && 'id' in raw ? raw.id : raw;
  return isUuid(id) ? ok(id) : bad('no_such_record');
}
