import { sheetFormats } from '@lianke/shared/fields/sheet-registry';
import type { FilterValue } from '@lianke/shared/filter/ast';
import { evaluate } from '@lianke/shared/filter/evaluate';
import { type FormView, updateFormBody } from '@lianke/shared/forms/definition';
import type { RecordId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TenantContext } from '../src/engine/context.js';
import { DerivedBuildWorker } from '../src/engine/derived/build.worker.js';
import { RecomputeWorker } from '../src/engine/derived/recompute.worker.js';
import { FormRegistry } from '../src/engine/forms/form-registry.js';
import { FormsService } from '../src/engine/forms/forms.service.js';
import { RecordReader } from '../src/engine/records/record-reader.js';
import { RecordWriter } from '../src/engine/records/record-writer.js';
import { ScopeBuilder } from '../src/engine/records/scope-builder.js';
import { filterFieldOf } from '../src/engine/records/sql/read-scope.js';
import { FieldWorld } from './support/field-walk/field-world.js';
import { type KeptType, keptNames } from './support/field-walk/samples.js';

describe('types that the system keeps', () => {
  let world: FieldWorld;
  let ctx: TenantContext;
  let kept: FormView;
  let ids: RecordId[];
  const keys: Record<KeptType, string> = {
    autonumber: 'code',
    lastContact: 'contact',
    formula: 'double',
    lookup: 'firm',
    rollup: 'count',
  };

  beforeAll(async () => {
    world = await FieldWorld.open();
    ctx = world.ctx;
    const appId = await world.tenant.app('系统维护');
    const firmForm = await world.engine.get(FormRegistry).form(ctx, String(world.samples.relation.config?.formId));
    kept = await world.tenant.form({
      appId,
      name: '客户',
      fields: [
        { key: 'name', name: '名称', type: 'text' },
        { key: 'code', name: '编号', type: 'autonumber' },
        { key: 'amount', name: '数', type: 'number' },
        { key: 'double', name: '两倍', type: 'formula', config: { expression: '{数}*2' } },
        { key: 'company', name: '公司', type: 'relation', config: { formId: firmForm.id } },
        { key: 'firm', name: '公司名', type: 'lookup', config: { relation: 'company', field: 'name' } },
        { key: 'contact', name: '最后联系', type: 'lastContact' },
      ] as never,
    });
    const visits = await world.tenant.form({
      appId,
      name: '拜访',
      fields: [
        { key: 'customer', name: '客户', type: 'relation', config: { formId: kept.id } },
        { key: 'at', name: '时间', type: 'datetime' },
      ] as never,
    });
    const count = { formId: visits.id, relation: 'customer', fn: 'count' };
    kept = await world.engine.get(FormsService).update(
      await world.tenant.ctx(),
      kept.id,
      updateFormBody.parse({
        fields: [
          ...kept.fields.filter((field) => !field.system),
          { key: 'count', name: '拜访次数', type: 'rollup', config: count },
        ],
      }),
    );
    ctx = await world.tenant.ctx();
    const [a, b] = world.samples.relation.values;
    const { results } = await world.engine.get(RecordWriter).write(ctx, {
      formId: kept.id,
      op: 'create',
      trusted: true,
      rows: [
        { values: { name: '一', amount: '1', company: a, contact: '2026-03-01T00:00:00.000Z' } },
        { values: { name: '二', amount: '2', company: b, contact: '2026-03-02T00:00:00.000Z' } },
        { values: { name: '三' } },
      ] as never,
    });
    expect(results.map((result) => result.error)).toEqual([undefined, undefined, undefined]);
    ids = results.map((result) => result.id as RecordId);
    await world.engine.get(RecordWriter).write(ctx, {
      formId: visits.id,
      op: 'create',
      rows: [{ values: { customer: ids[1] as string, at: null } }],
    });
    while ((await world.engine.get(RecomputeWorker).work()) || (await world.engine.get(DerivedBuildWorker).work()));
  });

  afterAll(() => world.close());

  it.each(keptNames)(
    '%s: is read, written by nobody, filtered, sorted, grouped, summed up and exported',
    async (type) => {
      const key = keys[type];
      const reader = world.engine.get(RecordReader);
      const field = (await world.engine.get(FormRegistry).form(ctx, kept.id)).field(key);
      if (!field) throw new Error(key);
      const rows = await world.engine.kernel.database.withTenant(ctx, (tx) =>
        world.engine.get(RecordReader).stored(tx, ctx, kept.id, ids),
      );
      const values = ids.map((id) => rows.find((row) => row.id === id)?.values[field.id] ?? null);
      expect(values.slice(0, 2).every((value) => value !== null)).toBe(true);
      await expect(
        world.engine.get(RecordWriter).writeOne(ctx, {
          formId: kept.id,
          op: 'update',
          row: { id: ids[0] as RecordId, values: { [key]: values[1] ?? null } },
        }),
      ).rejects.toMatchObject({ more: { fields: [{ field: key, code: 'system_kept' }] } });

      const scope = await world.engine.get(ScopeBuilder).of(ctx);
      for (const op of field.type.operators) {
        const one = values[1] as FilterValue;
        const value = ['in', 'nin'].includes(op)
          ? [one as string]
          : op === 'between'
            ? [one as string, one as string]
            : one;
        const condition = { field: key, op, ...(['empty', 'notEmpty'].includes(op) ? {} : { value }) };
        const page = await reader.query(ctx, kept.id, { filter: condition, fields: [], limit: 10, total: true });
        const meant = rows.filter((row) =>
          evaluate(condition, () => ({ field: filterFieldOf(field), value: row.values[field.id] }), scope.env),
        );
        expect([op, page.items.map((item) => item.id).sort()]).toEqual([
          op,
          meant.map((row) => row.id as string).sort(),
        ]);
      }
      const sorted = await reader.query(ctx, kept.id, {
        sort: [{ field: key, dir: 'asc' }],
        fields: [],
        limit: 10,
        total: true,
      });
      expect(sorted.items.map((item) => item.id)).toHaveLength(3);
      const metrics = field.type.aggregates.map((fn) => ({ fn, field: key, as: fn }));
      const [all] = await reader.aggregate(ctx, kept.id, { groupBy: [], metrics, sort: [], limit: 5 });
      for (const fn of field.type.aggregates) expect([fn, all?.metrics[fn] ?? null]).not.toEqual([fn, null]);
      const groups = reader.aggregate(ctx, kept.id, {
        groupBy: [{ field: key }],
        metrics: [{ fn: 'count', as: 'n' }],
        sort: [],
        limit: 5,
      });
      if (field.type.groupable) expect((await groups).length).toBeGreaterThanOrEqual(2);
      else await expect(groups).rejects.toMatchObject({ code: 'operator_not_allowed' });

      const cell = sheetFormats[field.typeName].write(values[0] ?? null, field.config, {
        timeZone: 'Asia/Shanghai',
        nameOf: (id) => id,
      });
      expect(cell).not.toBeNull();
      const { items } = await reader.history(ctx, kept.id, ids[0] as RecordId);
      expect(items.flatMap((item) => item.changes.map((change) => change.field))).not.toContain(key);
    },
  );
});
