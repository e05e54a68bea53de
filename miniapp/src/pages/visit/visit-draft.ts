import { keptValues } from '@lianke/shared/records/kept-values';
import { newLocalId } from '../../data/local-files.js';
import { withWaitingFiles } from '../../data/local-values.js';
import type { Waiting } from '../../data/outbox.js';
import { type FormView, filesOf, isRef, type Json, type ReadField, type Values } from '../../data/record-types.js';
import { wallClock } from '../../data/time.js';
import { uuidV7 } from '../../data/uuid.js';
import type { VisitFields } from '../../data/visit-form.js';
import type { Upload } from '../../fields/file-picker.js';
import { placeOf } from '../../fields/plain-values.js';
import { isH5 } from '../../platform/host.js';
import { forgetFile } from '../../platform/kept-files.js';
import { dropStored, readStored, writeStored } from '../../platform/storage.js';
import { fileUrl } from '../../platform/upload.js';
import { session, zone } from '../../session/session.js';
import type { Typed, VisitIds } from './visit-values.js';

/** A visit that is being typed, as it is written down on the phone. */
export interface VisitDraft extends Typed {
  ids: VisitIds;
  files: Pick<Upload, 'key' | 'file' | 'stored'>[];
  /** Of a visit that waits: the files of its other fields, under their ids in `more`. */
  moreFiles?: PlacedFile[];
  at: number;
}

type PlacedFile = Waiting['files'][number] & { id: string };

/** One for each member and what the page was opened for: a customer, a visit that waits, or nothing. */
const keyOf = (slot: string | undefined) => `visit.${session.get().me?.member.id ?? ''}.${slot ?? 'new'}`;
const pictureKey = (key: string) => `visitPhoto.${key}`;

/** Photos on h5 whose data lies in the store. */
const written = new Set<string>();

/** A photo on h5 is a long text: it is written once and apart from the draft, which is written again and again. */
function apart(entry: VisitDraft['files'][number]): VisitDraft['files'] {
  const { key, file, stored } = entry;
  if (stored) {
    dropStored(pictureKey(key));
    written.delete(key);
  } else if (!written.has(key)) {
    if (!writeStored(pictureKey(key), file.path)) return [];
    written.add(key);
  }
  return [{ ...entry, file: { ...file, path: '' } }];
}

function together(entry: VisitDraft['files'][number]): VisitDraft['files'] {
  const { key, file, stored } = entry;
  if (file.path !== '') return [entry];
  const path = stored ? fileUrl(stored.id) : readStored<string>(pictureKey(key));
  return path ? [{ ...entry, file: { ...file, path } }] : [];
}

/** What was typed last for this customer and never saved. */
export function readVisitDraft(slot: string | undefined): VisitDraft | undefined {
  const draft = readStored<VisitDraft>(keyOf(slot));
  return draft && { ...draft, files: draft.files.flatMap(together) };
}

/** Writes a visit down, without what is stored encrypted. False when the phone has no room for all of it. */
export function keepVisitDraft(
  form: FormView,
  fields: VisitFields,
  slot: string | undefined,
  draft: VisitDraft,
): boolean {
  const files = isH5 ? draft.files.flatMap(apart) : draft.files;
  const kept = writeStored(keyOf(slot), {
    ...draft,
    content: fields.content.encrypted ? '' : draft.content,
    plan: fields.plan?.encrypted ? '' : draft.plan,
    more: keptValues(form.fields, draft.more),
    files,
  });
  return kept && files.length === draft.files.length;
}

/** Forgets a draft; with `files`, also the photos that lie on the phone for it alone. */
export function dropVisitDraft(slot: string | undefined, files: readonly VisitDraft['files'][number][] = []): void {
  for (const { key, file } of readStored<VisitDraft>(keyOf(slot))?.files ?? []) {
    if (isH5 && file.path === '') dropStored(pictureKey(key));
    written.delete(key);
  }
  for (const { file } of files) forgetFile(file);
  dropStored(keyOf(slot));
}

/** A visit that waits to be sent, opened again: what was typed, its photos, and when and where it was. */
export function draftOf(
  item: Waiting,
  todo: Waiting | undefined,
  fields: VisitFields,
  others: readonly ReadField[],
): VisitDraft {
  const filled: Values = item.filled ?? item.values;
  const value = (field: ReadField | undefined) => (field ? (filled[field.key] ?? null) : null);
  const text = (field: ReadField | undefined) => {
    const found = value(field);
    return typeof found === 'string' ? found : '';
  };
  const customer = value(fields.customer);
  const next = text(fields.nextAt);
  const place = whereOf(value(fields.place));
  const isPhoto = ({ field, row }: Waiting['files'][number]) => !row && field === fields.photos?.key;
  const moreFiles = item.files
    .filter((entry) => !isPhoto(entry))
    .map((entry) => ({ ...entry, id: entry.id ?? newLocalId() }));
  const more = Object.fromEntries(others.flatMap(({ key }) => (key in filled ? [[key, filled[key] ?? null]] : [])));
  return {
    ids: { visit: item.id, todo: todo?.id ?? uuidV7() },
    customer: isRef(customer) ? { id: customer.id, label: customer.label } : null,
    content: text(fields.content),
    plan: text(fields.plan),
    nextAt: next && fields.nextAt?.type === 'datetime' ? wallClock(zone(), Date.parse(next)).date : next,
    more: withWaitingFiles(more, moreFiles),
    moreFiles,
    files: [
      ...filesOf(value(fields.photos)).map((stored) => ({
        ...{ key: stored.id, stored },
        file: { path: fileUrl(stored.id), name: stored.name, size: stored.size, image: true },
      })),
      ...item.files.filter(isPhoto).map(({ file }) => ({ key: uuidV7(), file, stored: null })),
    ],
    when: item.at,
    ...(place ? { where: place } : {}),
    at: item.at,
  };
}

/** The place of a visit with all that the phone said of it. */
function whereOf(value: Json): Typed['where'] {
  const place = placeOf(value);
  if (!place || typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { accuracy, distance, mock } = value;
  return {
    ...{ lat: place.lat, lng: place.lng },
    ...(typeof accuracy === 'number' ? { accuracy } : {}),
    ...(typeof distance === 'number' ? { distance } : {}),
    ...(mock === true ? { mock } : {}),
  };
}
