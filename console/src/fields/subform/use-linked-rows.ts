import { decidersOf, parentPrefix } from '@lianke/shared/forms/deciders';
import { useContext, useEffect, useMemo, useRef } from 'react';
import type { ReadField } from '../../api/queries.js';
import type { AskLinked } from '../../records/linking.js';
import { sameValue, toWrite, type Values } from '../../records/values.js';
import { type ParentRecord, ParentRecordContext } from './parent-record.js';
import type { Row } from './rows.js';

/** ms that rows rest before what follows from them is asked for. */
const pause = 250;
/** Rows in one request. */
const most = 1000;

/**
 * 数据联动 in the rows of a subform: when cells change that others follow from, one request asks for all rows of the burst;
 * records chosen under an old value are taken out. What was typed by hand (`touched`, `<row>/<key>`) stays. The server
 * fills in the same at save. Rows may follow from fields of the record around them too.
 * @param ask who answers what follows; absent where nobody can
 * @param put sets values of rows, by their id
 */
export function useLinkedRows(
  ask: AskLinked | undefined,
  fields: readonly ReadField[],
  rows: readonly Row[],
  put: (values: ReadonlyMap<string, Values>) => void,
  touched: ReadonlySet<string>,
): void {
  const deciders = useMemo(() => decidersOf(fields), [fields]);
  const parent = useContext(ParentRecordContext);
  const above = useMemo(() => fieldsAbove(deciders.linking, parent?.fields), [deciders, parent?.fields]);
  const standing = JSON.stringify(parent && above.length > 0 ? written(above, parent.values) : {});
  const before = useRef({ rows, standing });
  const turn = useRef(0);
  const putNow = useRef(put);
  putNow.current = put;
  const askNow = useRef(ask);
  askNow.current = ask;
  const answers = ask !== undefined;
  useEffect(() => {
    const { linking, picks, alone } = deciders;
    if (!answers || linking.size + picks.size + alone.size === 0) return undefined;
    const timer = setTimeout(() => {
      const old = new Map(before.current.rows.map((row) => [row.id, row.values]));
      const changedAbove = changesBetween(before.current.standing, standing);
      before.current = { rows, standing };
      const moved = rows.flatMap((row) => {
        const was = old.get(row.id);
        const changed = fields
          .filter((field) => !sameValue(field, was?.[field.key], row.values?.[field.key]))
          .map((field) => field.key);
        // A new row follows from what stands above it already.
        const outer = old.has(row.id) ? changedAbove : above.map((field) => field.key);
        const all = [...changed, ...outer.map((key) => `${parentPrefix}${key}`)];
        const begins = !old.has(row.id) && alone.size > 0;
        return begins || all.length > 0 ? [{ row, was, changed: all, begins }] : [];
      });
      const emptied = new Map<string, Values>();
      for (const { row, was, changed } of moved) {
        const keys = was ? changed.flatMap((key) => picks.get(key) ?? []).filter((key) => !changed.includes(key)) : [];
        if (keys.length > 0) emptied.set(row.id, Object.fromEntries(keys.map((key) => [key, null])));
      }
      if (emptied.size > 0) putNow.current(emptied);
      const asked = moved
        .filter(
          ({ changed, begins }) => begins || changed.some((key) => linking.has(key) || key.startsWith(parentPrefix)),
        )
        .slice(0, most);
      if (asked.length === 0) return;
      const mine = ++turn.current;
      const [first, ...others] = asked.map(({ row, changed, begins }) => ({
        values: written(fields, row.values),
        changed,
        ...(begins && { fresh: true }),
      }));
      if (!first) return;
      askNow
        .current?.({ ...first, rows: others, parent: JSON.parse(standing) as Values })
        .then(({ values, rows: more = [] }) => {
          if (mine !== turn.current) return;
          const taken = new Map<string, Values>();
          for (const [at, { row, begins }] of asked.entries()) {
            const answer = Object.entries((at === 0 ? values : more[at - 1]) ?? {});
            // What the row began with stands.
            const given = (key: string) => begins && alone.has(key) && (row.values?.[key] ?? null) !== null;
            const kept = answer.filter(([key]) => !touched.has(`${row.id}/${key}`) && !given(key));
            if (kept.length > 0) taken.set(row.id, Object.fromEntries(kept) as Values);
          }
          if (taken.size > 0) putNow.current(taken);
        })
        // The server fills them in at save all the same.
        .catch(() => undefined);
    }, pause);
    return () => clearTimeout(timer);
  }, [answers, fields, rows, touched, deciders, above, standing]);
}

/** Fields of the record around the rows that rows follow from. */
function fieldsAbove(linking: ReadonlySet<string>, fields: ParentRecord['fields'] = []): ReadField[] {
  return fields.filter((field) => linking.has(`${parentPrefix}${field.id}`));
}

/** Keys whose values differ, blank ones included. */
function changesBetween(before: string, after: string): string[] {
  if (before === after) return [];
  const [old, now] = [JSON.parse(before) as Values, JSON.parse(after) as Values];
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
    (key) => JSON.stringify(old[key]) !== JSON.stringify(now[key]),
  );
}

function written(fields: readonly ReadField[], values: Values = {}): Values {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = toWrite(field, values[field.key]);
      return value === null ? [] : [[field.key, value]];
    }),
  );
}
