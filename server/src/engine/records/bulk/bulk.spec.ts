import type { FormView } from '@lianke/shared/forms/definition';
import type { MemberId, RecordId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../../test/support/engine.js';
import { RecordReader } from '../record-reader.js';
import { RecordWriter } from '../record-writer.js';
import { RecordsService } from '../records.service.js';
import { UndoService } from '../undo.service.js';
import { BulkService } from './bulk.service.js';
import { BulkLog } from './bulk-log.js';

let engine: TestEngine;
let tenant: TestTenant;
let form: FormView;
let clerk: MemberId;

beforeAll(async () => {
  engine = await createTestEngine();
  tenant = await engine.tenant('bulk');
  form = await tenant.form({
    appId: await tenant.app(),
    name: '客户',
    fields: [
      { key: 'name', name: '名称', type: 'text', rules: { required: true } },
      { key: 'tags', name: '标签', type: 'tags' },
      {
        key: 'grade',
        name: '分级',
        type: 'select',
        config: {
          options: [
            { id: 'a', label: 'A 级' },
            { id: 'b', label: 'B 级' },
          ],
        },
      },
      { key: 'amount', name: '金额', type: 'money' },
      { key: 'buddy', name: '协办人', type: 'member' },
    ],
  });
  clerk = await tenant.memberWith('小吴', {
    [form.id]: { actions: ['view', 'create', 'edit', 'delete', 'bulk'], scope: 'own' },
  });
});
afterAll(() => engine.close());

async function make(count: number, values: Record<string, unknown> = {}): Promise<RecordId[]> {
  const rows = Array.from({ length: count }, (_, index) => ({ values: { name: `客户 ${index}`, ...values } as never }));
  const { results } = await engine.get(RecordWriter).write(await tenant.ctx(), { formId: form.id, op: 'create', rows });
  return results.map((result) => result.id as RecordId);
}
const read = async (ids: RecordId[]) => engine.get(RecordReader).getMany(await tenant.ctx(), form.id, ids);
const bulk = () => engine.get(BulkService);
const history = async (id: RecordId) => (await engine.get(RecordReader).history(await tenant.ctx(), form.id, id)).items;

describe('bulk actions', () => {
  it('keep more rows than one transaction takes as one batch, undone in its three buckets', async () => {
    const ids = await make(1203);
    const result = await bulk().run(await tenant.ctx(), form.id, { action: 'delete', ids });
    expect(result).toMatchObject({ done: 1203, failed: 0 });
    const report = await engine.get(UndoService).undo(await tenant.ctx(), result.batchId as never);
    expect(report).toMatchObject({ reversed: 1203, kept: 0, failed: 0 });
    const [entry] = await engine.get(BulkLog).list(await tenant.ctx(), form.id);
    expect(entry).toMatchObject({ action: 'delete', done: 1203, undo: { reversed: 1203 }, mayUndo: false });
  });

  it('tell a second undo what the first did', async () => {
    const ids = await make(3);
    const { batchId } = await bulk().run(await tenant.ctx(), form.id, {
      action: 'update',
      ids,
      values: { amount: '5' },
    });
    await engine.get(RecordWriter).writeOne(await tenant.ctx(), {
      formId: form.id,
      op: 'update',
      row: { id: ids[0] as RecordId, values: { amount: '6' } },
    });
    const first = await engine.get(UndoService).undo(await tenant.ctx(), batchId as never);
    expect(first).toMatchObject({ reversed: 2, kept: 1, failed: 0 });
    expect(first.rows[0]?.reason).toBe('之后由管理员修改');
    const [entry] = await engine.get(BulkLog).list({ ...(await tenant.ctx()), language: 'en' }, form.id);
    expect(entry?.undo?.rows?.[0]?.reason).toBe('changed since by 管理员');
    expect(await engine.get(UndoService).undo(await tenant.ctx(), batchId as never)).toEqual(first);
    const [last] = await history(ids[1] as RecordId);
    expect(last).toMatchObject({ door: 'undo', actor: { label: '管理员' } });
  });

  it('add and take away tags, leaving the others alone', async () => {
    const [one] = await make(1, { tags: ['老客户', '待回访'] });
    const [two] = await make(1);
    const ids = [one, two] as RecordId[];
    const body = { action: 'tags' as const, ids, field: 'tags', add: ['华东'], remove: ['待回访'] };
    expect(await bulk().run(await tenant.ctx(), form.id, body)).toMatchObject({ done: 2, failed: 0 });
    const tags = new Map((await read(ids)).map((record) => [record.id, record.values.tags]));
    expect(tags.get(one as string)).toEqual(['老客户', '华东']);
    expect(tags.get(two as string)).toEqual(['华东']);
    expect(await bulk().run(await tenant.ctx(), form.id, body)).toMatchObject({ done: 0, unchanged: 2 });
    await expect(bulk().run(await tenant.ctx(), form.id, { ...body, field: 'name' })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });

  it('lose no tag when two people add at the same time', async () => {
    const ids = await make(40);
    const ctx = await tenant.ctx();
    const outcomes = await Promise.all(
      ['甲', '乙', '丙'].map((tag) =>
        bulk().run(ctx, form.id, { action: 'tags', ids, field: 'tags', add: [tag], remove: [] }),
      ),
    );
    const lost = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
    expect(lost).toBe(0);
    for (const record of await read(ids))
      expect([...(record.values.tags as string[])].sort()).toEqual(['丙', '乙', '甲'].sort());
  });

  it('paste changed and new rows as one batch; a bad row says why', async () => {
    const [first] = await make(1);
    const result = await bulk().run(await tenant.ctx(), form.id, {
      action: 'paste',
      update: [{ id: first as RecordId, values: { amount: '12.5' } }],
      create: [{ values: { name: '新的' } }, { values: { amount: '7' } }],
    });
    expect(result).toMatchObject({ done: 2, failed: 1 });
    expect(result.failures).toEqual([{ index: 2, recordId: null, reason: expect.stringContaining('必填') }]);
    const report = await engine.get(UndoService).undo(await tenant.ctx(), result.batchId as never);
    expect(report).toMatchObject({ reversed: 2, kept: 0, failed: 0 });
  });

  it('touch and list only what their actor may', async () => {
    const ids = await make(2);
    const ctx = await tenant.ctx(clerk);
    const result = await bulk().run(ctx, form.id, { action: 'update', ids, values: { amount: '1' } });
    expect(result).toMatchObject({ done: 0, failed: 2 });
    expect((await engine.get(BulkLog).list(ctx, form.id)).every((entry) => entry.by.id === clerk)).toBe(true);
  });
});

describe('an edit that comes too late', () => {
  it('is told both values by name', async () => {
    const [id] = (await make(1, { grade: 'a', buddy: null })) as [RecordId];
    const service = engine.get(RecordsService);
    await service.update(await tenant.ctx(), form.id, { id, values: { grade: 'b', buddy: clerk }, version: 1 });
    const late = service.update(await tenant.ctx(), form.id, {
      id,
      values: { grade: 'a', buddy: tenant.admin },
      version: 1,
    });
    const error = (await late.catch((caught: unknown) => caught)) as { code: string; more: Record<string, unknown> };
    expect(error.code).toBe('version_conflict');
    expect(error.more.current).toMatchObject({ id, label: '客户 0', values: { buddy: { label: '小吴' } } });
    expect(error.more.conflict).toMatchObject({
      by: { label: '管理员' },
      fields: [
        { field: 'grade', mine: { text: 'A 级' }, theirs: { text: 'B 级' } },
        { field: 'buddy', mine: { value: { label: '管理员' }, text: '管理员' }, theirs: { text: '小吴' } },
      ],
    });
    expect(await history(id)).toHaveLength(2);
  });
});
