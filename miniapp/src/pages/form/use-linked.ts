import type { FormId } from '@lianke/shared/ids';
import { useEffect, useRef } from 'react';
import { api } from '../../api/client.js';
import type { FormView, Values } from '../../data/record-types.js';
import { wireValues } from '../../data/write-record.js';

/** ms that a value rests before what follows from it is asked for. */
const pause = 300;

/** Keys of the fields that decide on others: by linkage, or on which records others may choose. */
function deciders(form: FormView) {
  const keyOf = (id: string) => form.fields.find((field) => field.id === id || field.key === id)?.key ?? id;
  const linking = new Set<string>();
  const picks: { by: string; key: string }[] = [];
  for (const field of form.fields) {
    if (!field.writable) continue;
    if (field.default?.kind === 'linked') for (const { own } of field.default.match) linking.add(keyOf(own));
    // A stored formula names fields by their ids.
    if (field.default?.kind === 'formula')
      for (const other of form.fields) if (field.default.expression.includes(other.id)) linking.add(other.key);
    for (const { by } of field.rules.pickBy ?? []) picks.push({ by: keyOf(by), key: field.key });
  }
  return { linking, picks };
}

/**
 * When a field changes that others follow from, asks once for all of them and puts them; records chosen under the old
 * value are taken out. What was typed by hand (`touched`) stays. The server fills in the same at save.
 * @param fresh a new page: what it begins with decides too
 */
export function useLinked(
  form: FormView,
  values: Values,
  put: (values: Values) => void,
  touched: ReadonlySet<string>,
  fresh: boolean,
): void {
  const before = useRef<Values>(fresh ? {} : values);
  const turn = useRef(0);
  const putNow = useRef(put);
  putNow.current = put;
  useEffect(() => {
    const { linking, picks } = deciders(form);
    if (linking.size + picks.length === 0) return undefined;
    const timer = setTimeout(() => {
      const old = before.current;
      before.current = values;
      const same = (key: string) => JSON.stringify(values[key] ?? null) === JSON.stringify(old[key] ?? null);
      const changed = form.fields.map((field) => field.key).filter((key) => !same(key));
      const emptied = picks.filter(({ by, key }) => old[by] !== undefined && changed.includes(by) && same(key));
      if (emptied.length > 0) putNow.current(Object.fromEntries(emptied.map(({ key }) => [key, null])));
      if (!changed.some((key) => linking.has(key))) return;
      const mine = ++turn.current;
      api('forms.linked', {
        params: { formId: form.id as FormId },
        body: { values: wireValues(form, values), changed },
      })
        .then((answer) => {
          const taken = Object.entries(answer.values as Values).filter(([key]) => !touched.has(key));
          if (mine === turn.current && taken.length > 0) putNow.current(Object.fromEntries(taken));
        })
        .catch(() => undefined);
    }, pause);
    return () => clearTimeout(timer);
  }, [form, values, touched]);
}
