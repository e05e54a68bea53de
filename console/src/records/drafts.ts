import type { RecordView } from '@lianke/shared/records/query';
import type { Values } from './values.js';

/** Input that was not saved yet. */
export interface Draft {
  values: Values;
  /** The record as it stood when the edit began; absent for a new one. */
  base?: RecordView;
  /** The new record's id: saving twice makes no second one; a comment has none. */
  id?: string;
  /** When it was last typed into; milliseconds since 1970. */
  at: number;
}

const prefix = 'lianke.draft.';
const keptMs = 7 * 86_400_000;
const most = 50;

/** A browser that refuses storage keeps drafts for as long as the tab lives. */
const inTab = new Map<string, Draft>();

/** The draft under a key that names member, form and what is filled in; undefined when there is none or it is too old. */
export function readDraft(key: string, now = Date.now()): Draft | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(prefix + key) ?? 'null') as Draft | null;
    if (kept && typeof kept.values === 'object' && now - kept.at < keptMs) return kept;
  } catch {
    // Unreadable: as if there were none.
  }
  const kept = inTab.get(key);
  return kept && now - kept.at < keptMs ? kept : undefined;
}

/** Keeps a draft in this browser, so that it outlives the tab. The oldest go when there are too many. */
export function keepDraft(key: string, draft: Draft): void {
  try {
    localStorage.setItem(prefix + key, JSON.stringify(draft));
    tidy();
  } catch {
    inTab.set(key, draft);
  }
}

export function dropDraft(key: string): void {
  inTab.delete(key);
  try {
    localStorage.removeItem(prefix + key);
  } catch {
    // Nothing was kept either.
  }
}

function tidy(): void {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  if (keys.length <= most) return;
  const age = (key: string) => readDraft(key.slice(prefix.length))?.at ?? 0;
  for (const key of keys.sort((a, b) => age(a) - age(b)).slice(0, keys.length - most)) localStorage.removeItem(key);
}
