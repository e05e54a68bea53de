import { bare } from '../fields/sheet-text.js';
import type { Lookup, SheetValue } from '../fields/sheet-types.js';

interface Member {
  id: string;
  name: string;
  account?: string | null;
  mobile?: string | null;
  state?: 'active' | 'invited' | 'left';
}

/** Finds colleagues by account, phone or name; people who left are nobody's, and a name that two bear means neither. */
export function memberLookup(members: Iterable<Member>): Lookup {
  const here = [...members].filter(({ state }) => state !== 'left');
  const own = new Map<string, string>();
  const named = new Map<string, string | null>();
  for (const { id, name, account, mobile } of here) {
    for (const word of [account, mobile]) if (word) own.set(bare(word), id);
    const word = bare(name);
    named.set(word, named.has(word) && named.get(word) !== id ? null : id);
  }
  return (text): SheetValue => {
    const word = bare(text);
    const id = own.get(word) ?? named.get(word);
    if (id) return { value: id };
    const code = id === null ? 'ambiguous_member' : 'no_such_member';
    return { value: null, problem: { code, params: { value: text.trim().slice(0, 60) } } };
  };
}
