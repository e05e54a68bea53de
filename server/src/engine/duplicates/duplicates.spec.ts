import type { DuplicateRule } from '@lianke/shared/duplicates/api';
import type { FormView } from '@lianke/shared/forms/definition';
import type { MemberId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { RecordWriter } from '../records/record-writer.js';
import { DuplicateBuilder } from './duplicate-builder.js';
import { DuplicateFinder } from './duplicate-finder.js';
import { DuplicateRulesService } from './duplicate-rules.service.js';
import { DuplicatesModule } from './duplicates.module.js';

let engine: TestEngine;
let tenant: TestTenant;
let form: FormView;
let wang: MemberId;
let li: MemberId;
let blind: MemberId;

beforeAll(async () => {
  engine = await createTestEngine(undefined, [DuplicatesModule]);
  tenant = await engine.tenant('duplicates');
}, 60_000);
afterAll(() => engine.close());

const grant = { actions: ['view', 'create', 'edit'] as never, scope: 'own' as const };

beforeEach(async () => {
  form = await tenant.form({
    appId: await tenant.app(`应用 ${performance.now()}`),
    name: '客户',
    fields: [
      { key: 'name', name: '名称', type: 'text' },
      { key: 'phone', name: '电话', type: 'phone' },
      { key: 'mail', name: '邮箱', type: 'email' },
      { key: 'city', name: '城市', type: 'text' },
      { key: 'secret', name: '机密', type: 'text' },
    ],
  });
  const forms = { [form.id]: { ...grant, fields: { secret: 'hidden' as const } } };
  wang = await tenant.memberWith('王芳', forms);
  li = await tenant.memberWith('李伟', forms);
  blind = await tenant.memberWith('赵敏', {
    [form.id]: { ...grant, fields: { secret: 'hidden', owner: 'hidden' } },
  });
});

const rules = () => engine.get(DuplicateRulesService);
const finder = () => engine.get(DuplicateFinder);
const phoneRule: DuplicateRule = { id: 'phone', fields: [{ field: 'phone', as: 'phone' }], action: 'warn' };

async function save(...list: DuplicateRule[]): Promise<void> {
  await rules().save(await tenant.ctx(), form.id, list);
  while (await engine.get(DuplicateBuilder).work());
}

async function create(values: Record<string, Json>, by: MemberId = tenant.admin): Promise<RecordId> {
  const ctx = await tenant.ctx(by);
  return (await engine.get(RecordWriter).writeOne(ctx, { formId: form.id, op: 'create', row: { values } })).id;
}

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) =>
      error instanceof AppError
        ? (error.more.fields ?? []).map(({ field, code, params }) => [field, code, params?.owner ?? null])
        : Promise.reject(error),
  );

