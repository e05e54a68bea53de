import { fieldTypes } from '@lianke/shared/fields/registry';
import { sheetFormats } from '@lianke/shared/fields/sheet-registry';
import type { FilterOp, FilterValue } from '@lianke/shared/filter/ast';
import { evaluate } from '@lianke/shared/filter/evaluate';
import type { FormView } from '@lianke/shared/forms/definition';
import type { RecordId } from '@lianke/shared/ids';
import { expect } from 'vitest';
import { FormRegistry } from '../../../src/engine/forms/form-registry.js';
import { RecordReader } from '../../../src/engine/records/record-reader.js';
import { ScopeBuilder } from '../../../src/engine/records/scope-builder.js';
import { filterFieldOf } from '../../../src/engine/records/sql/read-scope.js';
import { UndoService } from '../../../src/engine/records/undo.service.js';
import type { FieldWorld } from './field-world.js';
import { describedAs, promiseOf } from './promises.js';
import type { Case } from './samples.js';
import { bare, withoutIds } from './values.js';

/** A field on its walk: its form, and three records with its first value, its second and none. */
export interface Walked {
  world: FieldWorld;
  form: FormView;
  item: Case;
  ids: RecordId[];
}

/** Writes the records that the other steps look at. */
export async function begin(world: FieldWorld, form: FormView, item: Case): Promise<Walked> {
  const { results } = await world.write(
    form,
    'create',
    [...world.samples[item.type].values, null].map((value) => ({ values: { [item.key]: value } })),
  );
  expect(results.map((result) => result.error)).toEqual([undefined, undefined, undefined]);
  return { world, form, item, ids: results.map((result) => result.id as RecordId) };
}

