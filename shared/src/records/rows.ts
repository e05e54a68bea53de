import { isJsonObject, type Json } from '../json.js';

/** A row of a subform as history tells it: its place from 0, values by field key. */
export interface RowChange {
  id: string;
  at: number;
  values: Record<string, Json>;
}

/**
 * How a subform's rows differ between two states. History keeps one for before and one for after: only rows that were
 * added, removed or changed, and the order of all rows where it is not the same.
 */
export type RowsState = {
  rows: { id: string; at: number; values: Record<string, Json> }[];
  order?: string[];
};

export function isRowsState(value: unknown): value is RowsState {
  return typeof value === 'object' && value !== null && 'rows' in value && Array.isArray(value.rows);
}

interface Row {
  id: string;
  values: Record<string, Json>;
}

/** What differs between two lists of rows, as [before, after]. `same` compares the values of a row in both. */
export function rowsDifference(
  before: readonly Row[],
  after: readonly Row[],
  same: (a: Row['values'], b: Row['values']) => boolean,
): [RowsState, RowsState] | undefined {
  const old = new Map(before.map((row) => [row.id, row]));
  const now = new Map(after.map((row) => [row.id, row]));
  const differs = (row: Row, other: Row | undefined) => !other || !same(row.values, other.values);
  const pick = (list: readonly Row[], others: ReadonlyMap<string, Row>) =>
    list.flatMap((row, at) => (differs(row, others.get(row.id)) ? [{ id: row.id, at, values: row.values }] : []));
  const moved = before.length !== after.length || before.some((row, at) => row.id !== after[at]?.id);
  const states: [RowsState, RowsState] = [
    { rows: pick(before, now), ...(moved ? { order: before.map((row) => row.id) } : {}) },
    { rows: pick(after, old), ...(moved ? { order: after.map((row) => row.id) } : {}) },
  ];
  return states[0].rows.length > 0 || states[1].rows.length > 0 || moved ? states : undefined;
}

/** The list that `state` describes, given the one it was told against. */
export function rowsIn(state: RowsState, current: readonly Row[]): Row[] {
  const kept = new Map(current.map((row) => [row.id, row]));
  for (const { id, values } of state.rows) kept.set(id, { id, values });
  return (state.order ?? current.map((row) => row.id)).flatMap((id) => kept.get(id) ?? []);
}

/** The state before two changes that followed one another. */
export function earlierState(first: RowsState, second: RowsState): RowsState {
  const rows = new Map([...second.rows, ...first.rows].map((row) => [row.id, row]));
  const order = first.order ?? second.order;
  return { rows: [...rows.values()], ...(order ? { order } : {}) };
}

/** What became of one row between two states. `at` is its place from 0, where it went where it was moved. */
export interface RowStep {
  id: string;
  kind: 'added' | 'removed' | 'changed';
  at: number;
  before: Record<string, Json>;
  after: Record<string, Json>;
  /** Keys of the fields that differ; for a row that came or went, those it has something in. */
  fields: string[];
}

/**
 * The rows that came, went and changed between two states as history tells them, in the order of their places. `keys`
 * names the fields in the order they are told.
 */
export function rowSteps(before: Json, after: Json, keys: readonly string[]): RowStep[] {
  const old = new Map(changesIn(before).map((row) => [row.id, row]));
  const now = new Map(changesIn(after).map((row) => [row.id, row]));
  const steps = [...new Set([...old.keys(), ...now.keys()])].flatMap((id): RowStep[] => {
    const [was, is] = [old.get(id), now.get(id)];
    const row = is ?? was;
    if (!row) return [];
    const kind = !was ? 'added' : !is ? 'removed' : 'changed';
    const [a, b] = [was?.values ?? {}, is?.values ?? {}];
    const differs = (key: string) => JSON.stringify(a[key] ?? null) !== JSON.stringify(b[key] ?? null);
    return [{ id, kind, at: row.at, before: a, after: b, fields: keys.filter(differs) }];
  });
  return steps.sort((a, b) => a.at - b.at);
}

function changesIn(state: Json): RowChange[] {
  if (!Array.isArray(state)) return [];
  return state.filter((row): row is Json & RowChange => isJsonObject(row) && typeof row.at === 'number');
}
