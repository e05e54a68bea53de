import { decidersOf } from '@lianke/shared/forms/deciders';
import type { FormId } from '@lianke/shared/ids';
import { useEffect, useRef } from 'react';
import { api } from '../api/client.js';
import { changeAbove, fieldsAbove, type ParentRecord } from '../fields/parent-record.js';
import type { FormView, Values } from './record-types.js';
import { wireValues } from './write-record.js';

/** ms that a value rests before what follows from it is asked for. */
const pause = 300;

/**
 * When a field changes that others follow from, asks once for all of them and puts them; records chosen under the old
 * value are taken out. What was typed by hand (`touched`) stays. The server fills in the same at save.
 * @param fresh a new page: what it begins with decides too
 * @param parent the record around a row
 */
export function useLinked(
  form: Pick<FormView, 'fields'> & { id: string },
  values: Values,
  put: (values: Values) => void,
  touched: ReadonlySet<string>,
  fresh: boolean,
  parent?: ParentRecord,
): void {
  const before = useRef<Values>(fresh ? {} : values);
  const begun = useRef(!fresh);
  const turn = useRef(0);
  const putNow = useRef(put);
  putNow.current = put;
  const around = useRef(parent);
  around.current = parent;
  useEffect(() => {
    const { linking, picks, alone } = decidersOf(form.fields);
    if (linking.size + picks.size + alone.size === 0) return undefined;
    const timer = setTimeout(() => {
      const old = before.current;
      before.current = values;
      const same = (key: string) => JSON.stringify(values[key] ?? null) === JSON.stringify(old[key] ?? null);
      const changed = form.fields.map((field) => field.key).filter((key) => !same(key));
      const emptied = changed
        .filter((by) => old[by] !== undefined)
        .flatMap((by) => picks.get(by) ?? [])
        .filter(same);
      if (emptied.length > 0) putNow.current(Object.fromEntries(emptied.map((key) => [key, null])));
      const above = fieldsAbove(linking, around.current);
      // A new row follows from what stands above it already.
      const outer = begun.current ? [] : above.map(changeAbove);
      // What follows from nothing is there from the beginning.
      const begins = !begun.current && alone.size > 0;
      begun.current = true;
      if (!begins && outer.length === 0 && !changed.some((key) => linking.has(key))) return;
      const mine = ++turn.current;
      api('forms.linked', {
        params: { formId: form.id as FormId },
        body: {
          values: wireValues(form, values),
          changed: [...changed, ...outer],
          ...(begins && { fresh: true }),
          ...(around.current && above.length > 0
            ? { parent: wireValues({ fields: above }, around.current.values) }
            : {}),
        },
      })
        .then((answer) => {
          // What the record began with stands.
          const given = (key: string) => begins && alone.has(key) && (values[key] ?? null) !== null;
          const taken = Object.entries(answer.values as Values).filter(([key]) => !touched.has(key) && !given(key));
          if (mine === turn.current && taken.length > 0) putNow.current(Object.fromEntries(taken));
        })
        .catch(() => undefined);
    }, pause);
    return () => clearTimeout(timer);
  }, [form, values, touched]);
}
