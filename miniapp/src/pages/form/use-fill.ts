import { useEffect, useRef, useState } from 'react';
import { messageOf } from '../../api/message.js';
import { scrollToField } from '../../components/field-box.js';
import { ChangedByOthers, changeRecord } from '../../data/change-record.js';
import { checkValues, type FieldErrors, freshValues, refusedFields, underFields } from '../../data/form-check.js';
import { type Draft, dropDraft, keepDraft, readDraft, resumed, typedValues } from '../../data/form-draft.js';
import { useTyping } from '../../data/live-formulas.js';
import {
  borrowLocalFiles,
  forgetLocalFiles,
  newLocalId,
  releaseLocalFiles,
  resumeLocalFiles,
  settledLocalFiles,
} from '../../data/local-files.js';
import {
  arrivedValues,
  localIds,
  refusedFiles,
  type UnsentFile,
  unsentIn,
  withWaitingFiles,
} from '../../data/local-values.js';
import { holdWaiting, removeWaiting, type Waiting } from '../../data/outbox.js';
import { flushOutbox } from '../../data/outbox-send.js';
import type { FormView, Json, ReadField, RecordRow, Values } from '../../data/record-types.js';
import { openValues, ruleEnv, rulesFor } from '../../data/rules.js';
import { useLinked } from '../../data/use-linked.js';
import { uuidV7 } from '../../data/uuid.js';
import { createOrChange, wireValues } from '../../data/write-record.js';
import { t } from '../../i18n/index.js';
import type { MessageKey } from '../../i18n/zh.js';
import { isOffline, isUnreachable } from '../../platform/transport.js';
import { showNotice } from '../../store/notice.js';
import { keepUnsent } from './keep-form.js';

const draftEvery = 1000;
/** How long a save waits for files that are on their way, ms; then they are sent behind it. */
const uploadsWait = 5000;

/** What became of a save: the record's id, or `kept`: it waits on the phone. */
export interface Saved {
  id?: string;
  kept?: boolean;
}

/** A record that waits to be sent, opened again. */
function reopened(waiting: Waiting, now: Values, fields: readonly ReadField[]): Values {
  const { id, at, filled = {}, edit } = waiting;
  return resumed({ id, at, values: filled, ...(edit ? { base: edit.base } : {}) }, now, fields).values;
}

/** The files of a record that waits, under the ids they have in its values. */
type PlacedFile = Waiting['files'][number] & { id: string };
const placed = (waiting: Waiting | undefined): PlacedFile[] =>
  (waiting?.files ?? []).map((entry) => ({ ...entry, id: entry.id ?? newLocalId() }));

/** A record that waits shows its files when it opens, and is not sent until it is left. */
function useHeld(waiting: Waiting | undefined, files: readonly PlacedFile[]): void {
  useEffect(() => {
    if (!waiting) return undefined;
    const release = holdWaiting(waiting.id);
    borrowLocalFiles(files);
    return () => {
      release();
      void flushOutbox();
    };
  }, [waiting, files]);
}

