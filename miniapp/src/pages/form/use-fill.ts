import { ApiError } from '@lianke/shared/api/client';
import type { FormId, RecordId } from '@lianke/shared/ids';
import Taro from '@tarojs/taro';
import { useEffect, useRef, useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/message.js';
import { boxId } from '../../components/field-box.js';
import { checkValues, type FieldErrors, startContext, startValues } from '../../data/form-check.js';
import {
  changedByOthers,
  type Draft,
  dropDraft,
  keepDraft,
  readDraft,
  resumed,
  typedValues,
} from '../../data/form-draft.js';
import { useTyping } from '../../data/live-formulas.js';
import type { FormView, Json, ReadField, RecordRow, Values } from '../../data/record-types.js';
import { ruleEnv, rulesFor } from '../../data/rules.js';
import { useLinked } from '../../data/use-linked.js';
import { uuidV7 } from '../../data/uuid.js';
import { createRecord, updateRecord } from '../../data/write-record.js';
import { rowFields } from '../../fields/subform-rows.js';
import { t } from '../../i18n/index.js';
import { showNotice } from '../../store/notice.js';

const draftEvery = 1000;

function freshValues(fields: readonly ReadField[], preset: Values): Values {
  return { ...startValues(fields, startContext()), ...preset };
}

/** Faults in a subform's rows (`items[2].price`) stand under its field. */
function underFields(found: FieldErrors, fields: readonly ReadField[]): FieldErrors {
  const out: FieldErrors = {};
  for (const [name, reason] of Object.entries(found)) {
    const row = /^(.+)\[(\d+)\]\.(.+)$/.exec(name);
    const field = row && fields.find((item) => item.key === row[1]);
    const inner = field && rowFields(field).find((item) => item.key === row[3]);
    if (field && row)
      out[field.key] ??= t('field.rowFault', { n: Number(row[2]) + 1, name: inner?.name ?? '', reason });
    else out[name] = reason;
  }
  return out;
}

/** Somebody else wrote a field that was typed into; the message names it. */
class ChangedByOthers extends Error {}

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
    if (!first) {
      // What stands at no field of this page would be told nowhere.
      const [reason] = Object.values(found);
      if (reason !== undefined) showNotice(reason);
      return;
    }
    // After the boxes behind 「更多」 have opened.
    setTimeout(
      () =>
        void Promise.resolve(Taro.pageScrollTo({ selector: `#${boxId(first)}`, offsetTop: -80, duration: 200 })).catch(
          () => undefined,
        ),
      80,
    );
  };

  /** A field that is hidden or locked brings nothing of its own. */
  const sent = (): Values =>
    Object.fromEntries(
      Object.entries(values).filter(([key]) => {
        const field = form.fields.find((item) => item.key === key);
        const state = field && rules.stateOf(field);
        return state === undefined || (state.visible && !state.readonly);
      }),
    );

  const create = async (): Promise<string> => {
    try {
      return (await createRecord(form, newId.current, sent())).id;
    } catch (error) {
      // An earlier attempt arrived although its answer was lost, and the page was changed since: that is now an edit.
      if (!(error instanceof ApiError) || error.problem.code !== 'different_content') throw error;
      await updateRecord(form, newId.current, sent(), undefined);
      return newId.current;
    }
  };

  const nameOf = (key: string) => form.fields.find((field) => field.key === key)?.name ?? key;

  /**
   * Only what was typed is sent, on top of what others changed meanwhile. A field that both changed is named first; the
   * next press writes over it.
   */
  const change = async (known: RecordRow): Promise<string> => {
    const keys = fields.map((field) => field.key);
    const typed = typedValues(keys, values, initial.current);
    let now = known;
    for (let attempt = 0; Object.keys(typed).length > 0; attempt++) {
      const over = changedByOthers(typed, initial.current, now.values);
      if (over.length > 0) {
        for (const key of over) initial.current = { ...initial.current, [key]: now.values[key] ?? null };
        throw new ChangedByOthers(t('form.changedMeanwhile', { names: over.map(nameOf).join(t('common.comma')) }));
      }
      try {
        await updateRecord(form, now.id, typed, now.version);
        break;
      } catch (error) {
        if (!(error instanceof ApiError) || error.problem.code !== 'version_conflict' || attempt === 2) throw error;
        now = await api('records.get', { params: { formId: form.id as FormId, id: now.id as RecordId } });
      }
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
      const refused = error instanceof ApiError ? (error.problem.fields ?? []) : [];
      if (refused.length > 0) fail(Object.fromEntries(refused.map((item) => [item.field, item.message])));
      showNotice(error instanceof ChangedByOthers ? error.message : messageOf(error));
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
