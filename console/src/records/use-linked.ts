import { decidersOf } from '@lianke/shared/forms/deciders';
import type { Json } from '@lianke/shared/json';
import { useContext, useEffect, useRef } from 'react';
import type { FormView } from '../api/queries.js';
import { type AskLinked, LinkingContext } from './linking.js';
import { sameValue, toWrite, type Values } from './values.js';

/** ms that a value rests before what follows from it is asked for. */
const pause = 250;

/**
 * While a record is filled in: when a field changes that others follow from, asks once for all of them and puts them;
 * records chosen under the old value are taken out. What was typed by hand (`touched`) stays.
 * @param started grows whenever the page begins anew
 * @param fresh a new record: what it begins with decides too
 * @param asked who answers what follows: the form by its id unless told, as for rows of a subform
 */
export function useLinked(
  form: Pick<FormView, 'fields'> & { id: string },
  values: Values,
  put: (values: Values) => void,
  touched: ReadonlySet<string>,
  started: number,
  fresh: boolean,
  asked?: AskLinked,
): void {
  const linking = useContext(LinkingContext);
  const ask = useRef<AskLinked>(linking.of(form.id));
  ask.current = asked ?? linking.of(form.id);
  const before = useRef<{ started: number; values: Values }>({ started: -1, values: {} });
  const asking = useRef(0);
  /** A new record has not been given yet what it begins with. */
  const opening = useRef(false);
  useEffect(() => {
    const { linking: deciding, picks, alone } = decidersOf(form.fields);
    if (deciding.size + picks.size + alone.size === 0) return;
    const decided = (of: Values) => [...deciding].some((key) => toWriteOf(form, key, of) !== null);
    if (before.current.started !== started) {
      before.current = { started, values };
      // Presets decide too: a visit begun on a customer's page has its customer already.
      opening.current = fresh && (alone.size > 0 || decided(values));
      if (!opening.current) return;
    }
    const timer = setTimeout(() => {
      const old = before.current.values;
      const first = opening.current;
      opening.current = false;
      before.current = { started, values };
      const changed = form.fields
        .filter((field) =>
          first ? decided(values) && deciding.has(field.key) : !sameValue(field, old[field.key], values[field.key]),
        )
        .map((field) => field.key);
      const emptied = first
        ? []
        : changed.flatMap((key) => picks.get(key) ?? []).filter((key) => !changed.includes(key));
      if (emptied.length > 0) put(Object.fromEntries(emptied.map((key) => [key, null])));
      const begins = first && alone.size > 0;
      if (!begins && !changed.some((key) => deciding.has(key))) return;
      const turn = ++asking.current;
      const sent = Object.fromEntries(
        Object.keys(values).flatMap((key) => {
          const value = toWriteOf(form, key, values);
          return value === null ? [] : [[key, value]];
        }),
      );
      ask
        .current({ values: sent, changed, ...(begins && { fresh: true }) })
        .then((answer) => {
          if (turn !== asking.current) return;
          // What the record began with stands.
          const given = (key: string) => begins && alone.has(key) && toWriteOf(form, key, values) !== null;
          const taken = Object.entries(answer.values as Values).filter(([key]) => !touched.has(key) && !given(key));
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
