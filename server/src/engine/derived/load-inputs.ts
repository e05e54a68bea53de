import { valueOfField } from '@lianke/shared/formulas/field-values';
import { isList, type Scalar, toText, type Value } from '@lianke/shared/formulas/values';
import type { Json } from '@lianke/shared/json';
import type { Tx } from '../../kernel/database/tx.js';
import { groupBy } from '../../kernel/group-by.js';
import type { FieldMeta } from '../forms/form-meta.js';
import type { Org } from '../org/org-directory.js';
import type { StoredValues } from '../records/contracts.js';
import { holdsRows, storedRows } from '../records/subform-rows.js';
import { type Input, isOwned, type Step } from './derivation.js';
import { formulaField } from './world.js';

/** A row whose derived fields are computed; `values` are canonical, by field id. */
export interface ComputedRow {
  id: string;
  values: StoredValues;
}

interface Found {
  id: string;
  values: Record<string, Json>;
}

/** Records at the end of the steps, by the row they were reached from, in the order they were made. */
type Reached = ReadonlyMap<string, readonly Found[]>;

/** Reads what lies behind relations, once for all rows and for all inputs that go the same way. */
export class InputLoader {
  private readonly reached = new Map<string, Promise<Reached>>();
  private readonly columns = new Map<string, Set<FieldMeta>>();

  /** @param fresh the rows are not written yet: nothing can point at them */
  constructor(
    private readonly tx: Tx,
    private readonly rows: readonly ComputedRow[],
    inputs: readonly Input[],
    private readonly fresh: boolean,
  ) {
    for (const input of inputs) {
      const key = keyOf(input.steps);
      const set = this.columns.get(key) ?? new Set();
      if (input.field) set.add(input.field);
      this.columns.set(key, set);
    }
  }

  /** Raw values behind an input, of one row. */
  async raw(input: Input, row: ComputedRow): Promise<readonly { id: string; value: Json }[]> {
    const found = (await this.end(input.steps)).get(row.id) ?? [];
    return found.map((item) => ({ id: item.id, value: (input.field ? item.values[input.field.id] : null) ?? null }));
  }

  private end(steps: readonly Step[]): Promise<Reached> {
    const key = keyOf(steps);
    let loading = this.reached.get(key);
    if (!loading) {
      loading = this.load(steps, [...(this.columns.get(key) ?? [])]);
      this.reached.set(key, loading);
    }
    return loading;
  }

  private async load(steps: readonly Step[], columns: readonly FieldMeta[]): Promise<Reached> {
    let at: Map<string, readonly Found[]> = new Map(this.rows.map((row) => [row.id, [row]]));
    for (const [index, step] of steps.entries()) {
      const next = steps[index + 1];
      const wanted = next ? (next.kind === 'one' ? [next.relation] : []) : columns;
      at = await this.follow(at, step, wanted, index === 0);
    }
    return at;
  }

  private async follow(
    at: ReadonlyMap<string, readonly Found[]>,
    step: Step,
    columns: readonly FieldMeta[],
    first: boolean,
  ) {
    if (first && isOwned(step) && this.withRows(step)) return ownRows(at, step);
    const pointer = (item: Found) => item.values[step.relation.id];
    const all = [...at.values()].flat();
    const ids =
      step.kind === 'one'
        ? all.map(pointer).filter((id): id is string => typeof id === 'string')
        : first && this.fresh
          ? []
          : all.map((item) => item.id);
    const found = await this.read(step, [...new Set(ids)], columns);
    const next = new Map<string, readonly Found[]>();
    for (const [root, items] of at)
      next.set(
        root,
        items.flatMap((item) => found.get(String(step.kind === 'one' ? pointer(item) : item.id)) ?? []),
      );
    return next;
  }

  /** True when the rows of the subform came along with their records. */
  private withRows(step: Step): boolean {
    const id = step.to.owner?.field.id ?? '';
    const values = this.rows.map((row) => row.values[id]);
    return values.every((value) => value === null || value === undefined || holdsRows(value));
  }

  /** Live records of the form reached, by what they were reached from. */
  private async read(step: Step, ids: readonly string[], columns: readonly FieldMeta[]): Promise<Map<string, Found[]>> {
    if (ids.length === 0) return new Map();
    const select = columns.map((field, index) => `, ${field.column} AS c${index}`).join('');
    const by = step.kind === 'one' ? 'id' : step.relation.column;
    const rows = await this.tx.sql<Record<string, Json>>(
      `SELECT id, ${by} AS origin${select} FROM ${step.to.table} WHERE ${by} = ANY($1::uuid[]) AND deleted_at IS NULL ORDER BY created_at, id`,
      [ids],
    );
    const found = rows.map((row) => ({
      origin: String(row.origin),
      id: String(row.id),
      values: Object.fromEntries(columns.map((field, index) => [field.id, row[`c${index}`] ?? null])),
    }));
    return groupBy(found, (row) => row.origin);
  }
}

function ownRows(at: ReadonlyMap<string, readonly Found[]>, step: Step): Map<string, readonly Found[]> {
  const id = step.to.owner?.field.id ?? '';
  return new Map([...at].map(([root, items]) => [root, items.flatMap((item) => storedRows(item.values[id]))]));
}

function keyOf(steps: readonly Step[]): string {
  return steps.map((step) => `${step.kind}:${step.relation.id}`).join('/');
}

/** What a formula reads at an input of a row. */
export async function inputValue(
  input: Input,
  row: ComputedRow,
  loader: InputLoader,
  org: Org,
  titles: boolean,
  zone: string,
): Promise<Value> {
  const field = input.field && formulaField(input.field);
  const valueIn = (raw: Json): Value =>
    field
      ? valueOfField(field, raw, (like, id) =>
          like.type === 'department' ? (org.departments.get(id as never)?.name ?? '') : org.nameOf(id),
        )
      : null;
  if (input.steps.length === 0) return valueIn(input.field ? (row.values[input.field.id] ?? null) : null);
  const found = await loader.raw(input, row);
  const values = found.flatMap(({ id, value }): readonly Scalar[] => {
    const read = valueIn(value);
    if (titles) return [(isList(read) ? '' : toText(read, zone)) || id];
    return isList(read) ? read : [read];
  });
  if (input.steps.some((step) => step.kind === 'many')) return values;
  const one = found[0];
  if (!one) return null;
  return titles ? (values[0] ?? null) : valueIn(one.value);
}
