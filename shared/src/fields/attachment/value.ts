import { isUuid } from '../../ids.js';
import { bad, isBlank, ok, type Parsed } from '../types.js';

/** Ids of uploaded files; `{id, …}` as read from the API is accepted too. */
export function parseAttachment(raw: unknown, config: { max: number }): Parsed<string[]> {
  if (isBlank(raw)) return ok(null);
  if (!Array.isArray(raw)) return bad('wrong_type', { expected: '附件' });
  const ids = new Set<string>();
  for (const item of raw as unknown[]) {
    const id = typeof item === 'object' && item !== null && 'id' in item ? item.id : item;
    if (!isUuid(id)) return bad('no_such_file');
    ids.add(id);
  }
  return ids.size > config.max ? bad('too_many', { max: config.max }) : ok([...ids]);
}
