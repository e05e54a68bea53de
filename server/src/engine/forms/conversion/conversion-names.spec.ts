import { conversionBody } from '@lianke/shared/forms/conversion';
import type { FormView } from '@lianke/shared/forms/definition';
import type { RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../../test/support/engine.js';
import { RecordReader } from '../../records/record-reader.js';
import { RecordWriter } from '../../records/record-writer.js';
import { FormsService } from '../forms.service.js';
import { ConversionWorker } from './conversion.worker.js';
import { ConversionsService } from './conversions.service.js';

let engine: TestEngine;
let tenant: TestTenant;
let companies: FormView;
let [first, second] = ['', ''];

beforeAll(async () => {
  engine = await createTestEngine();
  tenant = await engine.tenant('acme');
  engine.get(ConversionWorker).graceSeconds = 0;
  companies = await tenant.form({
    appId: await tenant.app(),
    name: '公司',
    fields: [
      { key: 'name', name: '名称', type: 'text' },
      { key: 'code', name: '编号', type: 'text', rules: { unique: true } },
    ] as never,
  });
  const rows = [
    { name: '甲 公司', code: 'A1' },
    { name: '乙公司', code: 'B2' },
    { name: '丙公司', code: 'C3' },
    { name: '丙公司', code: 'C4' },
  ];
  const { results } = await engine.get(RecordWriter).write(await tenant.ctx(), {
    formId: companies.id,
    op: 'create',
    rows: rows.map((values) => ({ values })),
  });
  [first, second] = results.map((result) => String(result.id)) as [string, string];
});
afterAll(() => engine.close());

async function filled(values: Json[], field: object) {
  const form = await tenant.form({
    appId: await tenant.app(`应用${Math.random()}`),
    name: '订单',
    fields: [
      { key: 'title', name: '名称', type: 'text' },
      { key: 'value', name: '值', ...field },
    ] as never,
  });
  const { results } = await engine.get(RecordWriter).write(await tenant.ctx(), {
    formId: form.id,
    op: 'create',
    rows: values.map((value, index) => ({ values: { title: `${index}`, value } })),
  });
  return { form, ids: results.map((result) => result.id as RecordId) };
}

async function convert(form: FormView, body: object) {
  const ctx = await tenant.ctx();
  const asked = conversionBody.parse(body);
  const preview = await engine.get(ConversionsService).preview(ctx, form.id, 'value', asked);
  const { version } = await engine.get(FormsService).view(ctx, form.id);
  await engine.get(ConversionsService).start(ctx, form.id, 'value', { ...asked, version });
  while (await engine.get(ConversionWorker).work());
  return preview;
}

async function read(form: FormView, ids: RecordId[]): Promise<Json[]> {
  const ctx = await tenant.ctx();
  const records = await Promise.all(ids.map((id) => engine.get(RecordReader).get(ctx, form.id, id)));
  const bare = (value: Json | undefined): Json =>
    Array.isArray(value) ? value.map(bare) : ((value as { id?: Json } | null)?.id ?? value ?? null);
  return records.map((record) => bare(record.values.value));
}

describe('a field whose words name records', () => {
  it('becomes a relation by the title, and says which words name none or several', async () => {
    const { form, ids } = await filled(['甲公司', '没有', '丙公司', null], { type: 'text' });
    const preview = await convert(form, { type: 'relation', config: { formId: companies.id } });
    expect(preview).toMatchObject({ total: 3, failing: 2, refusal: null });
    expect(preview.rows.map(({ value, code }) => [value, code])).toEqual([
      ['没有', 'no_such_record'],
      ['丙公司', 'ambiguous_record'],
    ]);
    expect(await read(form, ids)).toEqual([first, null, null, null]);
    // The way back gives the words to the letter, those that named nothing too.
    await engine.get(ConversionsService).undo(await tenant.ctx(), form.id, 'value');
    while (await engine.get(ConversionWorker).work());
    expect(await read(form, ids)).toEqual(['甲公司', '没有', '丙公司', null]);
  });

  it('becomes one of many by another field', async () => {
    const { form, ids } = await filled(['A1、B2', 'B2'], { type: 'text' });
    const body = { type: 'relations', config: { formId: companies.id }, matchBy: 'code' };
    expect(await convert(form, body)).toMatchObject({ failing: 0 });
    expect(await read(form, ids)).toEqual([[first, second], [second]]);
  });

  it('is asked which form, and refuses one that nothing can be matched in', async () => {
    const { form } = await filled(['甲'], { type: 'text' });
    const preview = async (body: object) =>
      engine
        .get(ConversionsService)
        .preview(await tenant.ctx(), form.id, 'value', conversionBody.parse({ type: 'relation', ...body }));
    await expect(preview({})).rejects.toMatchObject({ code: 'invalid_definition' });
    expect((await preview({ config: { formId: companies.id }, matchBy: 'owner' })).refusal).toMatch(/没有可以用来对应/);
  });
});

it('history of words that became records is read without them', async () => {
  const { form, ids } = await filled(['甲公司'], { type: 'text' });
  await engine.get(RecordWriter).writeOne(await tenant.ctx(), {
    formId: form.id,
    op: 'update',
    row: { id: ids[0] as RecordId, values: { value: '乙公司' } },
  });
  await convert(form, { type: 'relation', config: { formId: companies.id } });
  const { items } = await engine.get(RecordReader).history(await tenant.ctx(), form.id, ids[0] as RecordId);
  const told = items.flatMap((item) => item.changes.filter((change) => change.field === 'value'));
  expect(told[0]).toMatchObject({ before: null, after: null });
});

describe('a relation', () => {
  it('of one becomes one of many and back; what has several says so', async () => {
    const { form, ids } = await filled([first, null], { type: 'relation', config: { formId: companies.id } });
    await convert(form, { type: 'relations' });
    expect(await read(form, ids)).toEqual([[first], null]);
    await engine.get(RecordWriter).writeOne(await tenant.ctx(), {
      formId: form.id,
      op: 'update',
      row: { id: ids[1] as RecordId, values: { value: [first, second] } },
    });
    const preview = await convert(form, { type: 'relation' });
    expect(preview.rows.map((row) => row.code)).toEqual(['several_values']);
    expect(await read(form, ids)).toEqual([first, null]);
  });

  it('becomes what its records are called, people and departments alike', async () => {
    const { form, ids } = await filled([[first, second]], { type: 'relations', config: { formId: companies.id } });
    await convert(form, { type: 'text' });
    expect(await read(form, ids)).toEqual(['甲 公司、乙公司']);
    const people = await filled([tenant.admin as string], { type: 'member' });
    await convert(people.form, { type: 'text' });
    const [name] = await read(people.form, people.ids);
    expect(name).toBeTruthy();
    await convert(people.form, { type: 'members' });
    expect(await read(people.form, people.ids)).toEqual([[tenant.admin]]);
  });
});
