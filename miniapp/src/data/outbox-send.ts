import { ApiError } from '@lianke/shared/api/client';
import type { FormId, RecordId } from '@lianke/shared/ids';
import Taro from '@tarojs/taro';
import { useEffect } from 'react';
import { api } from '../api/client.js';
import { messageOf } from '../api/message.js';
import { t } from '../i18n/index.js';
import { isH5 } from '../platform/host.js';
import { forgetFile } from '../platform/kept-files.js';
import { isUnreachable } from '../platform/transport.js';
import { uploadFile } from '../platform/upload.js';
import { session } from '../session/session.js';
import { showNotice } from '../store/notice.js';
import { ChangedByOthers, changeRecord } from './change-record.js';
import { withFile } from './local-values.js';
import { changeWaiting, isReady, mine, removeWaiting, type Waiting, waitingById } from './outbox.js';
import type { FileRef } from './record-types.js';
import { invalidate, retryFailed } from './resource.js';

const retryEvery = 10_000;
let sending: Promise<void> | null = null;
let watching = false;

/** A photo of a record did not arrive. */
class PhotoFailed extends Error {
  constructor(readonly reason: unknown) {
    super('photo');
  }
}

/**
 * Sends what of the files is still on the phone. Each that arrived is written down at once: sent again after a lost
 * answer, the record then has the same content and the server knows it.
 */
async function sendFiles(item: Waiting): Promise<Waiting> {
  let now = item;
  for (const entry of item.files) {
    let arrived: FileRef;
    try {
      arrived = await uploadFile(entry.file);
    } catch (reason) {
      throw new PhotoFailed(reason);
    }
    now = {
      ...now,
      values: withFile(now.values, entry, arrived.id),
      filled: withFile(now.filled ?? {}, entry, { ...arrived }),
      files: now.files.filter((other) => other !== entry),
    };
    changeWaiting(item.id, now);
    forgetFile(entry.file);
  }
  return now;
}

async function send(item: Waiting): Promise<void> {
  const { id, formId, values, filled = {}, edit } = await sendFiles(item);
  if (edit) {
    await changeRecord(
      formId,
      { id, version: edit.version, values: edit.base },
      { typed: filled, wire: values, ...edit },
    );
  } else {
    await api('records.create', { params: { formId: formId as FormId }, body: { id: id as RecordId, values } });
  }
}

function refuse(item: Waiting, error: unknown): void {
  if (error instanceof ChangedByOthers && item.edit) {
    const { base, names } = item.edit;
    const named = error.keys.map((key) => names[key] ?? key).join(t('common.comma'));
    // Sent again, it writes over what the person has now been told of.
    changeWaiting(item.id, {
      edit: { ...item.edit, base: { ...base, ...error.now } },
      problem: t('outbox.changedMeanwhile', { names: named }),
    });
  } else {
    const reason = messageOf(error instanceof PhotoFailed ? error.reason : error);
    changeWaiting(item.id, { problem: error instanceof PhotoFailed ? t('outbox.photo', { reason }) : reason });
  }
  showNotice(t('outbox.refused', { title: item.title }));
}

async function sendAll(): Promise<void> {
  let sent = 0;
  let silent = 0;
  for (const { id } of mine()) {
    const item = waitingById(id);
    if (!item || !isReady(item)) continue;
    try {
      await send(item);
      removeWaiting([id]);
      sent++;
      silent = 0;
      invalidate(`data:${item.formId}`);
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) break;
      // A photo may be what does not get through: the records after it are none the worse.
      if (error instanceof PhotoFailed && isUnreachable(error.reason)) continue;
      if (!isUnreachable(error)) refuse(item, error);
      // The second one in a row: it is the network, not what is sent.
      else if (++silent === 2) break;
    }
  }
  if (sent === 0) return;
  invalidate('tasks');
  retryFailed();
  showNotice(t('outbox.sent', { n: sent }));
}

/** Sends what waits, once at a time. */
export function flushOutbox(): Promise<void> {
  if (session.get().state !== 'in' || !mine().some(isReady)) return Promise.resolve();
  sending ??= sendAll().finally(() => {
    sending = null;
  });
  return sending;
}

/** Sends a refused record again. */
export function retryWaiting(id: string): Promise<void> {
  changeWaiting(id, { problem: undefined });
  return flushOutbox();
}

/** Sends a record without the photos that do not arrive. */
export function sendWithoutFiles(id: string): Promise<void> {
  for (const { file } of waitingById(id)?.files ?? []) forgetFile(file);
  changeWaiting(id, { problem: undefined, files: [] });
  return flushOutbox();
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
