import { forgetFile, keepFile } from '../platform/kept-files.js';
import type { LocalFile } from '../platform/pick-files.js';
import { readStored, writeStored } from '../platform/storage.js';
import { session } from '../session/session.js';
import { createStore, useStore } from '../store/store.js';
import type { FilePlace } from './local-values.js';
import type { Values } from './record-types.js';

/** A record saved without a network: it is sent under its own id later, so that sending twice makes one record. */
export interface Waiting {
  id: string;
  formId: string;
  /** Whose it is; another person logging in on this phone does not send it. */
  memberId: string;
  title: string;
  /** As they are sent. */
  values: Values;
  /** The same in the shape that records are read in, to open it again. */
  filled?: Values;
  /** Not yet sent, each with its place in the record; `id` is the one it had on the page. */
  files: (FilePlace & { file: LocalFile; id?: string })[];
  /** A visit is opened on its own page. */
  visit?: boolean;
  /** The id of another one that has to be there first. */
  after?: string;
  /** For a record that is there already: how it stood when the edit began, and what its fields are called. */
  edit?: { version: number; base: Values; names: Record<string, string> };
  at: number;
  /** Why the server refused it; it then waits for its owner. */
  problem?: string;
}

const key = 'outbox';
const outbox = createStore<{ items: Waiting[] }>({ items: readStored<Waiting[]>(key) ?? [] });
/** How long what was thrown away can be taken back, ms; longer than the line that offers it is shown. */
const takenBackFor = 10_000;
/** Records that are open on a page: sending them meanwhile would send what is about to change. */
const held = new Set<string>();

function keep(items: Waiting[]): boolean {
  const kept = writeStored(key, items);
  if (kept) outbox.set({ items });
  return kept;
}

/** What waits of the person who is there. */
export function mine(): Waiting[] {
  const memberId = session.get().me?.member.id;
  return outbox.get().items.filter((item) => item.memberId === memberId);
}

export function waitingById(id: string): Waiting | undefined {
  return mine().find((item) => item.id === id);
}

/** What waits until this one is sent. */
export function waitingAfter(id: string): Waiting | undefined {
  return mine().find((item) => item.after === id);
}

/** Whether it can be sent now: not refused, not open on a page, and nothing has to be there before it. */
export function isReady(item: Waiting): boolean {
  return !item.problem && !held.has(item.id) && !mine().some((other) => other.id === item.after);
}

export type NewWaiting = Omit<Waiting, 'memberId' | 'at' | 'problem'> & { at?: number };
/** `file`: a photo could not be moved to where it lasts, so nothing was kept. */
export type Kept = 'kept' | 'full' | 'file';

/** Puts records into the outbox, all or none, in the place of those that waited under the same ids. */
export async function keepForLater(records: readonly NewWaiting[]): Promise<Kept> {
  const memberId = session.get().me?.member.id ?? '';
  const added: Waiting[] = [];
  try {
    for (const record of records) {
      const files = await Promise.all(
        record.files.map(async (entry) => ({ ...entry, file: await keepFile(entry.file) })),
      );
      added.push({ at: Date.now(), ...record, files, memberId });
    }
  } catch {
    return 'file';
  }
  const ids = new Set(records.map((record) => record.id));
  const others = outbox.get().items.filter((item) => !ids.has(item.id) && !ids.has(item.after ?? ''));
  return keep([...others, ...added]) ? 'kept' : 'full';
}

export function changeWaiting(id: string, change: Partial<Waiting>): void {
  keep(outbox.get().items.map((item) => (item.id === id ? { ...item, ...change } : item)));
}

/** Takes out what is saved by now. */
export function removeWaiting(ids: readonly string[]): void {
  if (outbox.get().items.some((item) => ids.includes(item.id))) {
    keep(outbox.get().items.filter((item) => !ids.includes(item.id)));
  }
}

/** Throws a record away, with what waits for it; the answer takes it back while its files are still there. */
export function dropWaiting(id: string): () => void {
  const gone = outbox.get().items.filter((item) => item.id === id || item.after === id);
  keep(outbox.get().items.filter((item) => !gone.includes(item)));
  setTimeout(() => {
    const back = outbox.get().items;
    for (const item of gone) {
      if (!back.some((other) => other.id === item.id)) for (const { file } of item.files) forgetFile(file);
    }
  }, takenBackFor);
  return () => void keep([...outbox.get().items, ...gone].sort((one, other) => one.at - other.at));
}

/** Keeps a record from being sent while it is open on a page; the answer lets it go. */
export function holdWaiting(id: string): () => void {
  held.add(id);
  return () => void held.delete(id);
}

/** The reader's records that wait for the network. */
export function useOutbox(): Waiting[] {
  useStore(outbox);
  return mine();
}
