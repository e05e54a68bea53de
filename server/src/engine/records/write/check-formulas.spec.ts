import type { FormView } from '@lianke/shared/forms/definition';
import type { AppId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../../test/support/engine.js';
import { FormCopies } from '../../forms/form-copies.service.js';
import { FormsService } from '../../forms/forms.service.js';
import { FieldUses } from '../../forms/uses/field-uses.service.js';
import { RecordWriter } from '../record-writer.js';

let engine: TestEngine;
let tenant: TestTenant;
let appId: AppId;
let form: FormView;

const fields = (): { key: string; name: string; type: string; config?: Record<string, Json> }[] => [
  { key: 'start', name: '开始', type: 'date' },
  { key: 'end', name: '结束', type: 'date' },
  { key: 'total', name: '合同额', type: 'money' },
  {
    key: 'paid',
    name: '回款',
    type: 'subform',
    config: {
      fields: [
        { key: 'amount', name: '金额', type: 'money', config: {}, rules: {} },
        { key: 'note', name: '备注', type: 'text', config: {}, rules: {} },
      ],
    },
  },
  { key: 'keeper', name: '负责', type: 'member' },
  { key: 'rate', name: '折扣', type: 'number', config: { decimals: 2 } },
  { key: 'due', name: '应收', type: 'formula', config: { expression: '{合同额} * {折扣}' } },
];
const checks = [
  { formula: '{结束} >= {开始}', message: '结束不能早于开始' },
  { formula: 'SUM({回款.金额}) <= {合同额}', message: '回款超过合同额', field: 'total' },
  { formula: '{应收} <= 1000', message: '应收太多' },
  { formula: 'OR(ISBLANK({折扣}), ISNOTBLANK({合同额}))', message: '有折扣要有合同额', field: 'rate' },
  { formula: '{负责} <> "停职"', message: '不能由他负责' },
];
const settings = (more: object[] = []) => ({ summaryFields: [], checks: [...checks, ...more] as never });

beforeAll(async () => {
  engine = await createTestEngine();
  tenant = await engine.tenant('checks');
  appId = await tenant.app();
  form = await tenant.form({ appId, name: '合同', fields: fields() as never, settings: settings() });
});
afterAll(() => engine.close());

async function write(values: Record<string, Json>, id?: string, of = form) {
  const { results } = await engine.get(RecordWriter).write(await tenant.ctx(), {
    formId: of.id,
    op: id ? 'update' : 'create',
    rows: [{ values, ...(id ? { id: id as never } : {}) }],
  });
  const [result] = results;
  return {
    id: String(result?.id),
    told: (result?.error?.fields ?? []).map((item) => `${item.field}: ${String(item.params?.message ?? item.code)}`),
  };
}
const refusal = (made: Promise<unknown>) =>
  made.then(
    () => 'published',
    (error: { params?: { detail?: string } }) => error.params?.detail ?? String(error),
  );

describe('checks by formula', () => {
  it('compare two fields, and say so at the first of them', async () => {
    expect((await write({ start: '2026-03-05', end: '2026-03-01' })).told).toEqual(['end: 结束不能早于开始']);
    expect((await write({ start: '2026-03-05', end: '2026-03-05' })).told).toEqual([]);
  });

  it('compare nothing with a blank, unless the formula asks about blanks itself', async () => {
    expect((await write({ end: '2026-03-01' })).told).toEqual([]);
    expect((await write({ rate: 1 })).told).toEqual(['rate: 有折扣要有合同额']);
  });

  it('add up rows, read formulas, and know people by their names', async () => {
    const rows = (...amounts: number[]) => amounts.map((amount) => ({ values: { amount } }));
    expect((await write({ total: 100, paid: rows(60, 50) })).told).toEqual(['total: 回款超过合同额']);
    const { id, told } = await write({ total: 100, paid: rows(60, 40) });
    expect(told).toEqual([]);
    expect((await write({ total: 90 }, id)).told).toEqual(['total: 回款超过合同额']);
    expect((await write({ total: 100, rate: 20 })).told).toEqual(['total: 应收太多']);
    const idle = await tenant.memberWith('停职', {});
    expect((await write({ keeper: idle })).told).toEqual(['keeper: 不能由他负责']);
  });

  it('forgive an older record what this write is not about', async () => {
    const loose = await tenant.form({ appId, name: '旧合同', fields: fields() as never });
    const { id } = await write({ start: '2026-03-05', end: '2026-03-01', rate: 1 }, undefined, loose);
    await engine.get(FormsService).update(await tenant.ctx(), loose.id, { settings: settings() });
    expect((await write({ keeper: null, rate: 2 }, id, loose)).told).toEqual(['rate: 有折扣要有合同额']);
    expect((await write({ keeper: tenant.admin }, id, loose)).told).toEqual([]);
  });

  it.each([
    ['{结束} >= {没有}', '没有'],
    ['{合同额} * 2', '“是”或“否”'],
    ['{结束} >= ', '第'],
    ['1 = 1', '没有用到任何字段'],
    ['{结束} > {合同额}', '第 1 个字符'],
  ])('are refused with the reason: %s', async (formula, reason) => {
    const made = tenant.form({
      appId,
      name: `坏 ${formula}`.slice(0, 40),
      fields: fields() as never,
      settings: settings([{ formula, message: '坏的' }]),
    });
    expect(await refusal(made)).toMatch(new RegExp(`^校验“坏的”的公式：.*${reason}`));
  });

  it('read no other form: its values come by a lookup', async () => {
    const made = tenant.form({
      appId,
      name: '看别的表单',
      fields: [
        { key: 'contract', name: '合同', type: 'relation', config: { formId: form.id } },
        { key: 'sum', name: '金额', type: 'money' },
      ],
      settings: { summaryFields: [], checks: [{ formula: '{金额} <= {合同.合同额}', message: '超了' }] },
    });
    expect(await refusal(made)).toContain('“合同.合同额”在另一张表单里');
  });

  it('follow their fields through a rename, and keep them from being removed', async () => {
    const own = form.fields.filter((field) => !field.system);
    const renamed = own.map((field) => (field.key === 'end' ? { ...field, name: '结束日' } : field));
    const service = engine.get(FormsService);
    form = await service.update(await tenant.ctx(), form.id, { fields: renamed as never });
    expect((await write({ start: '2026-03-05', end: '2026-03-01' })).told).toEqual(['end: 结束不能早于开始']);
    for (const key of ['end', 'paid']) {
      const without = form.fields.filter((field) => !field.system && field.key !== key);
      const gone = service.update(await tenant.ctx(), form.id, { fields: without as never });
      expect(await refusal(gone)).toContain('用在校验');
    }
    for (const [key, name] of [
      ['end', '结束不能早于开始'],
      ['paid', '回款超过合同额'],
    ]) {
      const id = form.fields.find((field) => field.key === key)?.id ?? '';
      const uses = await engine.get(FieldUses).of(await tenant.ctx(), form.id, [id]);
      expect(uses).toContainEqual(expect.objectContaining({ kind: 'check', name }));
    }
  });

  it('go along with a copy of the form', async () => {
    const { form: copy } = await engine
      .get(FormCopies)
      .copy(await tenant.ctx(), form.id, { appId, name: '合同副本' } as never);
    expect((await write({ start: '2026-03-05', end: '2026-03-01' }, undefined, copy)).told).toEqual([
      'end: 结束不能早于开始',
    ]);
    expect(JSON.stringify(copy.settings.checks)).not.toContain(form.fields.find(({ key }) => key === 'end')?.id);
  });

  it('are told only to those who see all they read', async () => {
    const clerk = await tenant.memberWith('文员', {
      [form.id]: { actions: ['view', 'create'], fields: { total: 'hidden' } },
    });
    const seen = await engine.get(FormsService).view(await tenant.ctx(clerk), form.id);
    const told = (seen.settings.checks ?? []).map((check) => check.message);
    expect(told).toContain('结束不能早于开始');
    expect(told).not.toContain('回款超过合同额');
    expect(told).not.toContain('应收太多');
  });
});