/** Everything a fill page does besides drawing: values, draft, checks, saving. */
export function useFill(
  form: FormView,
  fields: readonly ReadField[],
  record: RecordRow | undefined,
  preset: Values,
  waits?: Waiting,
) {
  // As it stood when the page opened: the queue may change while it is open.
  const [waiting] = useState(waits);
  const slot = record?.id ?? (waiting && `waiting.${waiting.id}`);
  const initial = useRef<Values>(record ? { ...record.values } : freshValues(fields, preset));
  const [waitingFiles] = useState(() => placed(waiting));
  const [values, setValues] = useState<Values>(() =>
    waiting ? withWaitingFiles(reopened(waiting, initial.current, form.fields), waitingFiles) : initial.current,
  );
  const [errors, setErrors] = useState<FieldErrors>({});
  const [busy, setBusy] = useState(false);
  const [draft, setDraft] = useState<Draft | undefined>(() => readDraft(form.id, slot));
  const newId = useRef(waiting?.id ?? uuidV7());
  useHeld(waiting, waitingFiles);
  const latest = useRef(values);
  latest.current = values;
  const saved = useRef(JSON.stringify(values));

  useEffect(() => {
    const keep = () => {
      const text = JSON.stringify(latest.current);
      if (text === saved.current) return;
      saved.current = text;
      const base = record && { base: initial.current };
      keepDraft(form, slot, { id: newId.current, values: latest.current, ...base, at: Date.now() });
    };
    const timer = setInterval(keep, draftEvery);
    return () => {
      clearInterval(timer);
      keep();
    };
  }, [form, record, slot]);

  const typing = useTyping(form);
  const rules = rulesFor(form, values, ruleEnv(), { ...typing, read: record && initial.current });
  const { computed } = rules;
  const touched = useRef(new Set<string>());
  // At once, for a save that waits for uploads: they end before the page is drawn again.
  const take = (taken: Values) => {
    latest.current = { ...latest.current, ...taken };
    setValues(latest.current);
  };
  useLinked(form, values, take, touched.current, record === undefined);

  const put = (key: string, value: Json) => {
    touched.current.add(key);
    take({ [key]: value });
    setErrors(({ [key]: _gone, ...rest }) => rest);
  };

  const fail = (all: FieldErrors) => {
    const found = underFields(all, fields);
    setErrors(found);
    const first = fields.find((field) => found[field.key]);
    if (first) return scrollToField(first);
    // What stands at no field of this page would be told nowhere.
    const [reason] = Object.values(found);
    if (reason !== undefined) showNotice(reason);
  };

  const sent = (): Values => openValues(form, latest.current, rules);

  const create = async (): Promise<string> => {
    await createOrChange(form, newId.current, sent());
    return newId.current;
  };

  const nameOf = (key: string) => form.fields.find((field) => field.key === key)?.name ?? key;

  const typed = (): Values =>
    typedValues(
      fields.map((field) => field.key),
      latest.current,
      initial.current,
    );

  /** Only what was typed. A field that somebody else changed too is named first; the next press writes over it. */
  const change = async (known: RecordRow): Promise<string> => {
    const change = { typed: typed(), wire: wireValues(form, typed()), base: initial.current };
    try {
      await changeRecord(form.id, known, change);
    } catch (error) {
      if (error instanceof ChangedByOthers) initial.current = { ...initial.current, ...error.now };
      throw error;
    }
    return known.id;
  };
  const send = (): Promise<string> => (record ? change(record) : create());

  /** Keeps what cannot be sent now on the phone; false when that is not possible, which is then said. */
  const keepLater = async (files: readonly UnsentFile[], text: MessageKey): Promise<boolean> => {
    const one = record
      ? { id: record.id, values: typed(), edit: { record, base: initial.current } }
      : { id: newId.current, values: sent() };
    const problem = await keepUnsent({ ...one, form, files, opened: waiting !== undefined });
    showNotice(problem ?? t(text));
    return !problem;
  };

  /** What is wrong before anything is sent. */
  const faults = (files: readonly UnsentFile[]): FieldErrors => {
    const asked = fields.filter((field) => rules.stateOf(field)?.visible !== false);
    const own = checkValues(asked, latest.current);
    return { ...own, ...rules.faults(new Set(Object.keys(own))), ...refusedFiles(files, latest.current) };
  };

  const attempt = async (): Promise<Saved | undefined> => {
    await settledLocalFiles(localIds(latest.current), uploadsWait);
    take(arrivedValues(latest.current));
    const files = unsentIn(record ? typed() : sent());
    const found = faults(files);
    if (Object.keys(found).length > 0) {
      fail(found);
      return undefined;
    }
    if (files.length > 0) {
      const failed = files.every(({ upload }) => upload.failed);
      return (await keepLater(files, failed ? 'outbox.kept' : 'outbox.keptSlow')) ? { kept: true } : undefined;
    }
    try {
      const id = await send();
      if (waiting) removeWaiting([id]);
      return { id };
    } catch (error) {
      if (isUnreachable(error)) {
        const text = isOffline(error) ? 'outbox.kept' : 'outbox.keptAway';
        return (await keepLater([], text)) ? { kept: true } : undefined;
      }
      const refused = refusedFields(error);
      if (refused) fail(refused);
      showNotice(
        error instanceof ChangedByOthers
          ? t('form.changedMeanwhile', { names: error.keys.map(nameOf).join(t('common.comma')) })
          : messageOf(error),
      );
      return undefined;
    }
  };

  /** Saves, or keeps it to be sent later; undefined when something is wrong, which is then shown. */
  const save = async (): Promise<Saved | undefined> => {
    if (busy) return undefined;
    setBusy(true);
    const files = localIds(latest.current);
    try {
      const done = await attempt();
      if (done) {
        if (done.kept) releaseLocalFiles(files);
        else forgetLocalFiles(files);
        saved.current = JSON.stringify(latest.current);
        dropDraft(form.id, slot);
        if (done.kept) void flushOutbox();
      }
      return done;
    } finally {
      setBusy(false);
    }
  };

  return {
    values,
    /** What the record's own formulas give for these values, by field key. */
    computed,
    /** What is derived from other records may be out of date by now. */
    changed: values !== initial.current,
    rules,
    errors,
    busy,
    draft,
    put,
    save,
    restore() {
      if (!draft) return;
      newId.current = draft.id;
      const { values: next, over } = resumed(draft, initial.current, form.fields);
      resumeLocalFiles(localIds(next));
      setValues(arrivedValues(next));
      setDraft(undefined);
      if (over.length > 0) showNotice(t('form.draftOver', { names: over.map(nameOf).join(t('common.comma')) }));
    },
    discard() {
      if (draft) forgetLocalFiles(localIds(draft.values));
      dropDraft(form.id, slot);
      setDraft(undefined);
    },
    /** Empties the page for the next record. */
    again() {
      newId.current = uuidV7();
      touched.current.clear();
      const next = freshValues(fields, preset);
      saved.current = JSON.stringify(next);
      setValues(next);
      setErrors({});
    },
  };
}
