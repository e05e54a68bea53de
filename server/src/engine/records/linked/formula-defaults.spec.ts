import { type FormView } from '@lianke/shared/forms/definition';
import type { RecordId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../../test/support/engine.js';
import type { TenantContext } from '../../context.js';
import { RecordReader } from '../record-reader.js';
import { RecordWriter } from '../record-writer.js';
import { LinkedService } from './linked.service.js';

let engine: TestEngine;
let tenant: TestTenant;
let appId: Awaited<ReturnType<TestTenant['app']>>;
beforeAll(async () => {
  engine = await createTestEngine();
  tenant = await engine.tenant('acme');
  appId = await tenant.app();
});
afterAll(() => engine.close());

const write = async (form: FormView, op: 'create' | 'update', row: object, ctx?: TenantContext) =>
  engine.get(RecordWriter).writeOne(ctx ?? (await tenant.ctx()), { formId: form.id, op, row: row as never });
const make = async (form: FormView, values: object) => (await write(form, 'create', { values })).id;
const read = async (form: FormView, id: string) =>
  (await engine.get(RecordReader).get(await tenant.ctx(), form.id, id as RecordId)).values;

describe('a default by formula', () => {
  const order = (more: object[] = []) =>
    tenant.form({
      appId,
      name: `订单${Math.random()}`,
      fields: [
        { key: 'total', name: '合计', type: 'money', default: { kind: 'formula', expression: '={小计}*1.1' } },
        { key: 'subtotal', name: '小计', type: 'money', default: { kind: 'formula', expression: '=单价*数量' } },
        { key: 'price', name: '单价', type: 'money' },
        { key: 'count', name: '数量', type: 'number' },
        { key: 'title', name: '名称', type: 'text', default: { kind: 'formula', expression: '="第"&数量&"号"' } },
        { key: 'due', name: '到期', type: 'date', default: { kind: 'formula', expression: '=DATE(2026,3,4)+7' } },
        ...more,
      ] as never,
    });

  it('fills what was left out at save and while one types, whatever the order of the fields; what was typed stands', async () => {
    const form = await order();
    const made = await read(form, await make(form, { price: '10', count: '3' }));
    expect(made).toMatchObject({ subtotal: '30', total: '33', title: '第3号', due: '2026-03-11' });
    const typed = await engine
      .get(LinkedService)
      .take(await tenant.ctx(), form.id, { price: '10', count: '4' }, ['count']);
    expect(typed).toMatchObject({ subtotal: '40', total: '44', title: '第4号' });
    // What follows from no field is there as soon as a record begins, and not asked for again later.
    const begun = await engine.get(LinkedService).takeAll(await tenant.ctx(), form.id, [
      { values: {}, changed: [], fresh: true },
      { values: { price: '10', count: '4' }, changed: ['count'] },
    ]);
    expect(begun[0]).toEqual({ due: '2026-03-11' });
    expect(begun[1]).not.toHaveProperty('due');
    const id = await make(form, { price: '10', count: '3', subtotal: '5', title: '手填' });
    expect(await read(form, id)).toMatchObject({ subtotal: '5', total: '5.5', title: '手填' });
    await write(form, 'update', { id, values: { count: '4' } });
    expect(await read(form, id)).toMatchObject({ subtotal: '40', total: '44' });
  });

  it('tells nobody what he may not see', async () => {
    const form = await order();
    const price = form.fields.find((field) => field.key === 'price')?.id as string;
    const clerk = await tenant.memberWith('录单', {
      [form.id]: { actions: ['view', 'create', 'edit'], scope: 'all', fields: { [price]: 'hidden' } },
    });
    const id = await make(form, { price: '10', count: '3' });
    await write(form, 'update', { id, values: { count: '4' } }, await tenant.ctx(clerk));
    expect(await read(form, id)).toMatchObject({ count: '4', subtotal: '30' });
    const typed = await engine.get(LinkedService).take(await tenant.ctx(clerk), form.id, { count: '9' }, ['count']);
    expect(typed.subtotal ?? null).toBeNull();
  });

  it.each<[string, object, string]>([
    ['of another kind', { name: '天', type: 'date', default: { kind: 'formula', expression: '=数量' } }, '不能填到'],
    ['over itself', { name: '自己', type: 'number', default: { kind: 'formula', expression: '=自己+1' } }, '它自己'],
    [
      'that does not read',
      { name: '错', type: 'number', default: { kind: 'formula', expression: '=数量+' } },
      '默认值公式',
    ],
    ['for files', { name: '图', type: 'image', default: { kind: 'formula', expression: '=数量' } }, '不能由公式'],
  ])('%s is refused when published', async (_, field, detail) => {
    await expect(order([field])).rejects.toMatchObject({
      code: 'invalid_definition',
      params: { detail: expect.stringContaining(detail) },
    });
  });
});
