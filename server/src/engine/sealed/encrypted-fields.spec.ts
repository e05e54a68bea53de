import { conversionBody } from '@lianke/shared/forms/conversion';
import { type FormView, updateFormBody } from '@lianke/shared/forms/definition';
import type { RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { DuplicateRulesService } from '../duplicates/duplicate-rules.service.js';
import { DuplicatesModule } from '../duplicates/duplicates.module.js';
import { ConversionWorker } from '../forms/conversion/conversion.worker.js';
import { ConversionsService } from '../forms/conversion/conversions.service.js';
import { forgetConversions } from '../forms/conversion/forget-conversions.js';
import { FormRegistry } from '../forms/form-registry.js';
import { FormsService } from '../forms/forms.service.js';
import { RecordLookup } from '../records/record-lookup.js';
import { RecordReader } from '../records/record-reader.js';
import { RecordWriter } from '../records/record-writer.js';
import { UndoService } from '../records/undo.service.js';
import { FieldVault } from './field-vault.js';

let engine: TestEngine;
let tenant: TestTenant;
let form: FormView;

const idNumber = '11010519491231002X';

beforeAll(async () => {
  engine = await createTestEngine(undefined, [DuplicatesModule]);
  tenant = await engine.tenant('acme');
  engine.get(ConversionWorker).graceSeconds = 0;
  form = await people('员工', { encrypted: true, rules: { unique: true } });
});
afterAll(() => engine.close());

async function people(name: string, secret: object): Promise<FormView> {
  return tenant.form({
    appId: await tenant.app(`应用${Math.random()}`),
    name,
    fields: [
      { key: 'name', name: '姓名', type: 'text' },
      { key: 'card', name: '身份证号', type: 'idNumber', ...secret },
      { key: 'pay', name: '月薪', type: 'money', encrypted: true },
      { key: 'phones', name: '电话', type: 'phone', encrypted: true },
      {
        key: 'family',
        name: '家属',
        type: 'subform',
        config: {
          fields: [
            { key: 'who', name: '称呼', type: 'text' },
            { key: 'card', name: '身份证号', type: 'idNumber', encrypted: true },
          ],
        },
      },
    ] as never,
  });
}

const write = async (op: 'create' | 'update', row: object, to = form) =>
  engine.get(RecordWriter).writeOne(await tenant.ctx(), { formId: to.id, op, row: row as never });
const read = async (id: string, of = form) =>
  (await engine.get(RecordReader).get(await tenant.ctx(), of.id, id as RecordId)).values;
const sql = <Row extends object>(text: string, values: Json[] = []) =>
  engine.kernel.database.withTenant({ tenantId: tenant.id }, (tx) => tx.sql<Row>(text, values as never));

/** Everything the database holds of a form, as text. */
async function dump(of: FormView): Promise<string> {
  const meta = await engine.get(FormRegistry).form(await tenant.ctx(), of.id);
  const tables = [meta.table, ...meta.parts.map((part) => part.table), `${meta.table.split('.')[0]}.record_change`];
  const rows = await Promise.all(tables.map((table) => sql<{ row: string }>(`SELECT t::text AS row FROM ${table} t`)));
  const events = await sql<{ row: string }>('SELECT e::text AS row FROM lianke.event e WHERE form_id = $1', [of.id]);
  return [...rows.flat(), ...events].map(({ row }) => row).join('\n');
}

const work = async () => {
  while (await engine.get(ConversionWorker).work());
};

describe('an encrypted field', () => {
  it('is read as it was written, and nowhere stored in the clear', async () => {
    await sql('UPDATE lianke.form SET watched = true WHERE id = $1', [form.id]);
    await sql('UPDATE lianke.tenant SET schema_version = schema_version + 1');
    const family = [{ values: { who: '父亲', card: '440524188001010014' } }];
    const { id } = await write('create', {
      values: { name: '王芳', card: idNumber, pay: '12345.60', phones: ['13800138000'], family },
    });
    expect(await read(id)).toMatchObject({ card: idNumber, pay: '12345.6', phones: ['13800138000'] });
    const [father] = (await read(id)).family as { id: string; values: Json }[];
    expect(father?.values).toMatchObject({ card: '440524188001010014' });
    await write('update', { id, values: { pay: '23456.7', family: [{ id: father?.id, values: { card: null } }] } });
    const stored = await dump(form);
    for (const secret of [idNumber, '12345.6', '23456.7', '13800138000', '440524188001010014'])
      expect([secret, stored.includes(secret)]).toEqual([secret, false]);
    expect(stored).toContain('王芳');
  });

  it('keeps history, and is taken back with its batch', async () => {
    const { id } = await write('create', { values: { name: '李雷', pay: '1' } });
    const { batchId } = await engine.get(RecordWriter).write(await tenant.ctx(), {
      formId: form.id,
      op: 'update',
      rows: [{ id: id as RecordId, values: { pay: '2' } }],
    });
    const { items } = await engine.get(RecordReader).history(await tenant.ctx(), form.id, id as RecordId);
    expect(items[0]?.changes).toMatchObject([{ field: 'pay', before: '1', after: '2' }]);
    await engine.get(UndoService).undo(await tenant.ctx(), batchId);
    expect((await read(id)).pay).toBe('1');
  });

  it('is found by exactly its value, counted, and asked nothing else', async () => {
    const reader = engine.get(RecordReader);
    const ctx = await tenant.ctx();
    const query = (more: object) => reader.query(ctx, form.id, { fields: ['name'], limit: 10, total: true, ...more });
    const one = await query({ filter: { field: 'card', op: 'eq', value: '11010519491231002x' } });
    expect(one.items.map((item) => item.values.name)).toEqual(['王芳']);
    expect((await query({ filter: { field: 'pay', op: 'eq', value: '23456.70' } })).total).toBe(1);
    expect((await query({ filter: { field: 'phones', op: 'hasAny', value: ['13800138000'] } })).total).toBe(1);
    expect((await query({ filter: { field: 'card', op: 'ne', value: idNumber } })).total).toBe(1);
    expect((await query({ search: '13800138000' })).total).toBe(0);
    for (const more of [
      { filter: { field: 'pay', op: 'gt', value: '1' } },
      { filter: { field: 'card', op: 'contains', value: '1101' } },
      { sort: [{ field: 'pay', dir: 'asc' }] },
    ])
      await expect(query(more)).rejects.toMatchObject({ code: 'operator_not_allowed' });
    const aggregate = (groupBy: object[], metric: object) =>
      reader.aggregate(ctx, form.id, { groupBy, metrics: [metric], sort: [], limit: 10 } as never);
    expect((await aggregate([], { fn: 'countDistinct', field: 'pay', as: 'n' }))[0]?.metrics.n).toBe(2);
    await expect(aggregate([], { fn: 'sum', field: 'pay', as: 'n' })).rejects.toMatchObject({
      code: 'operator_not_allowed',
    });
    await expect(aggregate([{ field: 'card' }], { fn: 'count', as: 'n' })).rejects.toMatchObject({
      code: 'operator_not_allowed',
    });
  });

  it('stays unique, and is matched by upserts and imports', async () => {
    await expect(write('create', { values: { name: '重复', card: idNumber } })).rejects.toMatchObject({
      more: { fields: [{ field: 'card', code: 'not_unique' }] },
    });
    const { results } = await engine.get(RecordWriter).write(await tenant.ctx(), {
      formId: form.id,
      op: 'upsert',
      matchOn: ['card'],
      rows: [{ values: { card: idNumber, pay: '3' } }],
    });
    expect(results[0]).toMatchObject({ status: 'updated' });
    const found = await engine.get(RecordLookup).find(await tenant.ctx(), {
      formId: form.id,
      fields: ['card'],
      first: [idNumber],
    });
    expect(found).toMatchObject([{ title: '王芳', keys: [idNumber] }]);
  });

  it('is masked and hidden like any other', async () => {
    const clerk = await tenant.memberWith('文员', {
      [form.id]: { actions: ['view'], scope: 'all', fields: { card: 'masked', pay: 'hidden' } },
    } as never);
    const { items } = await engine.get(RecordReader).query(await tenant.ctx(clerk), form.id, {
      filter: { field: 'name', op: 'eq', value: '王芳' },
      limit: 1,
      total: false,
    });
    expect(String(items[0]?.values.card)).toContain('****');
    expect(items[0]?.values).not.toHaveProperty('pay');
  });

  it.each<[string, object]>([
    ['a formula', { key: 'year', name: '年薪', type: 'formula', config: { expression: '{月薪} * 12' } }],
    [
      'a default by formula',
      { key: 'copy', name: '抄', type: 'text', default: { kind: 'formula', expression: '={身份证号}' } },
    ],
    ['a type that cannot', { key: 'file', name: '文件', type: 'attachment', encrypted: true }],
  ])('is refused for %s', async (_, field) => {
    const fields = [...form.fields.filter((item) => !item.system), field];
    await expect(
      engine.get(FormsService).update(await tenant.ctx(), form.id, updateFormBody.parse({ fields })),
    ).rejects.toMatchObject({ code: 'invalid_definition' });
  });

  it('is no title and no rule about repeated records', async () => {
    const fields = [
      { key: 'card', name: '编号', type: 'text', encrypted: true },
      { key: 'name', name: '姓名', type: 'text' },
    ];
    const appId = await tenant.app('标题');
    const made = await tenant.form({ appId, name: '标题', fields } as never);
    expect(made.settings.titleField).toBe(made.fields[1]?.id);
    await expect(
      tenant.form({ appId, name: '标题二', fields, settings: { summaryFields: [], titleField: 'card' } } as never),
    ).rejects.toMatchObject({ code: 'invalid_definition' });
    await expect(
      engine
        .get(DuplicateRulesService)
        .save(await tenant.ctx(), form.id, [
          { id: 'r1', fields: [{ field: 'card', as: 'exact' }], action: 'warn' } as never,
        ]),
    ).rejects.toMatchObject({ code: 'invalid_definition' });
  });
});

describe('encryption of a field that holds values', () => {
  it('is turned on and off by conversions, and leaves nothing in the clear behind', async () => {
    const plain = await people('外包', {});
    const { id } = await write('create', { values: { name: '韩梅', card: idNumber } }, plain);
    await write('update', { id, values: { card: '440524188001010014' } }, plain);
    const fields = plain.fields
      .filter((item) => !item.system)
      .map((item) => (item.key === 'card' ? { ...item, encrypted: true } : item));
    await expect(
      engine.get(FormsService).update(await tenant.ctx(), plain.id, updateFormBody.parse({ fields })),
    ).rejects.toMatchObject({ code: 'invalid_definition' });
    const recode = async (encrypted: boolean) => {
      const ctx = await tenant.ctx();
      const body = conversionBody.parse({ type: 'idNumber', encrypted });
      const preview = await engine.get(ConversionsService).preview(ctx, plain.id, 'card', body);
      expect(preview).toMatchObject({ total: 1, failing: 0, refusal: null });
      const { version } = await engine.get(FormsService).view(ctx, plain.id);
      await engine.get(ConversionsService).start(ctx, plain.id, 'card', { ...body, version });
      await work();
      const [last] = await engine.get(ConversionsService).list(await tenant.ctx(), plain.id);
      expect(last).toMatchObject({ state: 'done', encrypted, undoable: !encrypted });
    };
    await recode(true);
    const stored = await dump(plain);
    expect([idNumber, '440524188001010014'].filter((secret) => stored.includes(secret))).toEqual([]);
    expect((await read(id, plain)).card).toBe('440524188001010014');
    const changes = async () => {
      const { items } = await engine.get(RecordReader).history(await tenant.ctx(), plain.id, id as RecordId);
      return items.flatMap((item) => item.changes.map(({ before, after }) => [before, after]));
    };
    expect(await changes()).toEqual([[idNumber, '440524188001010014']]);
    await recode(false);
    expect((await read(id, plain)).card).toBe('440524188001010014');
    expect(await changes()).toEqual([[idNumber, '440524188001010014']]);
  });
});

describe('encryption of a field of a subform’s rows that hold values', () => {
  it('is turned on and off too, beside other encrypted fields, and leaves nothing in the clear behind', async () => {
    const plain = await tenant.form({
      appId: await tenant.app('家属应用'),
      name: '登记',
      fields: [
        { key: 'name', name: '姓名', type: 'text' },
        { key: 'pay', name: '月薪', type: 'money', encrypted: true },
        {
          key: 'family',
          name: '家属',
          type: 'subform',
          config: {
            fields: [
              { key: 'who', name: '称呼', type: 'text' },
              { key: 'name', name: '身份证号', type: 'idNumber', rules: { unique: true } },
              { key: 'phones', name: '电话', type: 'phone' },
            ],
          },
        },
      ],
    } as never);
    await sql('UPDATE lianke.form SET watched = true WHERE id = $1', [plain.id]);
    await sql('UPDATE lianke.tenant SET schema_version = schema_version + 1');
    const rows = (await engine.get(FormsService).view(await tenant.ctx(), plain.id)).fields.find(
      ({ key }) => key === 'family',
    )?.config.fields as { id: string; key: string }[];
    const idOf = (key: string) => rows.find((field) => field.key === key)?.id ?? '';
    const first = { who: '父亲', name: idNumber, phones: ['13800138000'] };
    const { id } = await write(
      'create',
      { values: { name: '王芳', pay: '7654.3', family: [{ values: first }] } },
      plain,
    );
    const [father] = (await read(id, plain)).family as { id: string; values: Json }[];
    const next = [{ id: father?.id, values: { name: '440524188001010014', phones: ['13900139000'] } }];
    await write('update', { id, values: { pay: '8765.4', family: next } }, plain);
    await sql(`UPDATE lianke.event SET state = 'done' WHERE form_id = $1`, [plain.id]);
    const recode = async (key: string, encrypted: boolean) => {
      const ctx = await tenant.ctx();
      const body = conversionBody.parse({ type: key === 'name' ? 'idNumber' : 'phone', encrypted });
      const preview = await engine.get(ConversionsService).preview(ctx, plain.id, idOf(key), body);
      expect(preview).toMatchObject({ total: 1, failing: 0, refusal: null });
      const { version } = await engine.get(FormsService).view(ctx, plain.id);
      await engine.get(ConversionsService).start(ctx, plain.id, idOf(key), { ...body, version });
      await work();
      const [last] = await engine.get(ConversionsService).list(await tenant.ctx(), plain.id);
      expect(last).toMatchObject({ state: 'done', encrypted, undoable: !encrypted, error: null });
    };
    const secrets = [idNumber, '440524188001010014', '13800138000', '13900139000', '7654.3', '8765.4'];
    const clear = async () => {
      const stored = await dump(plain);
      return secrets.filter((secret) => stored.includes(secret));
    };
    const values = async () => ((await read(id, plain)).family as { values: Record<string, Json> }[])[0]?.values;
    const changes = async () => {
      const { items } = await engine.get(RecordReader).history(await tenant.ctx(), plain.id, id as RecordId);
      return JSON.stringify(items.map((item) => item.changes));
    };
    const before = await changes();
    await recode('name', true);
    await recode('phones', true);
    expect(await clear()).toEqual([]);
    expect(await values()).toMatchObject({ who: '父亲', name: '440524188001010014', phones: ['13900139000'] });
    expect(await changes()).toBe(before);
    const held = (await read(id, plain)).family as { id: string }[];
    await write(
      'update',
      { id, values: { family: [{ id: held[0]?.id, values: { phones: ['13700137000'] } }] } },
      plain,
    );
    expect(await values()).toMatchObject({ phones: ['13700137000'], name: '440524188001010014' });
    await recode('name', false);
    expect(await values()).toMatchObject({ name: '440524188001010014', phones: ['13700137000'] });
    // What is kept for the way back goes after its time, and nothing else with it.
    const meta = await engine.get(FormRegistry).form(await tenant.ctx(), plain.id);
    await forgetConversions(engine.kernel.database, meta, new Date(Date.now() + 1000));
    expect(await values()).toMatchObject({ name: '440524188001010014', phones: ['13700137000'] });
  });
});

describe('the vault', () => {
  const box = { keyId: 'k1', derive: (purpose: string) => Buffer.alloc(32, purpose.length) };
  const cipher = (tenantId: string, field: string) => new FieldVault(box).cipher(tenantId, field);

  it('stores equal values of a field alike, of others not, and opens no changed one', () => {
    const mine = cipher('t', 'f_1');
    const sealed = mine.sealText('同一个');
    expect(mine.sealText('同一个')).toBe(sealed);
    expect(cipher('t', 'f_2').sealText('同一个')).not.toBe(sealed);
    expect(mine.openText(sealed)).toBe('同一个');
    expect(() => cipher('t', 'f_2').openText(sealed)).toThrow('changed');
    expect(() => mine.openText(`${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`)).toThrow('changed');
    expect(() => mine.openText(sealed.replace('k1', 'k2'))).toThrow('another key');
  });
});
