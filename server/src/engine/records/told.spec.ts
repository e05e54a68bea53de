import type { FormView } from '@lianke/shared/forms/definition';
import type { BatchId, MemberId, RecordId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { RecordReader } from './record-reader.js';
import { RecordWriter } from './record-writer.js';
import { UndoService } from './undo.service.js';

let engine: TestEngine;
let tenant: TestTenant;
let form: FormView;
let clerk: MemberId;

beforeAll(async () => {
  engine = await createTestEngine();
  tenant = await engine.tenant('acme');
  form = await tenant.form({
    appId: await tenant.app(),
    name: '合同',
    fields: [
      { key: 'title', name: '名称', type: 'text' },
      { key: 'secret', name: '机密编号', type: 'text', default: { kind: 'literal', value: 'X' } },
      { key: 'state', name: '状态', type: 'text' },
      {
        key: 'amount',
        name: '金额',
        type: 'number',
        rules: {
          readonlyWhen: {
            or: [
              { field: 'state', op: 'eq', value: '已签' },
              { field: 'secret', op: 'eq', value: 'Y' },
            ],
          },
        },
      },
    ] as never,
    settings: { summaryFields: [], uniqueSets: [{ fields: ['secret', 'title'] }] },
  });
  const secret = form.fields.find((field) => field.key === 'secret')?.id as string;
  clerk = await tenant.memberWith('录入', {
    [form.id]: { actions: ['view', 'create', 'edit'], scope: 'all', fields: { [secret]: 'hidden' } },
  });
});
afterAll(() => engine.close());

const create = async (member: MemberId | undefined, values: object) =>
  engine
    .get(RecordWriter)
    .writeOne(await tenant.ctx(member), { formId: form.id, op: 'create', row: { values: values as never } });

describe('what a refusal tells', () => {
  it('a repeated set does not name the field that its writer does not see', async () => {
    await create(undefined, { title: '甲' });
    await expect(create(clerk, { title: '甲' })).rejects.toMatchObject({
      more: { fields: [{ field: 'title', code: 'set_not_unique', params: { fields: '名称' } }] },
    });
  });

  it('a locked field says that it is locked and what decides it, not that a right is missing', async () => {
    const { id } = await create(undefined, { title: '乙', state: '已签' });
    const change = async (member?: MemberId) =>
      engine.get(RecordWriter).writeOne(await tenant.ctx(member), {
        formId: form.id,
        op: 'update',
        row: { id: id as RecordId, values: { amount: '5' } },
      });
    await expect(change()).rejects.toMatchObject({
      more: { fields: [{ field: 'amount', code: 'locked_by', params: { fields: '“状态”、“机密编号”' } }] },
    });
    await expect(change(clerk)).rejects.toMatchObject({
      more: { fields: [{ field: 'amount', code: 'locked_by', params: { fields: '“状态”' } }] },
    });
  });

  it('更新人 of a record changed by an undo is who took it back', async () => {
    const { id } = await create(undefined, { title: '丙' });
    const ctx = await tenant.ctx();
    const { batchId } = await engine.get(RecordWriter).write(ctx, {
      formId: form.id,
      op: 'update',
      rows: [{ id: id as RecordId, values: { title: '丁' } }],
    });
    await engine.get(UndoService).undo(ctx, batchId as BatchId);
    const record = await engine.get(RecordReader).get(ctx, form.id, id as RecordId);
    expect(record.values).toMatchObject({ title: '丙', updatedBy: { id: tenant.admin } });
  });
});
