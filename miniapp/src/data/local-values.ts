import type { LocalFile } from '../platform/pick-files.js';
import { isLocalId, type LocalUpload, localRef, localUpload } from './local-files.js';
import type { FileRef, Json, Values } from './record-types.js';

/** Where a file stands in a record: in a field, or in a field of one of a subform's rows. */
export interface FilePlace {
  field: string;
  row?: { id: string; field: string };
}

/** A file of a record that the server does not have. */
export interface UnsentFile extends FilePlace {
  id: string;
  upload: LocalUpload;
}

interface Row {
  id: string;
  values: Values;
}

export function isFilledRow(item: Json): item is { id: string; values: Values } {
  return typeof item === 'object' && item !== null && 'values' in item && 'id' in item && typeof item.id === 'string';
}

function isLocalFile(item: Json): item is { id: string } & Values {
  return typeof item === 'object' && item !== null && 'id' in item && isLocalId(item.id);
}

const rowsIn = (value: Json | undefined): Row[] =>
  (Array.isArray(value) ? value : []).flatMap((item) => (isFilledRow(item) ? [item] : []));
const idsIn = (value: Json | undefined): string[] =>
  (Array.isArray(value) ? value : []).flatMap((item) => (isLocalFile(item) ? [item.id] : []));

/** The files on this phone that stand in these values, from top to bottom. */
export function localPlaces(values: Values): (FilePlace & { id: string })[] {
  return Object.entries(values).flatMap(([field, value]) => [
    ...idsIn(value).map((id) => ({ field, id })),
    ...rowsIn(value).flatMap((row) =>
      Object.entries(row.values).flatMap(([key, inner]) =>
        idsIn(inner).map((id) => ({ field, id, row: { id: row.id, field: key } })),
      ),
    ),
  ]);
}

export const localIds = (values: Values): string[] => localPlaces(values).map(({ id }) => id);

/** The values with each file of this phone put as `become` says; null takes it out. Others keep their identity. */
function mapped(values: Values, become: (id: string) => FileRef | null | undefined): Values {
  const list = (items: readonly Json[]): Json[] =>
    items.flatMap((item): Json[] => {
      if (isLocalFile(item)) {
        const next = become(item.id);
        return next === undefined ? [item] : next ? [{ ...next }] : [];
      }
      return [isFilledRow(item) ? { ...item, values: mapped(item.values, become) } : item];
    });
  const held = new Set(localPlaces(values).map(({ field }) => field));
  if (held.size === 0) return values;
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, held.has(key) && Array.isArray(value) ? list(value) : value]),
  );
}

/** The values as far as the server knows: files that arrived are named as it does, those lost on the phone are out. */
export function arrivedValues(values: Values): Values {
  return mapped(values, (id) => {
    const upload = localUpload(id);
    return upload ? (upload.stored ?? undefined) : null;
  });
}

/** Without the files that the server does not have. */
export const withoutLocals = (values: Values): Values => mapped(values, () => null);

export function unsentIn(values: Values): UnsentFile[] {
  return localPlaces(values).flatMap((place) => {
    const upload = localUpload(place.id);
    return upload && !upload.stored ? [{ ...place, upload }] : [];
  });
}

/** Why files of these values will never arrive, by field key; in rows by `lines[0].photos`. */
export function refusedFiles(files: readonly UnsentFile[], values: Values): Record<string, string> {
  return Object.fromEntries(
    files.flatMap(({ field, row, upload: { failed, later } }) => {
      if (!failed || later) return [];
      const rows = values[field] ?? null;
      const at = row && Array.isArray(rows) ? rows.findIndex((item) => isFilledRow(item) && item.id === row.id) : -1;
      return [[row ? `${field}[${at}].${row.field}` : field, failed]];
    }),
  );
}

/** Puts one more into the list at this place; where its row is gone, nothing changes. */
export function withFile(values: Values, { field, row }: FilePlace, file: Json): Values {
  const known = values[field] ?? null;
  const list = Array.isArray(known) ? known : [];
  if (!row) return { ...values, [field]: [...list, file] };
  return {
    ...values,
    [field]: list.map((item) =>
      isFilledRow(item) && item.id === row.id
        ? { ...item, values: withFile(item.values, { field: row.field }, file) }
        : item,
    ),
  };
}

/** The values of a record that waits with the files that wait with it. */
export function withWaitingFiles(
  values: Values,
  files: readonly (FilePlace & { id: string; file: LocalFile })[],
): Values {
  return files.reduce((now, entry) => withFile(now, entry, { ...localRef(entry.id, entry.file) }), values);
}

/** What is sent never names a file by this phone's id. */
export function sendable(wire: Json): Json {
  if (!Array.isArray(wire)) return wire;
  return wire
    .filter((item) => !isLocalId(item))
    .map((item) =>
      isFilledRow(item)
        ? {
            ...item,
            values: Object.fromEntries(Object.entries(item.values).map(([key, value]) => [key, sendable(value)])),
          }
        : item,
    );
}
