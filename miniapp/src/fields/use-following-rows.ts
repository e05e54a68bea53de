import { decidersOf } from '@lianke/shared/forms/deciders';
import type { FormId } from '@lianke/shared/ids';
import { useContext, useEffect, useMemo, useRef } from 'react';
import { api } from '../api/client.js';
import type { ReadField, Values } from '../data/record-types.js';
import { wireValues } from '../data/write-record.js';
import { changeAbove, fieldsAbove, ParentRecordContext } from './parent-record.js';
import { partOf, type Row, rowFields } from './subform-rows.js';

/** ms that the record rests before what follows from it is asked for. */
const pause = 300;
/** Rows in one request. */
const most = 1000;

/**
 * Rows that follow from fields of the record around them take the new values when one of those changes: one request for
 * all rows. What was typed by hand (`touched`, `<row>/<key>`) stays. The server fills in the same at save.
 */
export function useFollowingRows(
  field: ReadField,
  rows: readonly Row[],
  put: (rows: Row[]) => void,
  touched: ReadonlySet<string>,
): void {
  const parent = useContext(ParentRecordContext);
  const fields = useMemo(() => rowFields(field), [field]);
  const linking = useMemo(() => decidersOf(fields).linking, [fields]);
  const above = fieldsAbove(linking, parent);
  const standing = JSON.stringify(wireValues({ fields: above }, parent?.values ?? {}));
  const before = useRef(standing);
  const turn = useRef(0);
  const now = useRef({ rows, put, above });
  now.current = { rows, put, above };
  const formId = partOf(field);
  useEffect(() => {
    if (!formId || standing === before.current) return undefined;
    const timer = setTimeout(() => {
      const [was, is] = [JSON.parse(before.current) as Values, JSON.parse(standing) as Values];
      before.current = standing;
      const changed = now.current.above
        .filter(({ key }) => JSON.stringify(was[key] ?? null) !== JSON.stringify(is[key] ?? null))
        .map(changeAbove);
      const asked = now.current.rows.filter((row) => row.values).slice(0, most);
      const [first, ...others] = asked.map((row) => ({ values: wireValues({ fields }, row.values ?? {}), changed }));
      if (!first || changed.length === 0) return;
      const mine = ++turn.current;
      api('forms.linked', { params: { formId: formId as FormId }, body: { ...first, rows: others, parent: is } })
        .then(({ values, rows: more = [] }) => {
          if (mine !== turn.current) return;
          const answers = new Map(
            asked.map((row, at) => [row.id, ((at === 0 ? values : more[at - 1]) ?? {}) as Values]),
          );
          now.current.put(now.current.rows.map((row) => taken(row, answers.get(row.id), touched)));
        })
        .catch(() => undefined);
    }, pause);
    return () => clearTimeout(timer);
  }, [formId, fields, standing, touched]);
}

function taken(row: Row, answer: Values | undefined, touched: ReadonlySet<string>): Row {
  const kept = Object.entries(answer ?? {}).filter(([key]) => !touched.has(`${row.id}/${key}`));
  return kept.length > 0 ? { ...row, values: { ...row.values, ...Object.fromEntries(kept) } } : row;
}
