import { createContext, useContext, useEffect, useRef } from 'react';
import { filesOf, type Json, type ReadField } from '../data/record-types.js';
import type { LocalFile } from '../platform/pick-files.js';
import type { Upload } from './file-picker.js';
import { useUploads } from './use-uploads.js';

/** The files of a form that have not arrived: a save waits for them, or keeps them with the record. */
export interface PendingUploads {
  /** By field key: what has not arrived once nothing is under way, or so many milliseconds have passed. */
  readonly settled: Map<string, (atMost: number) => Promise<readonly Upload[]>>;
  /** Files that the page begins with, by field key. */
  readonly start: Map<string, LocalFile[]>;
}

export const PendingUploadsContext = createContext<PendingUploads | undefined>(undefined);

/** Picks files into a field: those that arrived are its value, the others are told to the form around it. */
export function useFieldUploads(field: ReadField, value: Json | undefined, onChange: (value: Json) => void) {
  const stored = filesOf(value);
  // Two uploads may end before the next render: each adds to what the one before left.
  const latest = useRef(stored);
  latest.current = stored;
  const uploads = useUploads((file, key) => {
    latest.current = [...latest.current, file];
    onChange(latest.current.map((item) => ({ ...item })));
    uploads.drop(key);
  });
  const now = useRef(uploads);
  now.current = uploads;
  const around = useContext(PendingUploadsContext);
  const { key } = field;
  useEffect(() => {
    if (!around) return undefined;
    const begun = around.start.get(key);
    around.start.delete(key);
    if (begun) now.current.restore(begun.map((file) => ({ key: file.path, file, stored: null })));
    around.settled.set(key, (atMost) => now.current.settled(atMost));
    return () => void around.settled.delete(key);
  }, [around, key]);
  return {
    ...uploads,
    stored,
    remove(id: string) {
      uploads.drop(id);
      onChange(stored.filter((file) => file.id !== id).map((file) => ({ ...file })));
    },
  };
}

/** What of a form's files has not arrived, by field key; those whose time is up count as not arrived. */
export async function unsentFiles(pending: PendingUploads, atMost: number): Promise<Map<string, readonly Upload[]>> {
  const found = await Promise.all(
    [...pending.settled].map(async ([key, settled]) => {
      const left = (await settled(atMost)).filter((upload) => !upload.stored);
      return [key, left] as const;
    }),
  );
  return new Map(found.filter(([, left]) => left.length > 0));
}
