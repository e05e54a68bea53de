import { useRef, useState } from 'react';
import { messageOf } from '../api/message.js';
import type { FileRef } from '../data/record-types.js';
import { uuidV7 } from '../data/uuid.js';
import { forgetFile, keepFile } from '../platform/kept-files.js';
import { type LocalFile, pickFiles } from '../platform/pick-files.js';
import { isUnreachable } from '../platform/transport.js';
import { uploadFile } from '../platform/upload.js';
import type { Upload } from './file-picker.js';

/**
 * Picks files and uploads them in the background. `onStored` hears of each that arrived.
 * @param lasting files go to the program's own folder first, so that a draft finds them after it was killed
 */
export function useUploads(onStored: (file: FileRef, key: string) => void, lasting = false) {
  const [uploads, setUploads] = useState<Upload[]>([]);
  // What stands now, for those who wait: a component sees it only when it is drawn again.
  const all = useRef<Upload[]>([]);
  const sending = useRef(new Set<Promise<void>>());
  const stored = useRef(onStored);
  stored.current = onStored;
  const put = (next: Upload[]) => {
    all.current = next;
    setUploads(next);
  };
  const change = (key: string, next: Partial<Upload>) =>
    put(all.current.map((upload) => (upload.key === key ? { ...upload, ...next } : upload)));

  const send = (key: string, file: LocalFile): void => {
    const sent = upload(key, file).finally(() => sending.current.delete(sent));
    sending.current.add(sent);
  };

  const upload = async (key: string, file: LocalFile): Promise<void> => {
    change(key, { progress: 0, failed: null });
    try {
      const result = await uploadFile(file, (progress) => change(key, { progress: Math.min(progress, 99) }));
      change(key, { progress: 100, stored: result });
      stored.current(result, key);
    } catch (error) {
      change(key, { failed: messageOf(error), later: isUnreachable(error) });
    }
  };

  return {
    uploads,
    busy: uploads.some((upload) => !upload.stored && !upload.failed),
    async add(kind: 'image' | 'camera' | 'any', count: number, mark?: readonly string[]) {
      const picked = await pickFiles(kind, count, mark);
      // Without room for it a file still can be sent at once.
      const files = lasting ? await Promise.all(picked.map((file) => keepFile(file).catch(() => file))) : picked;
      const fresh = files.map((file) => ({ key: uuidV7(), file, progress: 0, stored: null, failed: null }));
      put([...all.current, ...fresh]);
      for (const each of fresh) send(each.key, each.file);
      return files;
    },
    drop(key: string) {
      const dropped = all.current.find((each) => each.key === key);
      put(all.current.filter((each) => each !== dropped));
      if (dropped && lasting) forgetFile(dropped.file);
    },
    /** Goes on with what a draft kept: what had not arrived is sent again. */
    restore(kept: readonly Pick<Upload, 'key' | 'file' | 'stored'>[]) {
      put(kept.map((each) => ({ ...each, progress: each.stored ? 100 : 0, failed: null })));
      for (const each of kept) if (!each.stored) send(each.key, each.file);
    },
    retry(key: string) {
      const again = all.current.find((each) => each.key === key);
      if (again) send(key, again.file);
    },
    /** Resolves with what came of the uploads once none is under way, or `atMost` milliseconds have passed. */
    async settled(atMost: number): Promise<readonly Upload[]> {
      let over = false;
      const timeUp = new Promise<void>((resolve) =>
        setTimeout(() => {
          over = true;
          resolve();
        }, atMost),
      );
      while (sending.current.size > 0 && !over) await Promise.race([Promise.all(sending.current), timeUp]);
      return all.current;
    },
  };
}
