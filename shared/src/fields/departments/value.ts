import { parseIdList } from '../id-list.js';
import type { Parsed } from '../types.js';

/** Ids of departments, each once. Whether they exist is checked by the write path. */
export function parseDepartments(raw: unknown, config: { max: number }): Parsed<string[]> {
  return parseIdList(raw, config.max, 'no_such_department');
}
