import { parseIdList } from '../id-list.js';
import type { Parsed } from '../types.js';

/** Ids of members, each once. Whether they exist is checked by the write path. */
export function parseMembers(raw: unknown, config: { max: number }): Parsed<string[]> {
  return parseIdList(raw, config.max, 'no_such_member');
}
