import { decidersOf } from '@lianke/shared/forms/deciders';
import type { FormId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { useEffect, useRef } from 'react';
import { api } from '../api/client.js';
import type { FormView } from '../api/queries.js';
import { sameValue, toWrite, type Values } from './values.js';

/** ms that a value rests before what follows from it is asked for. */
const pause = 250;

/**
 * While a record is filled in: when a field changes that others follow from, asks once for all of them and puts them;
 * records chosen under the old value are taken out. What was typed by hand (`touched`) stays.
 * @param started grows whenever the page begins anew
 * @param fresh a new record: what it begins with decides too
 */
export function useLinked(
  form: Pick<FormView, 'id' | 'fields'>,
  values: Values,
  put: (values: Values) => void,
  touched: ReadonlySet<string>,
  started: number,
  fresh: boolean,
): void {
  const before = useRef<{ started: number; values: Values }>({ started: -1, values: {} });
  const asking = useRef(0);
  useEffect(() => {
    const { linking: asked, picks } = decidersOf(form.fields);
    if (asked.size + picks.size === 0) return;
    if (before.current.started !== started) {
      before.current = { started, values };
      // Presets decide too: a visit begun on a customer's page has its customer already.
      if (!fresh || ![...asked].some((key) => toWriteOf(form, key, values) !== null)) return;
    }
    const timer = setTimeout(() => {
      const old = before.current.values;
      const first = old === values;
      before.current = { started, values };
      const changed = form.fields
        .filter((field) => (first ? asked.has(field.key) : !sameValue(field, old[field.key], values[field.key])))
        .map((field) => field.key);
      const emptied = first
        ? []
        : changed.flatMap((key) => picks.get(key) ?? []).filter((key) => !changed.includes(key));
      if (emptied.length > 0) put(Object.fromEntries(emptied.map((key) => [key, null])));
      if (!changed.some((key) => asked.has(key))) return;
      const turn = ++asking.current;
      const sent = Object.fromEntries(
        Object.keys(values).flatMap((key) => {
          const value = toWriteOf(form, key, values);
          return value === null ? [] : [[key, value]];
        }),
      );
      api('forms.linked', { params: { formId: form.id as FormId }, body: { values: sent, changed } })
        .then((answer) => {
          if (turn !== asking.current) return;
          const taken = Object.entries(answer.values as Values).filter(([key]) => !touched.has(key));
          if (taken.length > 0) put(Object.fromEntries(taken));
        })
        // The server fills them in at save all the same.
        .catch(() => undefined);
    }, pause);
    return () => clearTimeout(timer);
  }, [form, values, put, touched, started, fresh]);
}

function toWriteOf(form: Pick<FormView, 'fields'>, key: string, values: Values): Json {
  const field = form.fields.find((item) => item.key === key);
  return field ? toWrite(field, values[key]) : null;
}