describe('rules about repeated records', () => {
  it('say who owns the twin, and nothing else of a record outside the asker’s scope', async () => {
    await save(phoneRule);
    const mine = await create({ name: '华兴', phone: '138 0013 8000', owner: wang });
    const asked = { phone: '+86-13800138000' };
    expect(await finder().check(await tenant.ctx(wang), form.id, asked)).toEqual([
      {
        rule: 'phone',
        action: 'warn',
        fields: ['phone'],
        twins: [{ id: mine, label: '华兴', owner: { id: wang, label: '王芳' } }],
      },
    ]);
    expect((await finder().check(await tenant.ctx(li), form.id, asked))[0]?.twins).toEqual([
      { id: null, label: null, owner: { id: wang, label: '王芳' } },
    ]);
    expect((await finder().check(await tenant.ctx(blind), form.id, asked))[0]?.twins).toEqual([
      { id: null, label: null, owner: null },
    ]);
    expect(await finder().check(await tenant.ctx(wang), form.id, asked, mine)).toEqual([]);
    expect(await finder().check(await tenant.ctx(wang), form.id, { phone: '13900139000' })).toEqual([]);
  });

  it('tell the same of two worlds that differ in what the asker may not see', async () => {
    await save(
      phoneRule,
      {
        id: 'both',
        fields: [
          { field: 'name', as: 'company' },
          { field: 'secret', as: 'exact' },
        ],
        action: 'refuse',
      },
      { id: 'hidden', fields: [{ field: 'secret', as: 'loose' }], action: 'warn' },
    );
    const answers: unknown[] = [];
    for (const secret of ['甲', '乙']) {
      const old = await create({
        name: `华兴${secret}有限公司`,
        phone: '13800138001',
        city: secret,
        secret,
        owner: wang,
      });
      const own = await create({ name: '我的', secret: '甲', owner: li });
      const ctx = await tenant.ctx(li);
      answers.push([
        await finder().check(ctx, form.id, { name: '华兴甲公司', phone: '13800138001', secret: '甲' }),
        await refusal(create({ name: '华兴甲公司' }, li)),
        await refusal(
          engine.get(RecordWriter).writeOne(ctx, {
            formId: form.id,
            op: 'update',
            row: { id: own, values: { name: '华兴甲有限公司' } },
          }),
        ),
        await finder().groups(ctx, form.id, { rule: 'phone', limit: 20 }),
        await finder()
          .groups(ctx, form.id, { rule: 'both', limit: 20 })
          .catch((error: AppError) => error.code),
      ]);
      const admin = await tenant.ctx();
      const writer = engine.get(RecordWriter);
      await writer.writeOne(admin, { formId: form.id, op: 'delete', row: { id: old } });
      await writer.write(admin, { formId: form.id, op: 'delete', rows: [{ id: own }] });
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toMatchObject([[{ rule: 'phone' }], 'done', 'done', { items: [] }, 'not_found']);
  });

  it('refuse what repeats, from every door, but not a record that leaves its old fault alone', async () => {
    await save(phoneRule);
    const first = await create({ name: 'A', phone: '13800138002', owner: wang });
    const second = await create({ name: 'B', phone: '13800138002' });
    await save({ ...phoneRule, action: 'refuse' });
    expect(await refusal(create({ name: 'C', phone: ['13700137000', '13800138002'] }, li))).toEqual([
      ['phone', 'duplicate_owned', '王芳'],
    ]);
    expect(await refusal(create({ name: 'C', phone: '13800138002' }, blind))).toEqual([['phone', 'duplicate', null]]);
    const change = (id: RecordId, values: Record<string, Json>) => async () =>
      engine.get(RecordWriter).writeOne(await tenant.ctx(), { formId: form.id, op: 'update', row: { id, values } });
    expect(await refusal(change(second, { name: 'B2' })())).toBe('done');
    expect(await refusal(change(second, { phone: '13800138003' })())).toBe('done');
    expect(await refusal(change(second, { phone: '13800138002' })())).toEqual([['phone', 'duplicate_owned', '王芳']]);
    // Two of one batch, and two that exchange their values.
    const batch = await engine.get(RecordWriter).write(await tenant.ctx(), {
      formId: form.id,
      op: 'create',
      rows: [{ values: { name: 'D', phone: '13800138004' } }, { values: { name: 'E', phone: '13800138004' } }],
    });
    expect(batch.results.map((result) => result.status)).toEqual(['created', 'failed']);
    const exchange = await engine.get(RecordWriter).write(await tenant.ctx(), {
      formId: form.id,
      op: 'update',
      rows: [
        { id: first, values: { phone: '13800138003' } },
        { id: second, values: { phone: '13800138002' } },
      ],
    });
    expect(exchange.results.map((result) => result.status)).toEqual(['updated', 'updated']);
  });

  it('let one of several writers of the same value through', async () => {
    await save({ ...phoneRule, action: 'refuse' });
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, index) => refusal(create({ name: `并发${index}`, phone: '13611112222' }))),
    );
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1);
  });

  it('get keys for what was there before, follow changes, deletion and restoring, and list groups', async () => {
    const ids = [
      await create({ name: '上海华兴科技有限公司', city: '上海' }),
      await create({ name: '华兴科技（有限责任公司）', city: '上海' }),
      await create({ name: '华兴科技', city: '北京' }),
      await create({ name: '别的公司', city: '北京' }),
    ];
    const company: DuplicateRule = { id: 'company', fields: [{ field: 'name', as: 'company' }], action: 'warn' };
    await save(company, {
      id: 'pair1',
      fields: [
        { field: 'name', as: 'company' },
        { field: 'city', as: 'exact' },
      ],
      action: 'warn',
    });
    const views = await rules().list(await tenant.ctx(), form.id);
    expect(views.map(({ state, done, total }) => [state, done, total])).toEqual([
      ['ready', 4, 4],
      ['ready', 4, 4],
    ]);
    const groups = async (rule: string) => {
      const found = await finder().groups(await tenant.ctx(), form.id, { rule, limit: 20 });
      return [
        found.total,
        found.records,
        ...found.items.map((group) => group.records.map((record) => record.id).sort()),
      ];
    };
    expect(await groups('company')).toEqual([1, 3, ids.slice(0, 3).sort()]);
    expect(await groups('pair1')).toEqual([1, 2, ids.slice(0, 2).sort()]);
    const writer = engine.get(RecordWriter);
    const admin = await tenant.ctx();
    await writer.writeOne(admin, {
      formId: form.id,
      op: 'update',
      row: { id: ids[0], values: { name: '改名' } } as never,
    });
    expect(await groups('company')).toEqual([1, 2, ids.slice(1, 3).sort()]);
    await writer.writeOne(admin, { formId: form.id, op: 'delete', row: { id: ids[1] } as never });
    expect(await groups('company')).toEqual([0, 0]);
    await writer.writeOne(admin, { formId: form.id, op: 'restore', row: { id: ids[1] } as never });
    expect(await groups('company')).toEqual([1, 2, ids.slice(1, 3).sort()]);
  });

  it('are set by designers only, and name what cannot be compared', async () => {
    await expect(rules().save(await tenant.ctx(wang), form.id, [phoneRule])).rejects.toMatchObject({
      code: 'forbidden',
    });
    const bad = (rule: Partial<DuplicateRule>) =>
      tenant.ctx().then((ctx) => rules().save(ctx, form.id, [{ ...phoneRule, ...rule }]));
    await expect(bad({ fields: [{ field: 'nothing', as: 'exact' }] })).rejects.toThrow('nothing');
    await expect(bad({ fields: [{ field: 'phone', as: 'company' }] })).rejects.toMatchObject({
      code: 'invalid_definition',
    });
    await expect(
      tenant.ctx().then((ctx) => rules().save(ctx, form.id, [phoneRule, { ...phoneRule, id: 'again' }])),
    ).rejects.toMatchObject({ code: 'invalid_definition' });
  });
});
