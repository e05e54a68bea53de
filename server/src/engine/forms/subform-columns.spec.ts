import { type FormView, updateFormBody } from '@lianke/shared/forms/definition';
import type { FormId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { tenantName } from '../../kernel/database/ident.js';
import { RecordReader } from '../records/record-reader.js';
import { RecordWriter } from '../records/record-writer.js';
import { purgeForms } from './bin/purge-forms.js';
import { tableName } from './form-meta.js';
import { FormRegistry } from './form-registry.js';
import { FormsService } from './forms.service.js';
import { dropRemovedFields } from './removed-fields.js';
import { FormVersionsService } from './versions/form-versions.service.js';

type Column = { id: string; key: string; name: string; type: string };

let engine: TestEngine;
let tenant: TestTenant;
beforeAll(async () => {
  engine = await createTestEngine();
  tenant = await engine.tenant('columns');
});
afterAll(() => engine.close());

const ctx = () => tenant.ctx();
const later = () => new Date(Date.now() + 3_600_000);
const view = async (id: FormId) => engine.get(FormsService).view(await ctx(), id);
const itemsOf = (form: FormView) => {
  const field = form.fields.find((item) => item.key === 'items');
  return field?.config as { formId: FormId; fields: Column[]; removed?: Column[] } & Record<string, Json>;
};
const columnsOf = async (table: string) =>
  (
    await engine.kernel.database.withTenant({ tenantId: tenant.id }, (tx) =>
      tx.sql<{ name: string }>(
        `SELECT column_name AS name FROM information_schema.columns WHERE table_schema = $1 AND table_name = $2`,
        [tenantName(tenant.id), table],
      ),
    )
  ).map(({ name }) => name);

/** Publishes the form with the rows' fields that `change` makes of them. */
async function publish(id: FormId, change: (columns: Column[]) => object[]): Promise<FormView> {
  const form = await view(id);
  const fields = form.fields
    .filter((field) => !field.system)
    .map(({ writable: _, ...field }) =>
      field.key === 'items' ? { ...field, config: { ...field.config, fields: change(itemsOf(form).fields) } } : field,
    );
  return engine.get(FormsService).update(await ctx(), id, updateFormBody.parse({ fields }));
}

async function order(name: string): Promise<FormView> {
  return tenant.form({
    appId: await tenant.app(name),
    name,
    fields: [
      { key: 'no', name: '编号', type: 'text' },
      {
        key: 'items',
        name: '明细',
        type: 'subform',
        config: {
          fields: [
            { key: 'good', name: '产品', type: 'text' },
            { key: 'price', name: '单价', type: 'money' },
          ],
        } as never,
      },
    ],
  });
}

const make = async (form: FormView) =>
  engine.get(RecordWriter).writeOne(await ctx(), {
    formId: form.id,
    op: 'create',
    row: { values: { no: '1', items: [{ values: { good: '甲', price: '9' } }, { values: { good: '乙' } }] } },
  });
const prices = async (form: FormView, id: string) => {
  const { values } = await engine.get(RecordReader).get(await ctx(), form.id, id as never);
  return (values.items as { values: Record<string, Json> }[]).map((row) => row.values.price);
};
const without = (key: string) => (columns: Column[]) => columns.filter((column) => column.key !== key);

it('a column taken off a subform is counted, named by its version, kept for its designers and put back with its values', async () => {
  const form = await order('订单');
  const record = await make(form);
  const [, price] = itemsOf(form).fields;
  const filled = await engine.get(RecordReader).aggregate(await ctx(), itemsOf(form).formId, {
    filter: { field: price?.id ?? '', op: 'notEmpty' },
    metrics: [{ fn: 'count', as: 'n' }],
    groupBy: [],
    sort: [],
    limit: 1,
  });
  expect(filled[0]?.metrics).toEqual({ n: 1 });
  const after = await publish(form.id, (columns) => [
    ...without('price')(columns).map((column) => ({ ...column, name: '品名' })),
    { key: 'count', name: '数量', type: 'number' },
  ]);
  expect(itemsOf(after).removed).toEqual([expect.objectContaining({ id: price?.id, name: '单价' })]);
  const [newest] = await engine.get(FormVersionsService).list(await ctx(), form.id);
  expect(newest?.changes).toMatchObject({ added: ['明细.数量'], changed: ['明细.品名'], removed: ['明细.单价'] });
  const clerk = await tenant.memberWith('小吴', { [form.id]: { actions: ['view', 'edit'], scope: 'all' } });
  const seen = await engine.get(FormsService).view(await tenant.ctx(clerk), form.id);
  expect(itemsOf(seen)).not.toHaveProperty('removed');
  await publish(form.id, (columns) => [...columns, price as Column]);
  expect(await prices(form, record.id)).toEqual(['9', null]);
});

it('a column taken off a subform goes for good with its values when its time has come, and an old version does without it', async () => {
  const form = await order('采购');
  const record = await make(form);
  const [, price] = itemsOf(form).fields;
  const column = `c_${price?.id.slice(2)}`;
  const table = tableName(itemsOf(form).formId);
  await publish(form.id, without('price'));
  const meta = async () => engine.get(FormRegistry).form(await ctx(), form.id);
  expect(await dropRemovedFields(engine.kernel.database, await meta(), new Date(0))).toBe(0);
  expect(await columnsOf(table)).toContain(column);
  expect(await dropRemovedFields(engine.kernel.database, await meta(), later())).toBe(1);
  expect(await columnsOf(table)).not.toContain(column);
  expect(itemsOf(await view(form.id))).not.toHaveProperty('removed');
  const { version } = await view(form.id);
  const back = await engine.get(FormVersionsService).rollback(await ctx(), form.id, 1, version);
  expect(back.lost).toEqual(['明细.单价']);
  expect(itemsOf(back.form).fields.map(({ name }) => name)).toEqual(['产品']);
  expect(await prices(form, record.id)).toEqual([undefined, undefined]);
});

it('the table of a subform’s rows goes with the subform, and with the form', async () => {
  const [one, two] = [await order('甲表'), await order('乙表')];
  await make(one);
  await make(two);
  const fields = one.fields.filter((field) => field.key === 'no').map(({ writable: _, ...field }) => field);
  await engine.get(FormsService).update(await ctx(), one.id, updateFormBody.parse({ fields }));
  const meta = await engine.get(FormRegistry).form(await ctx(), one.id);
  expect(await dropRemovedFields(engine.kernel.database, meta, later())).toBe(1);
  expect(await columnsOf(tableName(itemsOf(one).formId))).toEqual([]);
  await engine.get(FormsService).remove(await ctx(), two.id);
  expect(await purgeForms(engine.kernel.database, tenant.id, later(), 100)).toBe(1);
  expect(await columnsOf(tableName(itemsOf(two).formId))).toEqual([]);
});
