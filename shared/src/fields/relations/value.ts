import { parseIdList } from '../id-list.js';
import type { Parsed } from '../types.js';

/** Ids of records, each once. Whether they exist is checked by the write path. */
export function parseRelations(raw: unknown, config: { max: number }): Parsed<string[]> {
  return parseIdList(raw, config.max, 'no_such_record');
}
