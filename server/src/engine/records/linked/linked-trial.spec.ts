import type { FormView } from '@lianke/shared/forms/definition';
import type { TryLinkedBody } from '@lianke/shared/forms/versions';
import type { FieldId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../../test/support/engine.js';
import { bumpAccess } from '../../versions.js';
import { RecordReader } from '../record-reader.js';
import { RecordWriter } from '../record-writer.js';
import { LinkedService } from './linked.service.js';

let engine: TestEngine;
let tenant: TestTenant;
let customers: FormView;
let orders: FormView;
let [hangzhou, secret] = ['', ''];

beforeAll(async () => {
  engine = await createTestEngine();
  tenant = await engine.tenant('acme');
  customers = await tenant.form({
    appId: await tenant.app('客户应用'),
    name: '客户',
    fields: [
      { key: 'name', name: '名称', type: 'text' },
      { key: 'city', name: '城市', type: 'text' },
    ],
  });
  orders = await tenant.form({
    appId: await tenant.app(),
    name: '订单',
    fields: [
      { key: 'customer', name: '客户', type: 'relation', config: { formId: customers.id } },
      { key: 'price', name: '单价', type: 'money' },
    ],
  });
  const make = async (values: object) =>
    (
      await engine.get(RecordWriter).writeOne(await tenant.ctx(), {
        formId: customers.id,
        op: 'create',
        row: { values } as never,
      })
    ).id;
  [hangzhou, secret] = [await make({ name: '甲', city: '杭州' }), await make({ name: '乙', city: '秘密' })];
});
afterAll(() => engine.close());

const idOf = (key: string) => orders.fields.find((field) => field.key === key)?.id as FieldId;
const linked = (own: string, more: object = {}) => ({
  kind: 'linked',
  formId: customers.id,
  match: [{ field: 'id', own }],
  take: 'city',
  ...more,
});

/** The orders' own fields, and new ones that nobody has published. */
function draft(...more: TryLinkedBody['fields']): TryLinkedBody['fields'] {
  const own = orders.fields
    .filter((field) => !field.system)
    .map(({ id, key, name, type, config }) => ({ ref: id as string, id, key, name, type, config }));
  return [...own, ...more];
}

const field = (ref: string, name: string, type: string, preset?: object, config = {}) =>
  ({ ref, name, type, config, ...(preset && { default: preset }) }) as TryLinkedBody['fields'][number];

async function tried(
  fields: TryLinkedBody['fields'],
  values: object,
  changed: string[],
  rowsOf?: string,
  above?: object,
) {
  const asked = [{ values: values as never, changed }];
  const body = { fields, ...(rowsOf && { rowsOf }) };
  const [answer] = await engine.get(LinkedService).tryAll(await tenant.ctx(), orders.id, body, asked, above as never);
  return answer;
}

describe('a draft’s linked fields', () => {
  it('take what a record would be given, though nothing of them is published, and nothing is written', async () => {
    const customer = idOf('customer');
    const fields = draft(
      field('new-city', '城市', 'text', linked(customer)),
      field('new-count', '数量', 'number'),
      field('new-total', '合计', 'money', { kind: 'formula', expression: '={单价}*{数量}' }),
      field('new-text', '说明', 'text', { kind: 'formula', expression: '={城市}&"，共"&{合计}' }),
    );
    expect(await tried(fields, { [customer]: hangzhou }, [customer])).toMatchObject({ 'new-city': '杭州' });
    const values = { [customer]: hangzhou, [idOf('price')]: '2.5', 'new-count': '4', 'new-city': '杭州' };
    expect(await tried(fields, values, ['new-count'])).toEqual({ 'new-total': '10', 'new-text': '杭州，共10' });
    const { items } = await engine.get(RecordReader).query(await tenant.ctx(), orders.id, { limit: 1, total: false });
    expect(items).toEqual([]);
  });

  it('of a subform’s rows follow from their own and from the record above', async () => {
    const customer = idOf('customer');
    const rows = [
      field('row-count', '数量', 'number'),
      field('row-price', '单价', 'money'),
      field('row-sum', '小计', 'money', { kind: 'formula', expression: '={单价}*{数量}' }),
      field('row-city', '发往', 'text', linked(`parent.${customer}`)),
    ];
    const fields = draft({ ...field('new-items', '明细', 'subform'), rows });
    const row = { 'row-count': '3', 'row-price': '1.5' };
    const changed = ['row-count', `parent.${customer}`];
    expect(await tried(fields, row, changed, 'new-items', { [customer]: hangzhou })).toEqual({
      'row-sum': '4.5',
      'row-city': '杭州',
    });
    expect(await tried(fields, row, changed, 'nothing')).toEqual({});
  });

  it.each<[string, () => object]>([
    ['a linkage without a form', () => linked('x', { formId: '' })],
    ['a linkage from an unknown field', () => linked('nobody')],
    ['a linkage of what cannot be compared', () => linked('x', { match: [{ field: 'city', own: 'new-count' }] })],
    ['a formula that does not read', () => ({ kind: 'formula', expression: '={单价}*' })],
    ['a formula of another kind', () => ({ kind: 'formula', expression: '=TODAY()' })],
  ])('stay empty where they are not finished: %s; the others go on', async (_, preset) => {
    const price = idOf('price');
    const fields = draft(
      field('new-broken', '没写完', 'number', preset()),
      field('new-relation', '没选表单', 'relation'),
      field('new-count', '数量', 'number'),
      field('new-twice', '两倍', 'money', { kind: 'formula', expression: '={单价}*2' }),
    );
    expect(await tried(fields, { [price]: '3' }, [price, 'new-count'])).toEqual({ 'new-twice': '6' });
  });

  it('tell a designer only what he may read of other forms, and nobody else anything', async () => {
    const customer = idOf('customer');
    const rights = { [customers.id]: { actions: ['view'], scope: 'all', fields: { city: 'hidden' } } } as never;
    const [designer, stranger] = [await tenant.memberWith('设计', rights), await tenant.memberWith('外人', rights)];
    await engine.kernel.database.withTenant({ tenantId: tenant.id }, async (tx) => {
      const access = JSON.stringify({ visibleTo: null, admins: [{ kind: 'member', id: designer }] });
      await tx.run('UPDATE lianke.app SET access = $2 WHERE id = $1', [orders.appId, access]);
      await bumpAccess(tx, tenant.id);
    });
    const fields = draft(
      field('new-city', '城市', 'text', linked(customer)),
      field('new-name', '名称', 'text', linked(customer, { take: 'name' })),
    );
    const asked = [{ values: { [customer]: secret }, changed: [customer] }];
    const ask = async (who: typeof designer) =>
      engine.get(LinkedService).tryAll(await tenant.ctx(who), orders.id, { fields }, asked);
    expect(await ask(designer)).toEqual([{ 'new-city': null, 'new-name': '乙' }]);
    await expect(ask(stranger)).rejects.toMatchObject({ code: 'forbidden' });
  });
});
