import { useRef, useState } from 'react';
import { messageOf } from '../api/message.js';
import type { FileRef } from '../data/record-types.js';
import { uuidV7 } from '../data/uuid.js';
import { type LocalFile, pickFiles } from '../platform/pick-files.js';
import { uploadFile } from '../platform/upload.js';
import type { Upload } from './file-picker.js';

/** Picks files and uploads them in the background. `onStored` hears of each that arrived. */
export function useUploads(onStored: (file: FileRef, key: string) => void) {
  const [uploads, setUploads] = useState<Upload[]>([]);
  const stored = useRef(onStored);
  stored.current = onStored;
  const change = (key: string, next: Partial<Upload>) =>
    setUploads((all) => all.map((upload) => (upload.key === key ? { ...upload, ...next } : upload)));

  const send = async (key: string, file: LocalFile) => {
    change(key, { progress: 0, failed: null });
    try {
      const result = await uploadFile(file, (progress) => change(key, { progress: Math.min(progress, 99) }));
      change(key, { progress: 100, stored: result });
      stored.current(result, key);
    } catch (error) {
      change(key, { failed: messageOf(error) });
    }
  };

  return {
    uploads,
    busy: uploads.some((upload) => !upload.stored && !upload.failed),
    async add(kind: 'image' | 'camera' | 'any', count: number) {
      const files = await pickFiles(kind, count);
      const fresh = files.map((file) => ({ key: uuidV7(), file, progress: 0, stored: null, failed: null }));
      setUploads((all) => [...all, ...fresh]);
      for (const upload of fresh) void send(upload.key, upload.file);
    },
    drop: (key: string) => setUploads((all) => all.filter((upload) => upload.key !== key)),
    retry(key: string) {
      const upload = uploads.find((item) => item.key === key);
      if (upload) void send(key, upload.file);
    },
    clear: () => setUploads([]),
  };
}
