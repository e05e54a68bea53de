import { conversionBody } from '@lianke/shared/forms/conversion';
import type { FieldDef, FormView } from '@lianke/shared/forms/definition';
import type { BatchId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../../test/support/engine.js';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import { DerivedBuildWorker } from '../../derived/build.worker.js';
import { RecordReader } from '../../records/record-reader.js';
import { RecordWriter } from '../../records/record-writer.js';
import { UndoService } from '../../records/undo.service.js';
import { FormRegistry } from '../form-registry.js';
import { FormsService } from '../forms.service.js';
import { FormVersionsService } from '../versions/form-versions.service.js';
import { ConversionWorker } from './conversion.worker.js';
import { ConversionsService } from './conversions.service.js';
import { forgetConversions } from './forget-conversions.js';

type Row = { id: string; values: Record<string, Json> };

let engine: TestEngine;
let tenant: TestTenant;

beforeAll(async () => {
  engine = await createTestEngine();
  tenant = await engine.tenant('acme');
  engine.get(ConversionWorker).graceSeconds = 0;
});
afterAll(() => engine.close());

const service = () => engine.get(ConversionsService);
const ctx = () => tenant.ctx();
const view = async (form: FormView) => engine.get(FormsService).view(await ctx(), form.id);
const work = async () => {
  while (await engine.get(ConversionWorker).work());
};
const columnsOf = (form: FormView) => form.fields.find((field) => field.key === 'items')?.config.fields as FieldDef[];
const columnOf = (form: FormView, key: string) => columnsOf(form).find((field) => field.key === key) as FieldDef;

/** Orders whose rows hold `values`, each list those of one order. */
async function filled(
  values: readonly (readonly Json[])[],
  field: object = { type: 'text' },
  more: { fields?: object[]; columns?: object[] } = {},
): Promise<{ form: FormView; ids: RecordId[]; ref: string }> {
  const form = await tenant.form({
    appId: await tenant.app(`应用${Math.random()}`),
    name: '订单',
    fields: [
      { key: 'title', name: '名称', type: 'text' },
      {
        key: 'items',
        name: '明细',
        type: 'subform',
        config: {
          fields: [
            { key: 'good', name: '产品', type: 'text' },
            { key: 'value', name: '值', ...field },
            ...(more.columns ?? []),
          ],
        },
      },
      ...(more.fields ?? []),
    ] as never,
  });
  const { results } = await engine.get(RecordWriter).write(await ctx(), {
    formId: form.id,
    op: 'create',
    rows: values.map((rows, index) => ({
      values: {
        title: `第${index}单`,
        items: rows.map((value, at) => ({ values: { good: `${at}`, ...(value !== null && { value }) } })),
      },
    })),
  });
  return { form, ids: results.map((result) => result.id as RecordId), ref: columnOf(form, 'value').id };
}

async function rowsOf(form: FormView, id: RecordId | undefined): Promise<Row[]> {
  const record = await engine.get(RecordReader).get(await ctx(), form.id, id as RecordId);
  return (record.values.items ?? []) as Row[];
}
const valuesOf = async (form: FormView, id: RecordId | undefined) =>
  (await rowsOf(form, id)).map((row) => row.values.value ?? null);

/** Writes the values of a record's rows anew, in their order. */
async function put(
  form: FormView,
  id: RecordId | undefined,
  values: readonly Json[],
  batchId?: BatchId,
): Promise<void> {
  const rows = await rowsOf(form, id);
  const items = rows.map((row, at) => ({ id: row.id, values: { value: values[at] ?? null } }));
  const { results } = await engine.get(RecordWriter).write(await ctx(), {
    formId: form.id,
    op: 'update',
    rows: [{ id: id as RecordId, values: { items } }],
    ...(batchId && { batchId }),
  });
  expect(results[0]?.error).toBeUndefined();
}

const preview = async (form: FormView, ref: string, body: object) =>
  service().preview(await ctx(), form.id, ref, conversionBody.parse(body));
const start = async (form: FormView, ref: string, body: object) =>
  service().start(await ctx(), form.id, ref, {
    ...conversionBody.parse(body),
    version: (await view(form)).version,
  });
const latest = async (form: FormView) => (await service().list(await ctx(), form.id))[0];

describe('the type of a subform’s column', () => {
  it('is previewed with the records whose rows would not make it, and nothing is changed', async () => {
    const { form, ids, ref } = await filled([['12', '待定'], ['1,200.5元', null], []]);
    const found = await preview(form, ref, { type: 'number', config: { decimals: 2 } });
    expect(found).toMatchObject({ total: 3, scanned: 3, failing: 1, refusal: null, uses: [] });
    const [, second] = await rowsOf(form, ids[0]);
    expect(found.rows).toEqual([{ id: second?.id, label: '第0单', value: '待定', code: 'bad_number' }]);
    expect((await view(form)).version).toBe(form.version);
  });

  it('is converted in the background with what is written meanwhile, named by its version, and taken back to the letter', async () => {
    const { form, ids, ref } = await filled([
      ['12', '待定'],
      ['1,200.5元', null],
    ]);
    const started = await start(form, ref, { type: 'number', config: { decimals: 2 } });
    expect(started).toMatchObject({ state: 'running', name: '明细.值', from: 'text', to: 'number' });
    await put(form, ids[1], ['1,200.5元', '7']);
    await work();
    expect(await latest(form)).toMatchObject({ state: 'done', failing: 1, undoable: true });
    expect(columnOf(await view(form), 'value')).toMatchObject({ type: 'number', config: { decimals: 2 } });
    expect([await valuesOf(form, ids[0]), await valuesOf(form, ids[1])]).toEqual([
      ['12', null],
      ['1200.5', '7'],
    ]);
    const [newest] = await engine.get(FormVersionsService).list(await ctx(), form.id);
    expect(newest).toMatchObject({
      note: '字段“明细.值”从单行文本转换为数字',
      changes: { added: [], changed: ['明细.值'], removed: [] },
    });
    await put(form, ids[1], ['1200.5', '8']);
    await service().undo(await ctx(), form.id, ref);
    await work();
    expect(columnOf(await view(form), 'value').type).toBe('text');
    expect([await valuesOf(form, ids[0]), await valuesOf(form, ids[1])]).toEqual([
      ['12', '待定'],
      ['1,200.5元', '8'],
    ]);
    expect(await latest(form)).toMatchObject({ state: 'done', undoes: started.id });
  });

  it('loses nothing of those who write, add and take away rows at the same time', async () => {
    const { form, ids, ref } = await filled(Array.from({ length: 20 }, (_, index) => [`${index}`, '1']));
    await start(form, ref, { type: 'number' });
    const add = async (id: RecordId, round: number) => {
      const [first] = await rowsOf(form, id);
      const items = [{ id: first?.id, values: { value: `${round}` } }, { values: { value: `${round + 100}` } }];
      await engine.get(RecordWriter).writeOne(await ctx(), {
        formId: form.id,
        op: 'update',
        row: { id, values: { items: items as never } },
      });
    };
    const writing = (async () => {
      for (let round = 1; round <= 4; round++) await Promise.all(ids.map((id) => add(id, round)));
    })();
    await Promise.all([work(), writing]);
    await work();
    expect(columnOf(await view(form), 'value').type).toBe('number');
    for (const id of ids) expect(await valuesOf(form, id)).toEqual(['4', '104']);
  });

  it('becomes a choice, and a relation by what records are called; its history stays readable', async () => {
    const { form, ids, ref } = await filled([['重点', '普通'], ['重点']]);
    await put(form, ids[1], ['普通']);
    const found = await preview(form, ref, { type: 'select', makeOptions: true });
    expect(found.options).toEqual(['普通', '重点']);
    await start(form, ref, { type: 'select', makeOptions: true });
    await work();
    expect(await valuesOf(form, ids[0])).toEqual(['重点', '普通']);
    const grades = await tenant.form({
      appId: await tenant.app(`等级${Math.random()}`),
      name: '等级',
      fields: [{ key: 'name', name: '名称', type: 'text' }] as never,
    });
    const grade = await engine.get(RecordWriter).writeOne(await ctx(), {
      formId: grades.id,
      op: 'create',
      row: { values: { name: '普通' } },
    });
    const config = { formId: grades.id };
    await start(form, ref, { type: 'relation', config });
    await work();
    expect(await latest(form)).toMatchObject({ state: 'done', failing: 1 });
    expect(await valuesOf(form, ids[1])).toEqual([{ id: grade.id, label: '普通' }]);
    const { items } = await engine.get(RecordReader).history(await ctx(), form.id, ids[1] as RecordId);
    const told = items.flatMap((item) => item.changes.filter((change) => change.field === 'items'));
    // What the rows said as another type is not told as the one they have now.
    expect(told.map(({ after }) => (after as Row[]).map((row) => row.values.value))).toContainEqual([null]);
    await expect(preview(form, ref, { type: 'number' })).resolves.toMatchObject({
      refusal: expect.stringMatching(/不能转换/),
    });
  });

  it('recomputes what sums the rows up, and is refused where a formula could not go on', async () => {
    const { form, ids, ref } = await filled(
      [['1.5', '2.6']],
      { type: 'number', config: { decimals: 1 } },
      {
        fields: [{ key: 'sum', name: '合计', type: 'formula', config: { expression: 'SUM({明细.值})' } }],
        columns: [{ key: 'twice', name: '两倍', type: 'formula', config: { expression: '{值} * 2' } }],
      },
    );
    const refused = await preview(form, ref, { type: 'date' });
    expect(refused.refusal).toMatch(/两倍|合计/);
    expect(refused.uses.map((use) => use.name).sort()).toEqual(['明细.两倍', '订单.合计']);
    await start(form, ref, { type: 'money', config: { decimals: 0 } });
    await work();
    while (await engine.get(DerivedBuildWorker).work());
    const { values } = await engine.get(RecordReader).get(await ctx(), form.id, ids[0] as RecordId);
    const rows = await rowsOf(form, ids[0]);
    const numbers = rows.map((row) => Number(row.values.value));
    expect(numbers.every(Number.isInteger)).toBe(true);
    expect(Number(values.sum)).toBe(numbers.reduce((sum, item) => sum + item, 0));
    expect(rows.map((row) => Number(row.values.twice))).toEqual(numbers.map((item) => item * 2));
  });

  it('names the rules of its neighbours among its uses', async () => {
    const { form, ref } = await filled(
      [],
      { type: 'text' },
      {
        columns: [
          { key: 'why', name: '原因', type: 'text', rules: { visibleWhen: { field: 'value', op: 'notEmpty' } } },
        ],
      },
    );
    const { uses } = await preview(form, ref, { type: 'longText' });
    expect(uses.map(({ kind, name }) => [kind, name])).toEqual([['rule', '明细.原因']]);
  });

  it('can be stopped, and holds publishing up until it is', async () => {
    const { form, ids, ref } = await filled([['1']]);
    await start(form, ref, { type: 'number' });
    const publish = async () => engine.get(FormsService).update(await ctx(), form.id, { name: '别的' } as never);
    await expect(publish()).rejects.toMatchObject({ code: 'wrong_state' });
    expect(await service().cancel(await ctx(), form.id, ref)).toMatchObject({ state: 'canceled' });
    await work();
    expect(await valuesOf(form, ids[0])).toEqual(['1']);
    await expect(publish()).resolves.toMatchObject({ name: '别的' });
  });

  it('stays as it is when an older version is brought back', async () => {
    const { form, ids, ref } = await filled([['1', '2']]);
    await start(form, ref, { type: 'number' });
    await work();
    const { version } = await view(form);
    const back = await engine.get(FormVersionsService).rollback(await ctx(), form.id, form.version, version);
    expect(back.kept).toEqual(['明细.值']);
    expect(columnOf(back.form, 'value').type).toBe('number');
    expect(await valuesOf(form, ids[0])).toEqual(['1', '2']);
  });

  it('gives up its old values when their time is over', async () => {
    const { form, ids, ref } = await filled([['1', '二']]);
    await start(form, ref, { type: 'number' });
    await work();
    const meta = await engine.get(FormRegistry).form(await ctx(), form.id);
    expect(await forgetConversions(engine.kernel.database, meta, new Date(Date.now() + 86_400_000))).toBe(1);
    await expect(service().undo(await ctx(), form.id, ref)).rejects.toMatchObject({ code: 'wrong_state' });
    expect(await valuesOf(form, ids[0])).toEqual(['1', null]);
    await put(form, ids[0], ['3', '4']);
    expect(await valuesOf(form, ids[0])).toEqual(['3', '4']);
  });

  it('is asked for by designers only', async () => {
    const { form, ref } = await filled([['abc']]);
    const reader = await tenant.memberWith('只看', { [form.id]: { actions: ['view'], scope: 'all' } });
    const asked = service().preview(await tenant.ctx(reader), form.id, ref, conversionBody.parse({ type: 'number' }));
    await expect(asked).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('a column that may not repeat within a record', () => {
  const unique = { type: 'text', rules: { unique: true } };
  const number = { type: 'number', config: { decimals: 1 } };

  it('is refused where rows of one record would come to be the same, and says which', async () => {
    const { form, ref } = await filled([['1', '1.0', '2'], ['1']], unique);
    const found = await preview(form, ref, number);
    expect(found).toMatchObject({ failing: 0, repeats: [{ fields: ['值'], values: 1, rows: 2 }] });
    expect(found.refusal).toContain('有 2 行会互相重复');
    expect(found.rows.map(({ label, value, code }) => [label, value, code])).toEqual([
      ['第0单', '1', 'row_not_unique'],
      ['第0单', '1.0', 'row_not_unique'],
    ]);
    await expect(start(form, ref, number)).rejects.toMatchObject({ code: 'wrong_state' });
  });

  it('goes on being asked for once, in each record by itself', async () => {
    const { form, ids, ref } = await filled([['1', '2.0'], ['1']], unique);
    await start(form, ref, number);
    await work();
    expect(await valuesOf(form, ids[0])).toEqual(['1', '2']);
    await expect(put(form, ids[0], ['2', '2'])).rejects.toThrow();
  });

  it('stops the conversion when rows come to be the same while it is under way', async () => {
    const { form, ids, ref } = await filled([['1', '2']], unique);
    await start(form, ref, number);
    await put(form, ids[0], ['1', '1.0']);
    await work();
    expect(await latest(form)).toMatchObject({ state: 'failed', error: expect.stringContaining('有 2 行会互相重复') });
    expect(await valuesOf(form, ids[0])).toEqual(['1', '1.0']);
  });
});

it('a batch from before the conversion is taken back as far as its rows still say something', async () => {
  const { form, ids, ref } = await filled([['12', '5'], ['待定']]);
  const batchId = uuid7() as BatchId;
  await put(form, ids[0], ['13', '6'], batchId);
  await put(form, ids[1], ['14'], batchId);
  await start(form, ref, { type: 'number' });
  await work();
  const report = await engine.get(UndoService).undo(await ctx(), batchId);
  expect(report).toMatchObject({ reversed: 1, failed: 1 });
  expect(report.rows.map(({ recordId, outcome }) => [recordId, outcome])).toEqual([[ids[1], 'failed']]);
  expect(await valuesOf(form, ids[0])).toEqual(['12', '5']);
  expect(await valuesOf(form, ids[1])).toEqual(['14']);
});
