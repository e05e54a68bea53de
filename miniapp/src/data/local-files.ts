import { messageOf } from '../api/message.js';
import { isH5 } from '../platform/host.js';
import { forgetFile, keepFile } from '../platform/kept-files.js';
import type { LocalFile } from '../platform/pick-files.js';
import { dropStored, keysUnder, readStored, writeStored } from '../platform/storage.js';
import { isUnreachable } from '../platform/transport.js';
import { fileUrl, uploadFile } from '../platform/upload.js';
import { createStore, useStore } from '../store/store.js';
import type { FileRef } from './record-types.js';
import { uuidV7 } from './uuid.js';

// A file that was picked stands in its field's value at once, under an id that only this phone knows, while it is uploaded:
// drafts, rows of subforms and the queue hold it like any other value. Its content is written down apart from them.

/** How the upload of a file on this phone stands: percent, what became of it, or why it failed. */
export interface LocalUpload {
  file: LocalFile;
  progress: number;
  stored: FileRef | null;
  failed: string | null;
  /** It failed for want of a network or a server: it will arrive later. */
  later?: boolean;
  /** It belongs to the queue, which sends it when the page is left without saving. */
  borrowed?: boolean;
}

/** What is written down of one: the file, and what it has become on the server. */
interface Written {
  file: LocalFile;
  stored?: FileRef;
  /** ms since 1970. */
  at: number;
}

const mark = 'local:';
const shape = /^local:[0-9a-f-]{36}$/;
const under = 'localFile.';
const placeOf = (id: string) => under + id.slice(mark.length);
/** Drafts that nobody opened for so long, ms, do not keep their files any more. */
const keptFor = 60 * 86_400_000;

const local = createStore<{ uploads: Readonly<Record<string, LocalUpload>> }>({ uploads: {} });
const sending = new Map<string, Promise<void>>();
let swept = false;

export const newLocalId = (): string => mark + uuidV7();

/** Whether this names a file on this phone; such ids are never sent. */
export function isLocalId(id: unknown): id is string {
  return typeof id === 'string' && shape.test(id);
}

/** The file as it stands in a value. */
export function localRef(id: string, { name, size, image }: LocalFile): FileRef {
  return { id, name, size, mime: image ? 'image/jpeg' : 'application/octet-stream' };
}

export const localUpload = (id: string): LocalUpload | undefined => local.get().uploads[id];

/** The uploads of this phone by id, drawn again as they go on. */
export const useLocalUploads = () => useStore(local).uploads;

function change(id: string, next: Partial<LocalUpload>): void {
  const { uploads } = local.get();
  const known = uploads[id];
  if (known) local.set({ uploads: { ...uploads, [id]: { ...known, ...next } } });
}

async function upload(id: string, file: LocalFile): Promise<void> {
  change(id, { progress: 0, failed: null });
  try {
    const stored = await uploadFile(file, (progress) => change(id, { progress: Math.min(progress, 99) }));
    const known = localUpload(id);
    if (!known) return;
    // In a browser the picture itself lies in the store: it is not needed there any longer.
    const shown = isH5 ? { ...file, path: fileUrl(stored.id) } : file;
    change(id, { progress: 100, stored, file: shown });
    // A draft that still says the phone's id finds the server's by it.
    if (!known.borrowed) writeStored(placeOf(id), { file: shown, stored, at: Date.now() } satisfies Written);
  } catch (error) {
    change(id, { failed: messageOf(error), later: isUnreachable(error) });
  }
}

function begin(id: string, { file, borrowed = false }: Pick<LocalUpload, 'file' | 'borrowed'>): void {
  const one: LocalUpload = { file, borrowed, progress: 0, stored: null, failed: null };
  local.set({ uploads: { ...local.get().uploads, [id]: one } });
  const sent = upload(id, file).finally(() => sending.delete(id));
  sending.set(id, sent);
}

/** Writes a picked file down and begins to upload it. `kept`: false when the phone has no room, so that a kill loses it. */
export async function addLocalFile(picked: LocalFile): Promise<{ ref: FileRef; kept: boolean }> {
  sweep();
  // Without room in the program's folder a file still can be sent at once.
  const file = await keepFile(picked).catch(() => picked);
  const id = newLocalId();
  const kept = writeStored(placeOf(id), { file, at: Date.now() } satisfies Written);
  begin(id, { file });
  return { ref: localRef(id, file), kept };
}

/** Shows files of the queue on the page that opened it; they stay the queue's. */
export function borrowLocalFiles(files: readonly { id: string; file: LocalFile }[]): void {
  for (const { id, file } of files) if (!localUpload(id)) begin(id, { file, borrowed: true });
}

/** Goes on with files that a draft names. What the phone has no trace of any more is not known afterwards either. */
export function resumeLocalFiles(ids: readonly string[]): void {
  for (const id of ids) {
    const written = localUpload(id) ? undefined : readStored<Written>(placeOf(id));
    if (!written) continue;
    const { file, stored } = written;
    if (stored) local.set({ uploads: { ...local.get().uploads, [id]: { file, progress: 100, stored, failed: null } } });
    else begin(id, { file });
  }
}

export function retryLocalFile(id: string): void {
  const known = localUpload(id);
  if (known && !sending.has(id)) begin(id, known);
}

/** The record has them, or nobody wants them: nothing of them stays on the phone. */
export function forgetLocalFiles(ids: readonly string[]): void {
  for (const id of ids) {
    const known: Partial<LocalUpload> | undefined = localUpload(id) ?? readStored<Written>(placeOf(id));
    if (known?.file && !known.borrowed) forgetFile(known.file);
  }
  drop(ids);
}

/** What has not arrived is the queue's from now on, which keeps the files themselves. */
export function releaseLocalFiles(ids: readonly string[]): void {
  forgetLocalFiles(ids.filter((id) => localUpload(id)?.stored));
  drop(ids);
}

function drop(ids: readonly string[]): void {
  const uploads = { ...local.get().uploads };
  for (const id of ids) {
    delete uploads[id];
    dropStored(placeOf(id));
  }
  local.set({ uploads });
}

/** Resolves once none of these is under way, or `atMost` milliseconds have passed. */
export async function settledLocalFiles(ids: readonly string[], atMost: number): Promise<void> {
  const waited = ids.flatMap((id) => sending.get(id) ?? []);
  if (waited.length === 0) return;
  await new Promise<void>((resolve) => {
    setTimeout(resolve, atMost);
    void Promise.all(waited).then(() => resolve());
  });
}

/** Once a run: files of drafts that were overwritten long ago. */
function sweep(): void {
  if (swept) return;
  swept = true;
  const before = Date.now() - keptFor;
  const old = keysUnder(under).filter((key) => (readStored<Written>(key)?.at ?? 0) < before);
  forgetLocalFiles(old.map((key) => mark + key.slice(under.length)));
}
