import { useCallback, useEffect, useSyncExternalStore } from 'react';
import { readStored, writeStored } from '../platform/storage.js';

export interface Resource<T> {
  data: T | undefined;
  error: unknown;
  loading: boolean;
  /** When `data` was read (ms since 1970); older than the last attempt while the phone is offline. */
  at: number;
  reload(): Promise<void>;
}

interface Entry {
  data: unknown;
  error: unknown;
  loading: boolean;
  at: number;
}
interface Slot {
  entry: Entry;
  listeners: Set<() => void>;
  load: (() => Promise<unknown>) | null;
  running: Promise<void> | null;
  persist: Persist;
  /** When its data came with another answer (ms since 1970). */
  seeded: number;
}

const empty: Entry = { data: undefined, error: null, loading: false, at: 0 };
const slots = new Map<string, Slot>();
/** How long what came with another answer needs no reading of its own. */
const seededForMs = 3000;

/** Whether the last answer is kept on the phone; as a function, what of it is. */
type Persist<T = never> = boolean | ((data: T) => unknown);

function keptOf<T>(persist: Persist<T>, data: T): unknown {
  return typeof persist === 'function' ? persist(data) : data;
}

function slotOf(key: string, persist: Persist): Slot {
  let slot = slots.get(key);
  if (!slot) {
    const stored = persist ? readStored<{ data: unknown; at: number }>(`cache.${key}`) : undefined;
    slot = {
      entry: stored ? { ...empty, data: stored.data, at: stored.at } : empty,
      listeners: new Set(),
      load: null,
      running: null,
      persist,
      seeded: 0,
    };
    slots.set(key, slot);
  }
  return slot;
}

function put(slot: Slot, change: Partial<Entry>): void {
  slot.entry = { ...slot.entry, ...change };
  for (const listener of [...slot.listeners]) listener();
}

function run(key: string, slot: Slot): Promise<void> {
  const load = slot.load;
  if (!load) return Promise.resolve();
  if (slot.running) return slot.running;
  // The page that was just opened asks for what it was opened with.
  if (Date.now() - slot.seeded < seededForMs) return Promise.resolve();
  put(slot, { loading: true });
  slot.running = load()
    .then(
      (data) => {
        const at = Date.now();
        put(slot, { data, error: null, at });
        if (slot.persist) writeStored(`cache.${key}`, { data: keptOf(slot.persist, data as never), at });
      },
      (error: unknown) => put(slot, { error }),
    )
    .then(() => {
      slot.running = null;
      put(slot, { loading: false });
    });
  return slot.running;
}

/**
 * Data behind a key: what is known at once, then what the server says. `null` as key loads nothing. `persist` keeps the
 * last answer on the phone, for reading offline.
 */
export function useResource<T>(key: string | null, load: () => Promise<T>, persist: Persist<T> = false): Resource<T> {
  const slot = key === null ? null : slotOf(key, persist);
  if (slot) {
    slot.load = load;
    if (persist) slot.persist = persist as Persist;
  }
  const subscribe = useCallback(
    (listener: () => void) => {
      if (!slot) return () => undefined;
      slot.listeners.add(listener);
      return () => {
        slot.listeners.delete(listener);
      };
    },
    [slot],
  );
  const entry = useSyncExternalStore(subscribe, () => slot?.entry ?? empty);
  const reload = useCallback(() => (slot && key !== null ? run(key, slot) : Promise.resolve()), [slot, key]);
  useEffect(() => {
    void reload();
  }, [reload]);
  return {
    data: entry.data as T | undefined,
    error: entry.error,
    loading: entry.loading || (slot !== null && entry.data === undefined && entry.error === null),
    at: entry.at,
    reload,
  };
}

/** Data that came with another answer: known at once, and not read again by the page that is just opening. */
export function seedResource<T>(key: string, data: T, persist: Persist<T>): void {
  const slot = slotOf(key, persist as Persist);
  const at = Date.now();
  slot.seeded = at;
  put(slot, { data, error: null, at });
  // Writing is slow on phones and can wait until the page stands.
  if (persist) setTimeout(() => writeStored(`cache.${key}`, { data: keptOf(persist, data), at }), 0);
}

/** Reads again whatever is shown under keys that begin with `start`, and forgets the rest of them. */
export function invalidate(start: string): void {
  for (const [key, slot] of [...slots]) {
    if (!key.startsWith(start)) continue;
    slot.seeded = 0;
    if (slot.listeners.size > 0) void run(key, slot);
    else slots.delete(key);
  }
}

/** Reads again what is shown and could not be read last time: the network is back. */
export function retryFailed(): void {
  for (const [key, slot] of slots) {
    if (slot.entry.error !== null && slot.listeners.size > 0) void run(key, slot);
  }
}

/** Changes known data in place (an optimistic update); the next load replaces it. */
export function patchResource<T>(key: string, change: (data: T) => T): void {
  const slot = slots.get(key);
  if (slot?.entry.data !== undefined) put(slot, { data: change(slot.entry.data as T) });
}

/** Forgets everything: another person or company is there now. */
export function resetResources(): void {
  for (const slot of slots.values()) put(slot, empty);
  slots.clear();
}