/** Each capability of a field; all of them together are the walk. */
export const steps: Record<string, (walked: Walked) => Promise<void>> = {
  'says of itself what is promised of it, and stands in a column of its kind': async ({ world, form, item }) => {
    const { column, ...promised } = promiseOf(item);
    const described = describedAs(item);
    expect({
      ...described,
      operators: [...described.operators].sort(),
      aggregates: [...described.aggregates].sort(),
    }).toEqual({ ...promised, operators: [...promised.operators].sort(), aggregates: [...promised.aggregates].sort() });
    if (item.encrypted || item.type === 'subform') return;
    const meta = await world.engine.get(FormRegistry).form(world.ctx, form.id);
    const [row] = await world.engine.kernel.database.withTenant(world.ctx, (tx) =>
      tx.sql<{ type: string }>(
        `SELECT pg_typeof(t.${meta.field(item.key)?.column})::text AS type FROM (SELECT 1) AS one LEFT JOIN ${meta.table} t ON false`,
      ),
    );
    expect(row?.type).toBe(column);
  },

  'is read as it was written, references with their names': async ({ world, form, item, ids }) => {
    const page = await world.engine.get(RecordReader).getMany(world.ctx, form.id, ids);
    const byId = new Map(page.map((record) => [record.id, record.values[item.key]]));
    const [a, b] = world.samples[item.type].values;
    expect(ids.map((id) => bare(byId.get(id)))).toEqual([a, b, null]);
    const references = [byId.get(ids[0] as string)].flat() as { label?: string; name?: string }[];
    if (promiseOf(item).column.startsWith('uuid') && item.type !== 'subform')
      for (const each of references) expect(each.label ?? each.name).toBeTruthy();
  },

  'is refused with a code of its own': async ({ world, form, item: { key, type } }) => {
    const { results } = await world.write(form, 'create', [{ values: { [key]: world.samples[type].bad } }]);
    expect(results[0]).toMatchObject({
      status: 'failed',
      error: { code: 'validation_failed', fields: [{ field: type === 'subform' ? `${key}[0].amount` : key }] },
    });
  },

  'is filtered by each operator in SQL as in memory': async ({ world, form, item, ids }) => {
    const meta = await world.engine.get(FormRegistry).form(world.ctx, form.id);
    const scope = await world.engine.get(ScopeBuilder).of(world.ctx);
    const field = meta.field(item.key);
    if (!field) throw new Error(item.type);
    const rows = await world.stored(form, ids);
    const sample = world.samples[item.type];
    const value = sample.condition ?? ([sample.values[0]].flat()[0] as FilterValue);
    for (const op of promiseOf(item).operators) {
      const condition = { field: item.key, op, ...valueFor(op, value) };
      const page = await world.engine
        .get(RecordReader)
        .query(world.ctx, form.id, { filter: condition, fields: [], limit: 200, total: true });
      const found = page.items.map((record) => record.id).filter((id) => ids.includes(id as RecordId));
      const meant = rows
        .filter((row) =>
          evaluate(condition, () => ({ field: filterFieldOf(field), value: row.values[field.id] }), scope.env),
        )
        .map((row) => row.id as string);
      expect([op, found.sort()]).toEqual([op, meant.sort()]);
      // Every operator tells the three records apart: none is always or never met.
      expect([op, meant.length > 0 && meant.length < 3]).toEqual([
        op,
        op !== 'gt' && op !== 'lt' ? true : meant.length > 0,
      ]);
    }
  },

  'sorts, groups and aggregates where it says so, and refuses it elsewhere': async ({ world, form, item, ids }) => {
    const reader = world.engine.get(RecordReader);
    const { key } = item;
    const { sorts, groups, aggregates } = promiseOf(item);
    const filter = { field: key, op: 'notEmpty' as const };
    const sorted = (dir: 'asc' | 'desc') =>
      reader.query(world.ctx, form.id, { sort: [{ field: key, dir }], filter, fields: [], limit: 200, total: false });
    if (sorts) {
      const order = (await sorted('asc')).items.map((record) => record.id);
      expect(order).toEqual(expect.arrayContaining(ids.slice(0, 2)));
      expect((await sorted('desc')).items[0]?.id).toBe(order.at(-1));
    } else await expect(sorted('asc')).rejects.toMatchObject({ code: 'operator_not_allowed' });
    const base = { sort: [], limit: 100, filter };
    const grouped = reader.aggregate(world.ctx, form.id, {
      ...base,
      groupBy: [{ field: key }],
      metrics: [{ fn: 'count', as: 'n' }],
    });
    if (groups) expect((await grouped).length).toBeGreaterThanOrEqual(2);
    else await expect(grouped).rejects.toMatchObject({ code: 'operator_not_allowed' });
    for (const fn of ['count', 'countDistinct', 'sum', 'avg', 'min', 'max'] as const) {
      const asked = reader.aggregate(world.ctx, form.id, {
        ...base,
        groupBy: [],
        metrics: [{ fn, field: key, as: 'm' }],
      });
      if (aggregates.includes(fn)) expect((await asked)[0]?.metrics.m).not.toBeNull();
      else await expect(asked).rejects.toMatchObject({ code: 'operator_not_allowed' });
    }
  },

  'keeps its history, and a batch that changed it can be taken back': async ({ world, form, item, ids }) => {
    const { key, type } = item;
    const [id] = ids as [RecordId];
    const [before, after] = world.samples[type].values;
    const { batchId } = await world.write(form, 'update', [{ id, values: { [key]: after } }]);
    const { items } = await world.engine.get(RecordReader).history(world.ctx, form.id, id);
    const change = items[0]?.changes.find((each) => each.field === key);
    // An id that is another record's row is not taken over.
    const told = type === 'subform' ? withoutIds : bare;
    expect([told(change?.before), told(change?.after)]).toEqual([told(before), told(after)]);
    const report = await world.engine.get(UndoService).undo(world.ctx, batchId);
    expect(report).toMatchObject({ reversed: 1, kept: 0, failed: 0 });
    const record = await world.engine.get(RecordReader).get(world.ctx, form.id, id);
    expect(bare(record.values[key])).toEqual(before);
  },

  'comes from a cell and goes into one': async ({ world, item: { type } }) => {
    const { samples } = world;
    const { cell, values, config } = samples[type];
    const names = new Map<string, string>([
      ['王芳', String(samples.member.values[0])],
      ['李雷', String(samples.member.values[1])],
      ['销售部', String(samples.department.values[0])],
      ['甲', String(samples.relation.values[0])],
      ['乙', String(samples.relation.values[1])],
    ]);
    const lookup = (text: string) => ({ value: names.get(text) ?? null });
    const parsed = fieldTypes[type].config.parse(config ?? {}) as never;
    const context = { timeZone: 'Asia/Shanghai', member: lookup, department: lookup, record: lookup };
    const read = sheetFormats[type].reader(parsed, context);
    if (cell !== null) expect(read(cell).value).toEqual(values[0]);
    const nameOf = (id: string) => [...names].find((entry) => entry[1] === id)?.[0] ?? id;
    const written = sheetFormats[type].write(values[0], parsed, { timeZone: 'Asia/Shanghai', nameOf });
    expect(written).not.toBeNull();
    if (fieldTypes[type].refers === 'file' || type === 'richText' || type === 'subform') return;
    const again = read(written).value;
    if (type === 'address') expect(again).toMatchObject(values[0] as object);
    else expect(again).toEqual(values[0]);
  },
};

function valueFor(op: FilterOp, value: FilterValue): { value?: FilterValue } {
  if (op === 'empty' || op === 'notEmpty') return {};
  if (op === 'between') return { value: [value as string, value as string] };
  if (op === 'within') return { value: [120, 30, 120.5, 30.5] };
  return { value: ['in', 'nin', 'hasAny', 'hasAll'].includes(op) ? [value as string] : value };
}
