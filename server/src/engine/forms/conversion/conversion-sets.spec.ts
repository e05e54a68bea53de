import { conversionBody } from '@lianke/shared/forms/conversion';
import { type FormView, updateFormBody } from '@lianke/shared/forms/definition';
import type { FormId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../../test/support/engine.js';
import { RecordReader } from '../../records/record-reader.js';
import { RecordWriter } from '../../records/record-writer.js';
import { FormRegistry } from '../form-registry.js';
import { FormsService } from '../forms.service.js';
import { ConversionWorker } from './conversion.worker.js';
import { ConversionsService } from './conversions.service.js';

let engine: TestEngine;
let tenant: TestTenant;

beforeAll(async () => {
  engine = await createTestEngine();
  tenant = await engine.tenant('acme');
  engine.get(ConversionWorker).graceSeconds = 0;
});
afterAll(() => engine.close());

const service = () => engine.get(ConversionsService);
const view = async (id: FormId) => engine.get(FormsService).view(await tenant.ctx(), id);
const work = async () => {
  while (await engine.get(ConversionWorker).work());
};

type Visit = [value: Json, day: Json];

/** A form whose value and day may not repeat together. */
async function visits(
  rows: readonly Visit[],
  value: object = { type: 'text' },
  day: object = { type: 'date' },
): Promise<{ form: FormView; ids: RecordId[] }> {
  const form = await tenant.form({
    appId: await tenant.app(`应用${Math.random()}`),
    name: '拜访',
    fields: [
      { key: 'title', name: '名称', type: 'text' },
      { key: 'value', name: '值', ...value },
      { key: 'day', name: '日期', ...day },
    ] as never,
    settings: { summaryFields: [], uniqueSets: [{ fields: ['value', 'day'] }] },
  });
  const { results } = await engine.get(RecordWriter).write(await tenant.ctx(), {
    formId: form.id,
    op: 'create',
    rows: rows.map(([value, day], index) => ({ values: { title: `第${index}条`, value, day } })),
  });
  return { form, ids: results.map((result) => result.id as RecordId) };
}

const preview = async (form: FormView, body: object) =>
  service().preview(await tenant.ctx(), form.id, 'value', conversionBody.parse(body));
const start = async (form: FormView, body: object) =>
  service().start(await tenant.ctx(), form.id, 'value', {
    ...conversionBody.parse(body),
    version: (await view(form.id)).version,
  });
const put = async (form: FormView, id: RecordId | undefined, values: Record<string, Json>) =>
  engine
    .get(RecordWriter)
    .writeOne(await tenant.ctx(), { formId: form.id, op: 'update', row: { id: id as RecordId, values } });
const valuesOf = async (form: FormView, ids: readonly RecordId[]) => {
  const ctx = await tenant.ctx();
  const records = await Promise.all(ids.map((id) => engine.get(RecordReader).get(ctx, form.id, id)));
  return records.map((record) => record.values.value ?? null);
};
const last = async (form: FormView) => (await service().list(await tenant.ctx(), form.id))[0];

/** What unique indexes of several columns stand on, each by the keys of its fields. */
async function setsOnDisk(form: FormView): Promise<string[][]> {
  const ctx = await tenant.ctx();
  const meta = await engine.get(FormRegistry).form(ctx, form.id);
  const rows = await engine.kernel.database.withTenant(ctx, (tx) =>
    tx.sql<{ columns: string[] }>(
      `SELECT array(SELECT attname::text FROM pg_attribute WHERE attrelid = i.indrelid AND attnum = ANY (i.indkey) ORDER BY attname) AS columns
       FROM pg_index i WHERE i.indrelid = $1::regclass AND i.indisunique AND i.indisvalid AND i.indnatts > 1`,
      [meta.table],
    ),
  );
  return rows.map(({ columns }) =>
    columns.map((name) => meta.fields.find((field) => field.column === `"${name}"`)?.key ?? name).sort(),
  );
}

const number = { type: 'number', config: { decimals: 1 } };
const twice = { code: 'set_not_unique' };

describe('a field of a set that may not repeat', () => {
  it('is converted, and the set holds for the new values', async () => {
    const { form, ids } = await visits([
      ['1', '2026-03-01'],
      ['1', '2026-03-02'],
      ['2.0', '2026-03-01'],
      ['待定', '2026-03-02'],
      [null, '2026-03-01'],
    ]);
    expect(await preview(form, number)).toMatchObject({ failing: 1, repeats: [], refusal: null });
    await start(form, number);
    await work();
    expect(await last(form)).toMatchObject({ state: 'done', failing: 1 });
    expect(await valuesOf(form, ids)).toEqual(['1', '1', '2', null, null]);
    expect(await setsOnDisk(form)).toEqual([['day', 'value']]);
    await expect(put(form, ids[4], { value: '2' })).rejects.toMatchObject({ more: { fields: [twice] } });
    await put(form, ids[4], { value: '3' });
  });

  it('is counted before: how many records would repeat each other, which, and the start is refused naming the set', async () => {
    const { form, ids } = await visits([
      ['1', '2026-03-01'],
      ['1.0', '2026-03-01'],
      ['1.00', '2026-03-01'],
      ['5', '2026-03-02'],
      ['5.0', '2026-03-02'],
      ['5.0', '2026-03-03'],
      ['待定', '2026-03-01'],
      ['未知', '2026-03-01'],
    ]);
    const found = await preview(form, number);
    expect(found).toMatchObject({
      total: 8,
      failing: 2,
      repeats: [{ fields: ['值', '日期'], values: 2, rows: 5 }],
      refusal: '“值”、“日期”的组合不允许重复，转换后有 5 条数据会互相重复（2 种组合），请先改好这些数据或取消这条规则',
    });
    expect(found.rows).toMatchObject([
      ...[0, 1, 2, 3, 4].map((index) => ({ id: ids[index], ...twice, params: { fields: '“值”、“日期”' } })),
      { id: ids[6], code: 'bad_number' },
      { id: ids[7], code: 'bad_number' },
    ]);
    await expect(start(form, number)).rejects.toMatchObject({ code: 'wrong_state', params: { detail: found.refusal } });
    expect((await view(form.id)).fields.find((field) => field.key === 'value')?.type).toBe('text');
  });

  it('takes numbers beside it for the same however they are written', async () => {
    const { form } = await visits(
      [
        ['1', '7'],
        ['1.0', '7.00'],
      ],
      { type: 'text' },
      { type: 'number', config: { decimals: 2 } },
    );
    expect((await preview(form, number)).repeats).toEqual([{ fields: ['值', '日期'], values: 1, rows: 2 }]);
  });

  it('that comes to repeat while it is converted stops the conversion, and is named', async () => {
    const { form, ids } = await visits([
      ['1', '2026-03-01'],
      ['2', '2026-03-01'],
    ]);
    await start(form, number);
    await put(form, ids[1], { value: '1.0' });
    await work();
    expect(await last(form)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('“值”、“日期”的组合不允许重复，转换后有 2 条数据会互相重复'),
    });
    expect(await valuesOf(form, ids)).toEqual(['1', '1.0']);
    // Nothing of the try is left: the old values still may not repeat.
    expect(await setsOnDisk(form)).toEqual([['day', 'value']]);
    await expect(put(form, ids[1], { value: '1' })).rejects.toMatchObject({ more: { fields: [twice] } });
  });

  it('is not held against writers by values that stood before', async () => {
    const { form, ids } = await visits([
      ['1', '2026-03-01'],
      ['1', '2026-03-02'],
    ]);
    await start(form, number);
    // While the first values are converted already, the record moves on to what only its old value would repeat.
    await engine.get(ConversionWorker).work();
    await put(form, ids[0], { value: '9', day: '2026-03-02' });
    await work();
    expect(await last(form)).toMatchObject({ state: 'done' });
    // The same once more after the switch: the old column still holds what it held.
    await put(form, ids[1], { value: '8', day: '2026-03-01' });
    await put(form, ids[0], { day: '2026-03-01' });
    expect(await valuesOf(form, ids)).toEqual(['9', '8']);
  });

  it('waits for who reads the table, and holds nobody up meanwhile', async () => {
    const { form, ids } = await visits([['1', '2026-03-01']]);
    await start(form, number);
    const ctx = await tenant.ctx();
    const { table } = await engine.get(FormRegistry).form(ctx, form.id);
    await engine.kernel.database.withTenant(ctx, async (tx) => {
      await tx.sql(`SELECT 1 FROM ${table}`);
      await engine.get(ConversionWorker).work();
      expect(await last(form)).toMatchObject({ state: 'running', error: null });
      await put(form, ids[0], { value: '2.0' });
    });
    await vi.waitFor(
      async () => {
        await work();
        expect(await last(form)).toMatchObject({ state: 'done' });
      },
      { timeout: 10_000 },
    );
    expect(await valuesOf(form, ids)).toEqual(['2']);
  });

  it('goes back with its set', async () => {
    const { form, ids } = await visits([
      ['1', '2026-03-01'],
      ['1,0', '2026-03-02'],
    ]);
    await start(form, number);
    await work();
    await service().undo(await tenant.ctx(), form.id, 'value');
    await work();
    expect(await last(form)).toMatchObject({ state: 'done' });
    expect(await valuesOf(form, ids)).toEqual(['1', '1,0']);
    expect(await setsOnDisk(form)).toEqual([['day', 'value']]);
    await expect(put(form, ids[1], { value: '1', day: '2026-03-01' })).rejects.toMatchObject({
      more: { fields: [twice] },
    });
  });

  it('can be encrypted, and goes on refusing what repeats', async () => {
    const { form, ids } = await visits([
      ['甲', '2026-03-01'],
      ['乙', '2026-03-01'],
    ]);
    const body = { type: 'text', encrypted: true };
    expect(await preview(form, body)).toMatchObject({ failing: 0, repeats: [], refusal: null });
    await start(form, body);
    await work();
    expect(await last(form)).toMatchObject({ state: 'done' });
    await expect(put(form, ids[1], { value: '甲' })).rejects.toMatchObject({ more: { fields: [twice] } });
  });

  it('does not become a type that no such set can hold', async () => {
    const { form } = await visits([['1', '2026-03-01']]);
    const { refusal } = await preview(form, { type: 'tags' });
    expect(refusal).toMatch(/“值”在不重复的组合（“值”、“日期”）里，.*不能放进这样的组合/);
  });

  it('can leave its set afterwards, and the index goes with it', async () => {
    const { form, ids } = await visits([
      ['1', '2026-03-01'],
      ['2', '2026-03-01'],
    ]);
    await start(form, number);
    await work();
    await engine
      .get(FormsService)
      .update(await tenant.ctx(), form.id, updateFormBody.parse({ settings: { summaryFields: [] } }));
    expect(await setsOnDisk(form)).toEqual([]);
    await put(form, ids[1], { value: '1' });
  });
});
