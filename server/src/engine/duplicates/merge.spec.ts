import type { FormView } from '@lianke/shared/forms/definition';
import type { BatchId, MemberId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { Module } from '@nestjs/common';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { CommentsModule } from '../comments/comments.module.js';
import { CommentsService } from '../comments/comments.service.js';
import { FormsService } from '../forms/forms.service.js';
import { Notifier } from '../ports.js';
import { BulkLog } from '../records/bulk/bulk-log.js';
import { RecordReader } from '../records/record-reader.js';
import { RecordWriter } from '../records/record-writer.js';
import { UndoService } from '../records/undo.service.js';
import { ShortcutsService } from '../shortcuts/shortcuts.service.js';
import { DuplicatesModule } from './duplicates.module.js';
import { MergeService } from './merge.service.js';

class SilentNotifier extends Notifier {
  async enqueue(): Promise<void> {}
  async update(): Promise<void> {}
}
@Module({ providers: [{ provide: Notifier, useClass: SilentNotifier }], exports: [Notifier] })
class NotifierModule {}

let engine: TestEngine;
let tenant: TestTenant;
let customers: FormView;
let contacts: FormView;

beforeAll(async () => {
  engine = await createTestEngine(undefined, [
    { module: NotifierModule, global: true } as never,
    CommentsModule,
    DuplicatesModule,
  ]);
  tenant = await engine.tenant('merge');
  const appId = await tenant.app();
  const fields = [
    { key: 'name', name: '名称', type: 'text' as const },
    { key: 'code', name: '编码', type: 'text' as const, rules: { unique: true } },
    { key: 'tags', name: '标签', type: 'tags' as const },
  ];
  customers = await tenant.form({ appId, name: '客户', fields });
  const self = { key: 'parent', name: '上级', type: 'relation' as const, config: { formId: customers.id }, rules: {} };
  customers = await engine.get(FormsService).update(await tenant.ctx(), customers.id, {
    fields: [...customers.fields.filter((field) => !field.system), self] as never,
  });
  contacts = await tenant.form({
    appId,
    name: '联系人',
    fields: [
      { key: 'name', name: '姓名', type: 'text' },
      { key: 'customer', name: '客户', type: 'relation', config: { formId: customers.id, onDelete: 'cascade' } },
      { key: 'also', name: '相关客户', type: 'relations', config: { formId: customers.id } },
    ],
  });
}, 60_000);
afterAll(() => engine.close());

const create = async (form: FormView, values: Record<string, Json>, by?: MemberId): Promise<RecordId> => {
  const ctx = await tenant.ctx(by ?? tenant.admin);
  return (await engine.get(RecordWriter).writeOne(ctx, { formId: form.id, op: 'create', row: { values } })).id;
};
const read = async (form: FormView, id: RecordId) =>
  (await engine.get(RecordReader).getMany(await tenant.ctx(), form.id, [id]))[0];
const idOf = (value: Json | undefined) => (value as { id: string } | null)?.id ?? null;

describe('merging', () => {
  it('takes the chosen values, points everything at the record that stays, and is one batch in both histories', async () => {
    const keep = await create(customers, { name: '华兴', code: 'A1', tags: ['老'] });
    const other = await create(customers, { name: '华兴科技', code: 'A2', tags: ['新', '老'] });
    const child = await create(customers, { name: '子公司', parent: other });
    const one = await create(contacts, { name: '张三', customer: other, also: [other, keep] });
    await engine.get(CommentsService).create(await tenant.ctx(), customers.id, other, '重要');
    await engine.get(ShortcutsService).add(await tenant.ctx(), 'favourite', customers.id, other);
    const preview = await engine.get(MergeService).preview(await tenant.ctx(), customers.id, [keep, other]);
    expect(preview.hanging[other]).toMatchObject({ comments: 1, related: [{ count: 1 }, { count: 1 }, { count: 1 }] });
    const { batchId, record, moved } = await engine.get(MergeService).merge(await tenant.ctx(), customers.id, {
      keep,
      others: [other],
      values: { name: other, code: other, tags: 'all' },
    });
    expect(record.values).toMatchObject({ name: '华兴科技', code: 'A2', tags: ['老', '新'] });
    expect(moved).toEqual({ related: 3, comments: 1, approvals: 0 });
    expect(await read(customers, other)).toBeUndefined();
    const contact = await read(contacts, one);
    expect(idOf(contact?.values.customer)).toBe(keep);
    expect(contact?.values.also).toEqual([{ id: keep, label: '华兴科技' }]);
    expect(idOf((await read(customers, child))?.values.parent)).toBe(keep);
    expect((await engine.get(CommentsService).list(await tenant.ctx(), customers.id, keep)).items).toHaveLength(1);
    for (const [id, kind] of [
      [keep, 'update'],
      [other, 'delete'],
    ] as const) {
      const { items } = await engine.get(RecordReader).history(await tenant.ctx(), customers.id, id);
      expect(items[0]).toMatchObject({ kind, door: 'merge', batchId, actor: { label: '管理员' } });
    }
    const report = await engine.get(UndoService).undo(await tenant.ctx(), batchId as BatchId);
    expect(report).toMatchObject({ kept: 0, failed: 0 });
    expect((await read(customers, keep))?.values).toMatchObject({ name: '华兴', code: 'A1', tags: ['老'] });
    expect((await read(customers, other))?.values).toMatchObject({ name: '华兴科技', code: 'A2', tags: ['新', '老'] });
    expect(idOf((await read(contacts, one))?.values.customer)).toBe(other);
    expect((await engine.get(CommentsService).list(await tenant.ctx(), customers.id, other)).items).toHaveLength(1);
    expect((await engine.get(CommentsService).list(await tenant.ctx(), customers.id, keep)).items).toHaveLength(0);
    expect((await engine.get(ShortcutsService).list(await tenant.ctx(), 'favourite')).map((item) => item.id)).toEqual([
      other,
    ]);
  });

  it('points rows of subforms at the record that stays, leaves the others as they are, and puts them back', async () => {
    const orders = await tenant.form({
      appId: contacts.appId,
      name: '订单',
      fields: [
        { key: 'name', name: '单号', type: 'text' },
        {
          key: 'lines',
          name: '明细',
          type: 'subform',
          config: {
            fields: [
              { key: 'supplier', name: '供货商', type: 'relation', config: { formId: customers.id } },
              { key: 'qty', name: '数量', type: 'number' },
            ],
          },
        },
      ] as never,
    });
    const keep = await create(customers, { name: '恒信' });
    const other = await create(customers, { name: '恒信集团' });
    const third = await create(customers, { name: '别家' });
    const lines = [{ values: { supplier: other, qty: '1' } }, { values: { supplier: third, qty: '2' } }];
    const order = await create(orders, { name: 'D-1', lines });
    const suppliers = async () => {
      const lines = (await read(orders, order))?.values.lines as {
        values: { supplier: Json; qty: string };
      }[];
      return lines.map(({ values }) => [idOf(values.supplier), values.qty]);
    };
    const { batchId, moved } = await engine
      .get(MergeService)
      .merge(await tenant.ctx(), customers.id, { keep, others: [other], values: {} });
    expect(moved.related).toBe(1);
    expect(await suppliers()).toEqual([
      [keep, '1'],
      [third, '2'],
    ]);
    await engine.get(UndoService).undo(await tenant.ctx(), batchId as BatchId);
    expect(await suppliers()).toEqual([
      [other, '1'],
      [third, '2'],
    ]);
  });

  it('can be taken back from the list of bulk actions long after', async () => {
    const [keep, other] = [await create(customers, { name: '远大' }), await create(customers, { name: '远大科技' })];
    const { batchId } = await engine
      .get(MergeService)
      .merge(await tenant.ctx(), customers.id, { keep, others: [other], values: { name: other } });
    const entry = async () =>
      (await engine.get(BulkLog).list(await tenant.ctx(), customers.id)).find((item) => item.batchId === batchId);
    expect(await entry()).toMatchObject({ action: 'merge', fields: ['名称'], done: 2, failed: 0, mayUndo: true });
    await engine.get(UndoService).undo(await tenant.ctx(), batchId as BatchId);
    expect(await entry()).toMatchObject({ undo: { reversed: 2, kept: 0, failed: 0 }, mayUndo: false });
  });

  it('is refused whole where the merger may not edit or see one of them, and when one changed since', async () => {
    const scope = { actions: ['view', 'create', 'edit', 'delete'] as never, scope: 'own' as const };
    const wang = await tenant.memberWith('王芳', { [customers.id]: scope });
    const mine = await create(customers, { name: '我的' }, wang);
    const also = await create(customers, { name: '也是我的' }, wang);
    const theirs = await create(customers, { name: '别人的' });
    const merge = async (others: RecordId[], extra = {}) =>
      engine
        .get(MergeService)
        .merge(await tenant.ctx(wang), customers.id, { keep: mine, others, values: {}, ...extra });
    await expect(merge([theirs])).rejects.toMatchObject({ code: 'not_found' });
    await expect(merge([mine])).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(merge([also], { versions: { [also]: 7 } })).rejects.toMatchObject({ code: 'version_conflict' });
    await expect(merge([also], { values: { createdAt: also } })).rejects.toMatchObject({ code: 'validation_failed' });
    await expect(merge([also], { values: { name: 'all' } })).rejects.toMatchObject({ code: 'invalid_request' });
    const readOnly = await tenant.memberWith('李伟', { [customers.id]: { actions: ['view', 'edit'], scope: 'all' } });
    await expect(
      engine
        .get(MergeService)
        .merge(await tenant.ctx(readOnly), customers.id, { keep: mine, others: [also], values: {} }),
    ).rejects.toMatchObject({ code: 'forbidden' });
    expect((await read(customers, also))?.version).toBe(1);
    await merge([also]);
    expect(await read(customers, also)).toBeUndefined();
  });

  it('undone is as if it had never been, whatever the records, their links and comments', async () => {
    const index = fc.nat({ max: 4 });
    const world = fc.record({
      customers: fc.array(
        fc.record({ tags: fc.subarray(['甲', '乙', '丙']), code: fc.boolean(), parent: fc.option(index) }),
        { minLength: 3, maxLength: 5 },
      ),
      contacts: fc.array(fc.record({ customer: fc.option(index), also: fc.subarray([0, 1, 2, 3, 4]) }), {
        maxLength: 4,
      }),
      comments: fc.array(index, { maxLength: 3 }),
      favourites: fc.uniqueArray(index, { maxLength: 3 }),
      gone: fc.subarray([1, 2], { minLength: 1 }),
      takes: fc.record({ name: index, code: index, parent: index, all: fc.boolean() }),
    });
    let round = 0;
    await fc.assert(
      fc.asyncProperty(world, async (given) => {
        const mark = `r${round++}`;
        const ctx = await tenant.ctx();
        const ids: RecordId[] = [];
        for (const [at, { tags, code }] of given.customers.entries())
          ids.push(
            await create(customers, { name: `${mark}-${at}`, tags, ...(code ? { code: `${mark}-${at}` } : {}) }),
          );
        const pick = (at: number) => ids[at % ids.length] as RecordId;
        const writer = engine.get(RecordWriter);
        for (const [at, { parent }] of given.customers.entries())
          if (parent !== null)
            await writer.writeOne(ctx, {
              formId: customers.id,
              op: 'update',
              row: { id: pick(at), values: { parent: pick(parent) } },
            });
        const people: RecordId[] = [];
        for (const { customer, also } of given.contacts)
          people.push(
            await create(contacts, {
              name: mark,
              customer: customer === null ? null : pick(customer),
              also: [...new Set(also.map(pick))],
            }),
          );
        for (const at of given.comments)
          await engine.get(CommentsService).create(ctx, customers.id, pick(at), `${mark} 说`);
        for (const at of given.favourites)
          await engine.get(ShortcutsService).add(ctx, 'favourite', customers.id, pick(at));
        const state = async () => ({
          customers: (await engine.get(RecordReader).getMany(ctx, customers.id, ids))
            .sort((a, b) => (a.id < b.id ? -1 : 1))
            .map(({ id, values: { name, code, tags, parent } }) => ({ id, name, code, tags, parent })),
          contacts: (await engine.get(RecordReader).getMany(ctx, contacts.id, people))
            .sort((a, b) => (a.id < b.id ? -1 : 1))
            .map(({ id, values: { customer, also } }) => ({ id, customer, also })),
          comments: await Promise.all(
            ids.map(async (id) =>
              (
                await engine
                  .get(CommentsService)
                  .list(ctx, customers.id, id)
                  .catch(() => ({ items: [] }))
              ).items.map((item) => item.id),
            ),
          ),
          favourites: (await engine.get(ShortcutsService).list(ctx, 'favourite')).map((item) => item.id).sort(),
        });
        const before = await state();
        const others = given.gone.map(pick);
        const of = (at: number) => [ids[0] as RecordId, ...others][at % (others.length + 1)] as RecordId;
        const { batchId } = await engine.get(MergeService).merge(ctx, customers.id, {
          keep: ids[0] as RecordId,
          others,
          values: {
            name: of(given.takes.name),
            code: of(given.takes.code),
            parent: of(given.takes.parent),
            ...(given.takes.all ? { tags: 'all' as const } : {}),
          },
        });
        const merged = await state();
        expect(merged.customers).toHaveLength(before.customers.length - others.length);
        expect(JSON.stringify([merged.contacts, merged.customers.map((item) => item.parent)])).not.toMatch(
          new RegExp(others.join('|')),
        );
        expect(merged.comments.flat().sort()).toEqual(before.comments.flat().sort());
        const report = await engine.get(UndoService).undo(ctx, batchId as BatchId);
        expect(report).toMatchObject({ kept: 0, failed: 0 });
        expect(await state()).toEqual(before);
      }),
      { numRuns: Number(process.env.SOAK_RUNS ?? 15) },
    );
  }, 120_000);
});
