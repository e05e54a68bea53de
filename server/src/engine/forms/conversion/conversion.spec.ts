import { conversionBody } from '@lianke/shared/forms/conversion';
import { type FormView, updateFormBody } from '@lianke/shared/forms/definition';
import type { FormId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../../test/support/engine.js';
import { RecordReader } from '../../records/record-reader.js';
import { RecordWriter } from '../../records/record-writer.js';
import { FormRegistry } from '../form-registry.js';
import { FormsService } from '../forms.service.js';
import { dropRemovedFields } from '../removed-fields.js';
import { ConversionWorker } from './conversion.worker.js';
import { ConversionsService } from './conversions.service.js';
import { forgetConversions } from './forget-conversions.js';

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

async function filled(values: Json[], field: object = { type: 'text' }): Promise<{ form: FormView; ids: RecordId[] }> {
  const form = await tenant.form({
    appId: await tenant.app(`应用${Math.random()}`),
    name: '客户',
    fields: [
      { key: 'title', name: '名称', type: 'text' },
      { key: 'value', name: '值', ...field },
    ] as never,
  });
  const { results } = await engine.get(RecordWriter).write(await tenant.ctx(), {
    formId: form.id,
    op: 'create',
    rows: values.map((value, index) => ({ values: { title: `第${index}条`, ...(value !== null && { value }) } })),
  });
  return { form, ids: results.map((result) => result.id as RecordId) };
}

async function valuesOf(form: FormView, ids: readonly RecordId[]): Promise<Json[]> {
  const ctx = await tenant.ctx();
  const records = await Promise.all(ids.map((id) => engine.get(RecordReader).get(ctx, form.id, id)));
  return records.map((record) => record.values.value ?? null);
}

const start = async (form: FormView, type: string, more: object = {}) =>
  service().start(await tenant.ctx(), form.id, 'value', {
    ...conversionBody.parse({ type, ...more }),
    version: (await view(form.id)).version,
  });
const put = async (form: FormView, id: RecordId, value: Json) =>
  engine
    .get(RecordWriter)
    .writeOne(await tenant.ctx(), { formId: form.id, op: 'update', row: { id, values: { value } } });

describe('a field’s type', () => {
  it('says beforehand which values would not make it, and leaves everything as it is', async () => {
    const { form, ids } = await filled(['12', '1,200.5元', '待定', null, '十']);
    const preview = await service().preview(
      await tenant.ctx(),
      form.id,
      'value',
      conversionBody.parse({ type: 'number', config: { decimals: 2 } }),
    );
    expect(preview).toMatchObject({ total: 4, scanned: 4, failing: 2, refusal: null });
    expect(preview.rows).toEqual([
      { id: ids[2], label: '第2条', value: '待定', code: 'bad_number' },
      { id: ids[4], label: '第4条', value: '十', code: 'bad_number' },
    ]);
    expect((await view(form.id)).version).toBe(form.version);
  });

  it('is converted in the background, with what is written meanwhile, and taken back to the letter', async () => {
    const { form, ids } = await filled(['12', '1,200.5元', '待定', null]);
    const started = await start(form, 'number', { config: { decimals: 2 } });
    expect(started).toMatchObject({ state: 'running', from: 'text', to: 'number', undoable: false });
    // Filling goes on, by the type that still stands.
    await put(form, ids[3] as RecordId, '7');
    await work();
    const [done] = await service().list(await tenant.ctx(), form.id);
    expect(done).toMatchObject({ state: 'done', failing: 1, undoable: true });
    expect((await view(form.id)).fields.find((field) => field.key === 'value')).toMatchObject({ type: 'number' });
    expect(await valuesOf(form, ids)).toEqual(['12', '1200.5', null, '7']);
    await put(form, ids[0] as RecordId, '13.5');
    await engine.get(RecordWriter).writeOne(await tenant.ctx(), {
      formId: form.id,
      op: 'update',
      row: { id: ids[1] as RecordId, values: { title: '换了名称' } },
    });
    await service().undo(await tenant.ctx(), form.id, 'value');
    await work();
    expect((await view(form.id)).fields.find((field) => field.key === 'value')).toMatchObject({ type: 'text' });
    expect(await valuesOf(form, ids)).toEqual(['13.5', '1,200.5元', '待定', '7']);
    expect((await service().list(await tenant.ctx(), form.id))[0]).toMatchObject({ state: 'done', undoes: started.id });
  });

  it('keeps what a writer brings who knows the form from before the switch', async () => {
    const { form, ids } = await filled(['1', '2']);
    await start(form, 'number');
    const early = await tenant.ctx();
    await work();
    await engine.get(RecordWriter).writeOne(early, {
      formId: form.id,
      op: 'update',
      row: { id: ids[0] as RecordId, values: { value: '5' } },
    });
    expect(await valuesOf(form, ids)).toEqual(['5', '2']);
    await expect(
      engine.get(RecordWriter).writeOne(early, {
        formId: form.id,
        op: 'update',
        row: { id: ids[1] as RecordId, values: { value: '五' } },
      }),
    ).rejects.toMatchObject({ code: 'validation_failed' });
  });

  it('loses nothing of those who write at the same time', async () => {
    const { form, ids } = await filled(Array.from({ length: 60 }, (_, index) => String(index)));
    await start(form, 'number');
    const writing = (async () => {
      for (let round = 1; round <= 5; round++)
        await Promise.all(ids.map((id, index) => put(form, id, String(index + 1000 * round))));
    })();
    await work();
    await writing;
    await work();
    expect((await view(form.id)).fields.find((field) => field.key === 'value')?.type).toBe('number');
    expect(await valuesOf(form, ids)).toEqual(ids.map((_, index) => String(index + 5000)));
  });

  it('becomes a choice among the texts that stand in it', async () => {
    const { form, ids } = await filled(['重点', '普通', '重点']);
    const body = conversionBody.parse({ type: 'select', makeOptions: true });
    expect((await service().preview(await tenant.ctx(), form.id, 'value', body)).options).toEqual(['普通', '重点']);
    await start(form, 'select', { makeOptions: true });
    await work();
    expect(await valuesOf(form, ids)).toEqual(['重点', '普通', '重点']);
    const now = (await view(form.id)).fields.find((field) => field.key === 'value');
    expect(now?.config.options).toMatchObject([{ label: '普通' }, { label: '重点' }]);
  });

  it.each([
    ['number', {}, '12.5', 'text', {}, '12.5'],
    ['date', {}, '2025-03-07', 'text', {}, '2025-03-07'],
    ['date', {}, '2025-03-07', 'datetime', {}, '2025-03-06T16:00:00.000Z'],
    ['datetime', {}, '2025-03-06T17:00:00Z', 'date', {}, '2025-03-07'],
    ['text', {}, '2025年3月7日', 'date', {}, '2025-03-07'],
    ['text', {}, 'A、B', 'tags', {}, ['A', 'B']],
    ['text', {}, '是', 'switch', {}, true],
    ['money', {}, '3.5', 'number', { decimals: 1 }, '3.5'],
    ['text', {}, '13800138000', 'phone', {}, ['13800138000']],
  ] as const)('%s %j %j as %s %j', async (from, config, given, to, next, expected) => {
    const { form, ids } = await filled([given], { type: from, config });
    await start(form, to, { config: next });
    await work();
    const [value] = await valuesOf(form, ids);
    expect(typeof value === 'string' && value.endsWith('Z') ? new Date(value).toISOString() : value).toEqual(expected);
  });

  it('stays unique where its values allow it', async () => {
    const unique = { type: 'text', rules: { unique: true } };
    const { form, ids } = await filled(['1', '2.0', null], unique);
    await start(form, 'number', { config: { decimals: 1 } });
    await work();
    expect(await valuesOf(form, ids)).toEqual(['1', '2', null]);
    await expect(put(form, ids[2] as RecordId, '2')).rejects.toMatchObject({
      more: { fields: [{ field: 'value', code: 'not_unique' }] },
    });
    const alike = await filled(['1', '1.0'], unique);
    await expect(start(alike.form, 'number', { config: { decimals: 1 } })).rejects.toMatchObject({
      code: 'wrong_state',
      params: { detail: expect.stringContaining('1 个值会重复') },
    });
    // One that comes to be the same while the conversion is under way stops it.
    const later = await filled(['1', '2'], unique);
    await start(later.form, 'number', { config: { decimals: 1 } });
    await put(later.form, later.ids[1] as RecordId, '1.0');
    await work();
    expect((await service().list(await tenant.ctx(), later.form.id))[0]).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('重复'),
    });
  });

  it('can be stopped, and holds publishing up until it is', async () => {
    const { form, ids } = await filled(['1']);
    await start(form, 'number');
    await expect(
      engine.get(FormsService).update(await tenant.ctx(), form.id, updateFormBody.parse({ name: '别的' })),
    ).rejects.toMatchObject({ code: 'wrong_state' });
    await expect(start(form, 'date')).rejects.toMatchObject({ code: 'wrong_state' });
    expect(await service().cancel(await tenant.ctx(), form.id, 'value')).toMatchObject({ state: 'canceled' });
    await work();
    expect(await valuesOf(form, ids)).toEqual(['1']);
    const renamed = await engine
      .get(FormsService)
      .update(await tenant.ctx(), form.id, updateFormBody.parse({ name: '别的' }));
    expect(renamed.name).toBe('别的');
  });

  it('is refused where a rule or a formula leans on it, and where the types have nothing in common', async () => {
    const form = await tenant.form({
      appId: await tenant.app('规则'),
      name: '订单',
      fields: [
        { key: 'title', name: '名称', type: 'text' },
        { key: 'value', name: '值', type: 'number', rules: {} },
        { key: 'double', name: '两倍', type: 'formula', config: { expression: '{值} * 2' } },
        { key: 'code', name: '编号', type: 'text', rules: { unique: true } },
      ] as never,
    });
    const refusal = async (field: string, type: string, language: 'zh' | 'en' = 'zh') =>
      (await service().preview(await tenant.ctx(), form.id, field, conversionBody.parse({ type }), language)).refusal;
    expect(await refusal('value', 'date')).toMatch(/两倍/);
    expect(await refusal('code', 'tags')).toMatch(/不允许重复/);
    expect(await refusal('code', 'number')).toBeNull();
    expect(await refusal('value', 'relation')).toMatch(/不能转换/);
    expect(await refusal('value', 'relation', 'en')).toBe('fields of type Number cannot be converted to Relation');
    expect(await refusal('code', 'tags', 'en')).toMatch(
      /^"编号" may not repeat, .* remove the rule before you convert$/,
    );
  });

  it('needs the right to design, and shows values only to who may see them', async () => {
    const { form } = await filled(['abc']);
    const reader = await tenant.memberWith('只看', { [form.id]: { actions: ['view'], scope: 'all' } });
    const body = conversionBody.parse({ type: 'number' });
    await expect(service().preview(await tenant.ctx(reader), form.id, 'value', body)).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});

describe('columns', () => {
  const columns = async (form: FormView) =>
    (
      await engine.kernel.database.withTenant(await tenant.ctx(), (tx) =>
        tx.sql<{ n: string }>(
          `SELECT attname AS n FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attname ~ '^[cm]_'`,
          [`"t_${tenant.id.replaceAll('-', '')}"."f_${form.id.replaceAll('-', '')}"`],
        ),
      )
    ).length;
  const meta = async (form: FormView) => engine.get(FormRegistry).form(await tenant.ctx(), form.id);
  const later = () => new Date(Date.now() + 86_400_000);

  it('of a conversion are emptied when their time is over, and serve the next field', async () => {
    const { form, ids } = await filled(['1', '2']);
    await start(form, 'number');
    await work();
    expect(await columns(form)).toBe(4);
    expect(await forgetConversions(engine.kernel.database, await meta(form), later())).toBe(1);
    expect(await columns(form)).toBe(3);
    await expect(service().undo(await tenant.ctx(), form.id, 'value')).rejects.toMatchObject({ code: 'wrong_state' });
    const now = await view(form.id);
    const fields = now.fields
      .filter((field) => !field.system)
      .map(({ writable: _, ...field }): object => field)
      .concat({ key: 'fresh', name: '新的', type: 'text', rules: { unique: true } });
    await engine.get(FormsService).update(await tenant.ctx(), form.id, updateFormBody.parse({ fields }));
    expect(await columns(form)).toBe(3);
    const ctx = await tenant.ctx();
    const record = await engine.get(RecordReader).get(ctx, form.id, ids[0] as RecordId);
    expect(record.values).toMatchObject({ value: '1', fresh: null });
    const put = (id: RecordId | undefined) =>
      engine
        .get(RecordWriter)
        .writeOne(ctx, { formId: form.id, op: 'update', row: { id: id as RecordId, values: { fresh: '甲' } } });
    await put(ids[0]);
    await expect(put(ids[1])).rejects.toMatchObject({ code: 'validation_failed' });
  });

  it('of a field taken off long ago serve a new one, without its values', async () => {
    const { form, ids } = await filled(['旧']);
    const own = (now: FormView) =>
      now.fields.filter((field) => !field.system).map(({ writable: _, ...field }): { key: string } => field);
    const update = async (fields: object[]) =>
      engine.get(FormsService).update(await tenant.ctx(), form.id, updateFormBody.parse({ fields }));
    await update(own(await view(form.id)).filter((field) => field.key !== 'value'));
    expect(await dropRemovedFields(engine.kernel.database, await meta(form), later())).toBe(1);
    expect(await columns(form)).toBe(2);
    await update([...own(await view(form.id)), { key: 'value', name: '别的', type: 'email' }]);
    expect(await columns(form)).toBe(2);
    expect(await valuesOf(form, ids)).toEqual([null]);
    await put(form, ids[0] as RecordId, 'a@b.cn');
    expect(await valuesOf(form, ids)).toEqual(['a@b.cn']);
  });

  it('of a conversion there and back go together, the standing one stays', async () => {
    const { form, ids } = await filled(['1', '二']);
    await start(form, 'number');
    await work();
    await service().undo(await tenant.ctx(), form.id, 'value');
    await work();
    expect(await forgetConversions(engine.kernel.database, await meta(form), later())).toBe(1);
    expect(await valuesOf(form, ids)).toEqual(['1', '二']);
    expect(await columns(form)).toBe(3);
  });
});
