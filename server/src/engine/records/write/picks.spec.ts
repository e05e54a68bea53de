import type { FormView } from '@lianke/shared/forms/definition';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../../test/support/engine.js';
import type { TenantContext } from '../../context.js';
import { FormsService } from '../../forms/forms.service.js';
import { RecordWriter } from '../record-writer.js';

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
const make = async (form: FormView, values: object) => String((await write(form, 'create', { values })).id);

describe('a picker with a fixed condition', () => {
  const inUse = { field: 'state', op: 'eq', value: '在售' };
  const unfit = (field: string) => ({ more: { fields: [{ field, code: 'record_not_offered' }] } });
  let goods: FormView;
  let sale: string;
  let gone: string;

  beforeAll(async () => {
    goods = await tenant.form({
      appId,
      name: '货品',
      fields: [
        { key: 'name', name: '名称', type: 'text' },
        { key: 'state', name: '状态', type: 'text' },
      ],
    });
    sale = await make(goods, { name: '甲', state: '在售' });
    gone = await make(goods, { name: '乙', state: '停产' });
  });

  const ordering = (key: string, field: object) =>
    tenant.form({
      appId,
      name: `下单${key}`,
      fields: [{ key: 'note', name: '备注', type: 'text' }, { key: 'item', name: '货', ...field } as never],
    });

  it('refuses what it does not offer, one and many, and forgives what was chosen before', async () => {
    const one = await ordering('一', { type: 'relation', config: { formId: goods.id }, rules: { pickWhen: inUse } });
    await expect(make(one, { item: gone })).rejects.toMatchObject(unfit('item'));
    const id = await make(one, { item: sale });
    await write(goods, 'update', { id: sale, values: { state: '停产' } });
    await write(one, 'update', { id, values: { item: sale, note: '改' } });
    await expect(make(one, { item: sale })).rejects.toMatchObject(unfit('item'));
    await write(goods, 'update', { id: sale, values: { state: '在售' } });
    const many = await ordering('多', { type: 'relations', config: { formId: goods.id }, rules: { pickWhen: inUse } });
    await expect(make(many, { item: [sale, gone] })).rejects.toMatchObject(unfit('item'));
    await make(many, { item: [sale] });
  });

  it('holds in the rows of a subform', async () => {
    const config = {
      fields: [{ key: 'good', name: '货', type: 'relation', config: { formId: goods.id }, rules: { pickWhen: inUse } }],
    };
    const form = await ordering('行', { type: 'subform', config });
    await expect(make(form, { item: [{ values: { good: sale } }, { values: { good: gone } }] })).rejects.toMatchObject(
      unfit('item[1].good'),
    );
    await make(form, { item: [{ values: { good: sale } }] });
  });

  it('is told to nobody who may not see its fields, and is still asked of him', async () => {
    const form = await ordering('藏', { type: 'relation', config: { formId: goods.id }, rules: { pickWhen: inUse } });
    const state = goods.fields.find((field) => field.key === 'state')?.id ?? '';
    const clerk = await tenant.memberWith('不看状态', {
      [goods.id]: { actions: ['view'], scope: 'all', fields: { [state]: 'hidden' } },
      [form.id]: { actions: ['view', 'create'], scope: 'all' },
    });
    const ruleFor = async (ctx: TenantContext) =>
      (await engine.get(FormsService).view(ctx, form.id)).fields.find((field) => field.key === 'item')?.rules;
    expect(await ruleFor(await tenant.ctx(clerk))).toEqual({});
    expect(await ruleFor(await tenant.ctx())).toEqual({ pickWhen: { ...inUse, field: state } });
    await expect(write(form, 'create', { values: { item: gone } }, await tenant.ctx(clerk))).rejects.toMatchObject(
      unfit('item'),
    );
  });

  it.each<[string, object, string]>([
    ['on a field that is not there', { field: 'nothing', op: 'empty' }, '不存在'],
    ['with an operator the type does not know', { field: 'state', op: 'gt', value: 1 }, '条件有误'],
    ['that differs from one to another', { field: 'owner', op: 'eq', value: { me: true } }, '不能用“我”'],
  ])('%s is refused when published', async (_, pickWhen, detail) => {
    await expect(
      ordering('错', { type: 'relation', config: { formId: goods.id }, rules: { pickWhen } }),
    ).rejects.toMatchObject({ code: 'invalid_definition', params: { detail: expect.stringContaining(detail) } });
  });
});
