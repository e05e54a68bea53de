import { holdsSecrets } from '@lianke/shared/records/kept-values';
import { titleField } from '../../data/forms.js';
import { type UnsentFile, withoutLocals } from '../../data/local-values.js';
import { keepForLater, type NewWaiting, waitingById } from '../../data/outbox.js';
import type { FormView, RecordRow, Values } from '../../data/record-types.js';
import { wireValues } from '../../data/write-record.js';
import { t } from '../../i18n/index.js';

/** What a form page could not send. */
export interface Unsent {
  form: FormView;
  id: string;
  /** For a new record all that may be sent, for an edit what was typed. */
  values: Values;
  /** The record that is changed, and how it stood when that began. */
  edit?: { record: RecordRow; base: Values } | undefined;
  files: readonly UnsentFile[];
  /** The page was opened from the queue and holds all that waits there. */
  opened: boolean;
}

/** Keeps it on the phone to be sent later; why it could not, or undefined. */
export async function keepUnsent({ form, id, values, edit, files, opened }: Unsent): Promise<string | undefined> {
  if (holdsSecrets(form.fields, values)) return t('outbox.secret');
  const title = titleField(form);
  const named = title && values[title.key];
  const before = edit && !opened ? waitingById(id) : undefined;
  const entries = files.map(({ upload, ...place }) => ({ ...place, file: upload.file }));
  const one: NewWaiting = {
    ...{ id, formId: form.id, title: edit?.record.label ?? (typeof named === 'string' ? named : form.name) },
    // An earlier change of the same record still waits: both go.
    values: { ...before?.values, ...wireValues(form, values) },
    filled: { ...before?.filled, ...withoutLocals(values) },
    files: [...(before?.files ?? []), ...entries],
    ...(edit ? { edit: editOf(form, edit, values, before?.edit?.base) } : {}),
  };
  const kept = await keepForLater([one]);
  return kept === 'kept' ? undefined : t(kept === 'full' ? 'outbox.full' : 'outbox.noFile');
}

function editOf(form: FormView, { record, base }: NonNullable<Unsent['edit']>, typed: Values, known?: Values) {
  const keys = Object.keys(typed);
  const stood = Object.fromEntries(keys.map((key) => [key, base[key] ?? null]));
  const names = Object.fromEntries(form.fields.map(({ key, name }) => [key, name]));
  return { version: record.version, base: { ...stood, ...known }, names };
}
