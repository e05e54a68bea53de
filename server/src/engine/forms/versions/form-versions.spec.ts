import { type FormView, updateFormBody } from '@lianke/shared/forms/definition';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../../test/support/engine.js';
import type { TenantContext } from '../../context.js';
import { RecordWriter } from '../../records/record-writer.js';
import { FormsService } from '../forms.service.js';
import { FieldFill } from '../uses/field-fill.service.js';
import { FieldUses } from '../uses/field-uses.service.js';
import { ViewsService } from '../views.service.js';
import { FormDraftsService } from './form-drafts.service.js';
import { FormVersionsService } from './form-versions.service.js';

let engine: TestEngine;
let tenant: TestTenant;
let form: FormView;

beforeAll(async () => {
  engine = await createTestEngine();
  tenant = await engine.tenant('acme');
  form = await tenant.form({
    appId: await tenant.app(),
    name: '客户',
    fields: [
      { key: 'title', name: '名称', type: 'text' },
      { key: 'grade', name: '等级', type: 'text' },
    ] as never,
  });
});
afterAll(() => engine.close());

const ctx = () => tenant.ctx();
const current = async () => engine.get(FormsService).view(await ctx(), form.id);
const own = (view: FormView) =>
  view.fields.filter((field) => !field.system).map(({ writable: _, system: __, ...rest }) => rest);
const publish = async (fields: unknown[], more: object = {}) =>
  engine.get(FormsService).update(await ctx(), form.id, updateFormBody.parse({ fields, ...more }));
const versions = async () => engine.get(FormVersionsService).list(await ctx(), form.id);

describe('versions of a form', () => {
  it('each publish is kept with who, when and what', async () => {
    const before = await current();
    await publish(
      [...own(before).filter((field) => field.key !== 'grade'), { key: 'city', name: '城市', type: 'text' }],
      {
        note: '等级不用了',
      },
    );
    const [newest, first] = await versions();
    expect(newest).toMatchObject({
      version: 2,
      note: '等级不用了',
      current: true,
      changes: { added: ['城市'], removed: ['等级'], changed: [], renamed: null },
    });
    expect(first).toMatchObject({ version: 1, current: false, changes: null });
  });

  it('an old version can be looked at and brought back, with the data of its fields', async () => {
    const service = engine.get(FormVersionsService);
    const old = await service.view(await ctx(), form.id, 1);
    expect(own(old).map((field) => field.name)).toEqual(['名称', '等级']);
    const { form: now, lost, kept } = await service.rollback(await ctx(), form.id, 1, 2);
    expect(own(now).map((field) => field.name)).toEqual(['名称', '等级']);
    expect([lost, kept]).toEqual([[], []]);
    expect((await versions())[0]).toMatchObject({ version: 3, restored: 1, current: true });
    expect((await current()).removed?.map((field) => field.name)).toEqual(['城市']);
  });

  it('the running version cannot be brought back onto itself', async () => {
    const service = engine.get(FormVersionsService);
    await expect(service.rollback(await ctx(), form.id, 3, 3)).rejects.toMatchObject({ code: 'wrong_state' });
    await expect(service.rollback(await ctx(), form.id, 99, 3)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a version asked for while somebody else publishes', () => {
  it('is not brought back over what its asker did not see', async () => {
    const other = await tenant.form({
      appId: await tenant.app('别的'),
      name: '合同',
      fields: [{ key: 'title', name: '名称', type: 'text' }] as never,
    });
    const rename = async (name: string) =>
      engine.get(FormsService).update(await ctx(), other.id, updateFormBody.parse({ name }));
    await rename('合同 2');
    await rename('合同 3');
    const service = engine.get(FormVersionsService);
    const asked = service.rollback(await ctx(), other.id, 1, 2);
    await expect(asked).rejects.toMatchObject({
      code: 'version_conflict',
      params: { detail: expect.stringContaining('第 3 版') },
      more: { current: { version: 3, name: '合同 3' } },
    });
    expect((await engine.get(FormsService).view(await ctx(), other.id)).name).toBe('合同 3');
    const { form: back } = await service.rollback(await ctx(), other.id, 1, 3);
    expect(back).toMatchObject({ version: 4, name: '合同' });
  });
});

describe('drafts', () => {
  const draft = { design: { name: '客户', fields: {} }, base: {}, version: 3 };

  it('are kept apart from the running form; a second designer is told, nothing is overwritten', async () => {
    const service = engine.get(FormDraftsService);
    expect(await service.get(await ctx(), form.id)).toBeNull();
    expect((await service.save(await ctx(), form.id, { ...draft, revision: 0 })).revision).toBe(1);
    const second = service.save(await ctx(), form.id, { ...draft, design: { mine: true }, revision: 0 });
    await expect(second).rejects.toMatchObject({
      code: 'version_conflict',
      more: { current: { revision: 1, design: draft.design } },
    });
    expect((await service.save(await ctx(), form.id, { ...draft, revision: 1 })).revision).toBe(2);
    expect((await current()).version).toBe(3);
  });

  it('a publish takes the draft it was made of, and no other', async () => {
    const fields = own(await current());
    await expect(publish(fields, { name: '客户 2', draft: 1 })).rejects.toMatchObject({ code: 'version_conflict' });
    expect((await current()).name).toBe('客户');
    await publish(fields, { name: '客户 2', draft: 2 });
    expect(await engine.get(FormDraftsService).get(await ctx(), form.id)).toBeNull();
  });
});

describe('uses of a field', () => {
  it('names views, formulas, checks and other fields, and only for designers', async () => {
    const [title, grade] = own(await current());
    await publish(
      [
        title,
        grade,
        { key: 'mark', name: '标签', type: 'formula', config: { expression: 'CONCATENATE({名称}, "-", {等级})' } },
        { key: 'reason', name: '原因', type: 'text', rules: { visibleWhen: { field: 'grade', op: 'eq', value: 'A' } } },
      ],
      { settings: { checks: [{ must: { field: 'grade', op: 'notEmpty' }, message: '要有等级' }], summaryFields: [] } },
    );
    await engine.get(ViewsService).create(await ctx(), form.id, { name: '按等级', columns: ['grade'] } as never);
    const uses = await engine.get(FieldUses).of(await ctx(), form.id, ['grade']);
    expect(uses.map(({ kind, name }) => `${kind}:${name}`).sort()).toEqual([
      'check:要有等级',
      'derived:客户 2.标签',
      'rule:原因',
      'view:按等级',
    ]);
    const stranger: TenantContext = await tenant.ctx(
      await tenant.memberWith('路人', { [form.id]: { actions: ['view'] } }),
    );
    await expect(engine.get(FieldUses).of(stranger, form.id, ['grade'])).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('the fill rate counts records outside of the bin', async () => {
    const make = async (values: object) =>
      engine.get(RecordWriter).writeOne(await ctx(), { formId: form.id, op: 'create', row: { values } as never });
    await make({ title: '甲', grade: 'A' });
    await make({ title: '乙', grade: 'B' });
    const grade = own(await current()).find((field) => field.key === 'grade')?.id ?? '';
    const { total, filled } = await engine.get(FieldFill).of(await ctx(), form.id);
    expect([total, filled[grade]]).toEqual([2, 2]);
  });
});
