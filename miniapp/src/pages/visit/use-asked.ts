import { type Dispatch, type SetStateAction, useMemo, useRef, useState } from 'react';
import { scrollToField } from '../../components/field-box.js';
import { checkValues, type FieldErrors, underFields } from '../../data/form-check.js';
import { useTyping } from '../../data/live-formulas.js';
import { settledLocalFiles } from '../../data/local-files.js';
import { arrivedValues, localIds } from '../../data/local-values.js';
import type { FormView, Json, ReadField, Values } from '../../data/record-types.js';
import { openValues, ruleEnv, rulesFor } from '../../data/rules.js';
import { useLinked } from '../../data/use-linked.js';
import type { VisitFields } from '../../data/visit-form.js';
import type { Upload } from '../../fields/file-picker.js';
import { neededFields, otherFields, partsOf, type Typed, type Visit, visitValues, withUnsent } from './visit-values.js';

/** How long a save waits for files that are on their way, ms; then they are sent behind it. */
export const uploadsWait = 5000;

interface Asked {
  followUp: FormView;
  fields: VisitFields;
  typed: Typed;
  setTyped: Dispatch<SetStateAction<Typed>>;
  place: Visit['place'];
  uploads: readonly Upload[];
  /** What has to be said of the usual parts, in their own words, by field key. */
  missing(): FieldErrors;
}

/** What the company's form asks of one follow-up besides its usual parts, by its rules; and what is wrong with it. */
export function useAsked({ followUp, fields, typed, setTyped, place, uploads, missing }: Asked) {
  const [errors, setErrors] = useState<FieldErrors>({});
  const others = useMemo(() => otherFields(followUp, fields), [followUp, fields]);
  const values = useMemo(
    () => withUnsent(visitValues({ ...typed, fields, place, uploads }), fields, uploads),
    [typed, fields, place, uploads],
  );
  const rules = rulesFor(followUp, values, ruleEnv(), { ...useTyping(followUp), read: undefined });
  const needed = neededFields(others, rules);
  const touched = useRef(new Set<string>());
  useLinked(
    followUp,
    values,
    (taken) => {
      const more = Object.entries(taken).filter(([key]) => others.some((field) => field.key === key));
      setTyped((old) => ({ ...old, more: { ...old.more, ...Object.fromEntries(more) } }));
    },
    touched.current,
    true,
  );

  const right = (...keys: string[]) =>
    setErrors((old) => Object.fromEntries(Object.entries(old).filter(([key]) => !keys.includes(key))));
  const set = (next: Partial<Typed>, ...about: (ReadField | undefined)[]) => {
    setTyped((old) => ({ ...old, ...next }));
    right(...about.flatMap((field) => field?.key ?? []));
  };
  const shown = (field: ReadField) => rules.stateOf(field)?.visible !== false;
  /** The fields of the page from top to bottom. */
  const asked = [...partsOf(fields).filter(shown), ...needed];
  const fail = (found: FieldErrors) => {
    const named = underFields(found, followUp.fields);
    setErrors(named);
    const first = asked.find((field) => named[field.key]);
    if (first) scrollToField(first);
  };
  /** Whether it may be saved; else what is wrong stands at its fields. */
  const isRight = (): boolean => {
    const own = checkValues(asked, values);
    const found = { ...own, ...rules.faults(new Set(Object.keys(own))), ...missing() };
    const wrong = Object.keys(found).length > 0;
    if (wrong) fail(found);
    return !wrong;
  };

  return {
    /** Values of the whole record, for what follows from them. */
    values,
    rules,
    /** Fields of the form that are needed besides the parts of every visit. */
    needed,
    errors,
    fail,
    isRight,
    set,
    clear: () => setErrors({}),
    shown,
    required: (field: ReadField) => rules.stateOf(field)?.required ?? field.rules.required === true,
    put(field: ReadField, value: Json) {
      touched.current.add(field.key);
      setTyped((old) => ({ ...old, more: { ...old.more, [field.key]: value } }));
      right(field.key);
    },
    /** What of the other fields may be sent, once their files have arrived or taken too long. */
    async more(): Promise<Values> {
      await settledLocalFiles(localIds(typed.more), uploadsWait);
      return arrivedValues(openValues(followUp, typed.more, rules));
    },
  };
}

export type AskedFields = ReturnType<typeof useAsked>;
