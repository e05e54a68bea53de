import { useEffect, useRef, useState } from 'react';
import { messageOf } from '../../api/message.js';
import { scrollToField } from '../../components/field-box.js';
import { ChangedByOthers, changeRecord } from '../../data/change-record.js';
import { checkValues, type FieldErrors, freshValues, refusedFields, underFields } from '../../data/form-check.js';
import { type Draft, dropDraft, keepDraft, readDraft, resumed, typedValues } from '../../data/form-draft.js';
import { useTyping } from '../../data/live-formulas.js';
import type { FormView, Json, ReadField, RecordRow, Values } from '../../data/record-types.js';
import { openValues, ruleEnv, rulesFor } from '../../data/rules.js';
import { useLinked } from '../../data/use-linked.js';
import { uuidV7 } from '../../data/uuid.js';
import { createOrChange, wireValues } from '../../data/write-record.js';
import { t } from '../../i18n/index.js';
import { showNotice } from '../../store/notice.js';

const draftEvery = 1000;

/** Everything a fill page does besides drawing: values, draft, checks, saving. */
export function useFill(form: FormView, fields: readonly ReadField[], record: RecordRow | undefined, preset: Values) {
  const initial = useRef<Values>(record ? { ...record.values } : freshValues(fields, preset));
  const [values, setValues] = useState<Values>(initial.current);
  const [errors, setErrors] = useState<FieldErrors>({});
  const [busy, setBusy] = useState(false);
  const [draft, setDraft] = useState<Draft | undefined>(() => readDraft(form.id, record?.id));
  const newId = useRef(uuidV7());
  const latest = useRef(values);
  latest.current = values;
  const saved = useRef(JSON.stringify(values));

  useEffect(() => {
    const keep = () => {
      const text = JSON.stringify(latest.current);
      if (text === saved.current) return;
      saved.current = text;
      const base = record && { base: initial.current };
      keepDraft(form, record?.id, { id: newId.current, values: latest.current, ...base, at: Date.now() });
    };
    const timer = setInterval(keep, draftEvery);
    return () => {
      clearInterval(timer);
      keep();
    };
  }, [form, record]);

  const typing = useTyping(form);
  const rules = rulesFor(form, values, ruleEnv(), { ...typing, read: record && initial.current });
  const { computed } = rules;
  const touched = useRef(new Set<string>());
  const take = (taken: Values) => setValues((old) => ({ ...old, ...taken }));
  useLinked(form, values, take, touched.current, record === undefined);

  const put = (key: string, value: Json) => {
    touched.current.add(key);
    setValues((old) => ({ ...old, [key]: value }));
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

  const sent = (): Values => openValues(form, values, rules);

  const create = async (): Promise<string> => {
    await createOrChange(form, newId.current, sent());
    return newId.current;
  };

  const nameOf = (key: string) => form.fields.find((field) => field.key === key)?.name ?? key;

  /** Only what was typed. A field that somebody else changed too is named first; the next press writes over it. */
  const change = async (known: RecordRow): Promise<string> => {
    const keys = fields.map((field) => field.key);
    const typed = typedValues(keys, values, initial.current);
    try {
      await changeRecord(form.id, known, { typed, wire: wireValues(form, typed), base: initial.current });
    } catch (error) {
      if (error instanceof ChangedByOthers) initial.current = { ...initial.current, ...error.now };
      throw error;
    }
    return known.id;
  };
  const send = (): Promise<string> => (record ? change(record) : create());

  /** Saves; the record's id, or undefined when something is wrong, which is then shown. */
  const save = async (): Promise<string | undefined> => {
    if (busy) return undefined;
    const asked = fields.filter((field) => rules.stateOf(field)?.visible !== false);
    const own = checkValues(asked, values);
    const found = { ...own, ...rules.faults(new Set(Object.keys(own))) };
    if (Object.keys(found).length > 0) {
      fail(found);
      return undefined;
    }
    setBusy(true);
    try {
      const id = await send();
      saved.current = JSON.stringify(latest.current);
      dropDraft(form.id, record?.id);
      return id;
    } catch (error) {
      const refused = refusedFields(error);
      if (refused) fail(refused);
      showNotice(
        error instanceof ChangedByOthers
          ? t('form.changedMeanwhile', { names: error.keys.map(nameOf).join(t('common.comma')) })
          : messageOf(error),
      );
      return undefined;
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
      setValues(next);
      setDraft(undefined);
      if (over.length > 0) showNotice(t('form.draftOver', { names: over.map(nameOf).join(t('common.comma')) }));
    },
    discard() {
      dropDraft(form.id, record?.id);
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
