import { createContext, useContext, useRef } from 'react';
import { addLocalFile, forgetLocalFiles, isLocalId, retryLocalFile, useLocalUploads } from '../data/local-files.js';
import { type FileRef, filesOf, type Json } from '../data/record-types.js';
import { t } from '../i18n/index.js';
import { pickFiles } from '../platform/pick-files.js';
import { showNotice } from '../store/notice.js';
import type { Upload } from './file-picker.js';
import { useUploads } from './use-uploads.js';

/**
 * Around fields whose page keeps drafts: their files stand in the values from the moment they are picked. In a `row` that
 * is open a file taken out may come back: what is left of it goes when the row is closed.
 */
export const LastingFilesContext = createContext<'page' | 'row' | undefined>(undefined);

type Kind = 'image' | 'camera' | 'any';

interface FieldUploads {
  uploads: readonly Upload[];
  /** What the server has, apart from what arrived while the page is open. */
  stored: readonly FileRef[];
  add(kind: Kind, count: number): Promise<void>;
  remove(id: string): void;
  retry(key: string): void;
}

/** Files of a page without drafts: those that arrived are the value, the others are known to the control alone. */
function usePassing(value: Json | undefined, onChange: (value: Json) => void): FieldUploads {
  const stored = filesOf(value);
  // Two uploads may end before the next render: each adds to what the one before left.
  const latest = useRef(stored);
  latest.current = stored;
  const uploads = useUploads((file, key) => {
    latest.current = [...latest.current, file];
    onChange(latest.current.map((item) => ({ ...item })));
    uploads.drop(key);
  });
  return {
    uploads: uploads.uploads,
    stored,
    async add(kind, count) {
      await uploads.add(kind, count);
    },
    remove(id) {
      uploads.drop(id);
      onChange(stored.filter((file) => file.id !== id).map((file) => ({ ...file })));
    },
    retry: uploads.retry,
  };
}

/** Files that outlive a kill: each stands in the value at once, and arrives behind it. */
function useLasting(value: Json | undefined, onChange: (value: Json) => void, forget: boolean): FieldUploads {
  const known = useLocalUploads();
  const files = filesOf(value);
  const latest = useRef(files);
  latest.current = files;
  const put = (next: readonly FileRef[]) => {
    latest.current = [...next];
    onChange(next.map((file) => ({ ...file })));
  };
  return {
    uploads: files.flatMap(({ id }) => {
      const upload = known[id];
      return upload ? [{ ...upload, key: id }] : [];
    }),
    stored: files.filter((file) => !isLocalId(file.id)),
    async add(kind, count) {
      const added = await Promise.all((await pickFiles(kind, count)).map(addLocalFile));
      if (added.some(({ kept }) => !kept)) showNotice(t('visit.draftNoRoom'));
      if (added.length > 0) put([...latest.current, ...added.map(({ ref }) => ref)]);
    },
    remove(id) {
      put(files.filter((file) => file.id !== id));
      if (forget && isLocalId(id)) forgetLocalFiles([id]);
    },
    retry: retryLocalFile,
  };
}

/** Picks files into a field and uploads them in the background. */
export function useFieldUploads(value: Json | undefined, onChange: (value: Json) => void): FieldUploads {
  const lasting = useContext(LastingFilesContext);
  const passing = usePassing(value, onChange);
  const kept = useLasting(value, onChange, lasting === 'page');
  return lasting ? kept : passing;
}
