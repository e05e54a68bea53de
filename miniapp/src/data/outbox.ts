import { ApiError } from '@lianke/shared/api/client';
import type { FormId, RecordId } from '@lianke/shared/ids';
import Taro from '@tarojs/taro';
import { useEffect } from 'react';
import { api } from '../api/client.js';
import { messageOf } from '../api/message.js';
import { t } from '../i18n/index.js';
import { isH5 } from '../platform/host.js';
import type { LocalFile } from '../platform/pick-files.js';
import { readStored, writeStored } from '../platform/storage.js';
import { isOffline } from '../platform/transport.js';
import { uploadFile } from '../platform/upload.js';
import { session } from '../session/session.js';
import { showNotice } from '../store/notice.js';
import { createStore, useStore } from '../store/store.js';
import type { Json, Values } from './record-types.js';
import { invalidate, retryFailed } from './resource.js';

/** A record saved without a network: it is sent under its own id later, so that sending twice makes one record. */
export interface Waiting {
  id: string;
  formId: string;
  /** Whose it is; another person logging in on this phone does not send it. */
  memberId: string;
  title: string;
  values: Values;
  files: { field: string; file: LocalFile }[];
  at: number;
  /** Why the server refused it; it then waits for its owner. */
  problem?: string;
}

const key = 'outbox';
const outbox = createStore<{ items: Waiting[] }>({ items: readStored<Waiting[]>(key) ?? [] });
const retryEvery = 10_000;
let sending: Promise<void> | null = null;
let watching = false;

function keep(items: Waiting[]): boolean {
  const kept = writeStored(key, items);
  if (kept) outbox.set({ items });
  return kept;
}

function mine(): Waiting[] {
  const memberId = session.get().me?.member.id;
  return outbox.get().items.filter((item) => item.memberId === memberId);
}

export type NewWaiting = Omit<Waiting, 'memberId' | 'at' | 'problem'>;

/** Puts records into the outbox, all or none; false when the phone has no room for them. */
export async function keepForLater(records: readonly NewWaiting[]): Promise<boolean> {
  const memberId = session.get().me?.member.id ?? '';
  const added: Waiting[] = [];
  for (const record of records) {
    const files = isH5
      ? record.files
      : await Promise.all(record.files.map(async (entry) => ({ ...entry, file: await lasting(entry.file) })));
    added.push({ ...record, files, memberId, at: Date.now() });
  }
  return keep([...outbox.get().items, ...added]);
}

/** Temporary files of a mini-program vanish when it closes: moves one to its own folder. */
async function lasting(file: LocalFile): Promise<LocalFile> {
  try {
    const saved = await Taro.saveFile({ tempFilePath: file.path });
    return 'savedFilePath' in saved && typeof saved.savedFilePath === 'string'
      ? { ...file, path: saved.savedFilePath }
      : file;
  } catch {
    return file;
  }
}

async function send(item: Waiting): Promise<void> {
  const values: Values = { ...item.values };
  for (const { field, file } of item.files) {
    const { id } = await uploadFile(file);
    const known: Json = values[field] ?? [];
    values[field] = [...(Array.isArray(known) ? known : []), id];
  }
  await api('records.create', {
    params: { formId: item.formId as FormId },
    body: { id: item.id as RecordId, values },
  });
}

async function sendAll(): Promise<void> {
  let sent = 0;
  for (const item of mine().filter((waiting) => !waiting.problem)) {
    try {
      await send(item);
      keep(outbox.get().items.filter((other) => other.id !== item.id));
      sent++;
      invalidate(`data:${item.formId}`);
    } catch (error) {
      if (isOffline(error) || (error instanceof ApiError && error.status === 401)) break;
      keep(outbox.get().items.map((other) => (other.id === item.id ? { ...other, problem: messageOf(error) } : other)));
      showNotice(t('outbox.refused', { title: item.title }));
    }
  }
  if (sent === 0) return;
  invalidate('tasks');
  retryFailed();
  showNotice(t('outbox.sent', { n: sent }));
}

/** Sends what waits, once at a time. */
export function flushOutbox(): Promise<void> {
  if (session.get().state !== 'in' || mine().every((item) => item.problem)) return Promise.resolve();
  sending ??= sendAll().finally(() => {
    sending = null;
  });
  return sending;
}

/** Sends a refused record again. */
export function retryWaiting(id: string): Promise<void> {
  keep(outbox.get().items.map((item) => (item.id === id ? { ...item, problem: undefined } : item)));
  return flushOutbox();
}

export function dropWaiting(id: string): void {
  keep(outbox.get().items.filter((item) => item.id !== id));
}

/** The reader's records that wait for the network. */
export function useOutbox(): Waiting[] {
  useStore(outbox);
  return mine();
}

/** Keeps trying while the app is open: once it is known whose it is, when the network returns, and every ten seconds. */
export function useOutboxFlush(): void {
  useEffect(() => {
    void flushOutbox();
    if (watching) return;
    watching = true;
    let entered = session.get().state === 'in';
    session.subscribe(() => {
      const is = session.get().state === 'in';
      if (is && !entered) void flushOutbox();
      entered = is;
    });
    // Browsers tell of the network by this event; Taro listens to the kind of connection only.
    if (isH5) window.addEventListener('online', () => void flushOutbox());
    try {
      Taro.onNetworkStatusChange((status) => {
        if (status.isConnected) void flushOutbox();
      });
    } catch {
      // The timer below does.
    }
    setInterval(() => void flushOutbox(), retryEvery);
  }, []);
}
