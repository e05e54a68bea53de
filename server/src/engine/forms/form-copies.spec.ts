import { type FormView, updateFormBody } from '@lianke/shared/forms/definition';
import type { AppId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { RecomputeWorker } from '../derived/recompute.worker.js';
import { RecordReader } from '../records/record-reader.js';
import { RecordWriter } from '../records/record-writer.js';
import { FormCopies } from './form-copies.service.js';
import { FormsService } from './forms.service.js';

let engine: TestEngine;
let tenant: TestTenant;
let appId: AppId;
let source: FormView;

beforeAll(async () => {
  engine = await createTestEngine();
  tenant = await engine.tenant();
  appId = await tenant.app();
  const options = ['A', 'B'].map((id) => ({ id, label: id }));
  source = await tenant.form({
    appId,
    name: '订单',
    fields: [
      { key: 'title', name: '名称', type: 'text' },
      { key: 'stage', name: '阶段', type: 'select', config: { options } },
      { key: 'price', name: '单价', type: 'money' },
      { key: 'double', name: '两倍', type: 'formula', config: { expression: '{单价}*2' } },
      { key: 'copyOfPrice', name: '默认', type: 'money', default: { kind: 'formula', expression: '={单价}+1' } },
      {
        key: 'reason',
        name: '原因',
        type: 'text',
        rules: {
          visibleWhen: { field: 'stage', op: 'eq', value: 'B' },
          requiredWhen: { field: 'price', op: 'gt', value: 9 },
        },
      },
      {
        key: 'items',
        name: '明细',
        type: 'subform',
        config: {
          fields: [
            { key: 'count', name: '数量', type: 'number' },
            { key: 'sum', name: '小计', type: 'formula', config: { expression: '{数量}*{订单.单价}' } },
          ],
        },
      },
      { key: 'total', name: '合计', type: 'formula', config: { expression: 'SUM({明细.数量})' } },
      { key: 'secret', name: '密', type: 'text', encrypted: true },
    ],
    layout: {
      sections: [
        {
          title: '一',
          columns: 2,
          visibleWhen: { field: 'stage', op: 'notEmpty' },
          items: [{ field: 'price', span: 1 }],
        },
      ],
    },
    settings: {
      summaryFields: ['stage'],
      titleField: 'title',
      quickFields: ['price'],
      uniqueSets: [{ fields: ['title', 'stage'] }],
      checks: [{ must: { field: 'price', op: 'lt', value: 100 }, message: '太贵', field: 'price' }],
    },
  } as never);
  const children = await tenant.form({
    appId,
    name: '回款',
    fields: [
      { key: 'amount', name: '金额', type: 'money' },
      { key: 'order', name: '订单', type: 'relation', config: { formId: source.id } },
    ] as never,
  });
  const rollup = {
    key: 'paid',
    name: '已回款',
    type: 'rollup',
    config: { formId: children.id, relation: 'order', field: 'amount', fn: 'sum' },
  };
  const rest = { key: 'open', name: '未回款', type: 'formula', config: { expression: '{单价}-{已回款}' } };
  const self = { key: 'before', name: '上一单', type: 'relation', config: { formId: source.id } };
  const fields = [...source.fields.filter((field) => !field.system), rollup, rest, self];
  source = await engine.get(FormsService).update(await tenant.ctx(), source.id, updateFormBody.parse({ fields }));
});
afterAll(() => engine.close());

describe('a copied form', () => {
  it('refers to its own fields and to itself, and to nothing of the source', async () => {
    const { form, left } = await engine
      .get(FormCopies)
      .copy(await tenant.ctx(), source.id, { appId, name: '订单 副本' });
    expect(left).toEqual(['已回款', '未回款']);
    const ids = [source.id, ...source.fields.filter((field) => !field.system).map((field) => field.id)];
    const inner = (source.fields.find((field) => field.key === 'items')?.config.fields ?? []) as { id: string }[];
    const text = JSON.stringify(form);
    expect([...ids, ...inner.map((field) => field.id)].filter((id) => text.includes(id))).toEqual([]);
    expect(form.fields.filter((field) => !field.system).map((field) => field.key)).toEqual(
      source.fields.filter((field) => !field.system && !['paid', 'open'].includes(field.key)).map((field) => field.key),
    );
    expect(form.fields.find((field) => field.key === 'before')?.config.formId).toBe(form.id);
    expect(form.settings.titleField).toBe(form.fields[0]?.id);
  });

  it('goes by rules and formulas of its own', async () => {
    const { form } = await engine.get(FormCopies).copy(await tenant.ctx(), source.id, { appId, name: '订单 副本 2' });
    const write = async (values: object) =>
      engine
        .get(RecordWriter)
        .writeOne(await tenant.ctx(), { formId: form.id, op: 'create', row: { values } as never });
    const { id } = await write({
      title: '甲',
      stage: 'A',
      price: '5',
      secret: '秘密',
      items: [{ values: { count: '2' } }, { values: { count: '3' } }],
    });
    // What rows take from their record is computed once both are written.
    while (await engine.get(RecomputeWorker).work());
    const { values } = await engine.get(RecordReader).get(await tenant.ctx(), form.id, id);
    expect(values).toMatchObject({ double: '10', copyOfPrice: '6', total: '5', secret: '秘密' });
    expect((values.items as { values: object }[]).map((row) => row.values)).toMatchObject([
      { sum: '10' },
      { sum: '15' },
    ]);
    await expect(write({ title: '甲', stage: 'A', price: '5' })).rejects.toMatchObject({
      more: { fields: [{ field: 'title', code: 'set_not_unique' }] },
    });
    await expect(write({ title: '乙', stage: 'B', price: '10' })).rejects.toMatchObject({
      more: { fields: [{ field: 'reason', code: 'required' }] },
    });
    await expect(write({ price: '100' })).rejects.toMatchObject({
      more: { fields: [{ field: 'price', code: 'rule_failed' }] },
    });
  });

  it('may hold a copied subform, whose formulas read its own rows', async () => {
    const fields = source.fields.filter((field) => !field.system);
    const items = fields.find((field) => field.key === 'items');
    const { id: _, key: __, ...again } = items as (typeof fields)[number];
    const form = await engine.get(FormsService).update(
      await tenant.ctx(),
      source.id,
      updateFormBody.parse({
        fields: [...fields, { ...again, name: '明细二' }],
      }),
    );
    const key = form.fields.find((field) => field.name === '明细二')?.key as string;
    const { id } = await engine.get(RecordWriter).writeOne(await tenant.ctx(), {
      formId: form.id,
      op: 'create',
      row: { values: { title: '丙', price: '7', [key]: [{ values: { count: '2' } }] } } as never,
    });
    while (await engine.get(RecomputeWorker).work());
    const { values } = await engine.get(RecordReader).get(await tenant.ctx(), form.id, id);
    expect((values[key] as { values: object }[])[0]?.values).toMatchObject({ count: '2', sum: '14' });
  });
});
