import type { FormView } from '@lianke/shared/forms/definition';
import type { MemberId, RecordId } from '@lianke/shared/ids';
import type { HistoryEntry } from '@lianke/shared/records/write';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { FormsService } from '../forms/forms.service.js';
import { RecordReader } from './record-reader.js';
import { RecordWriter } from './record-writer.js';
import { RevertService } from './revert.service.js';

let engine: TestEngine;
let tenant: TestTenant;
let form: FormView;
let reader: MemberId;

beforeAll(async () => {
  engine = await createTestEngine();
  tenant = await engine.tenant('revert');
  form = await tenant.form({
    appId: await tenant.app(),
    name: '客户',
    fields: [
      { key: 'name', name: '名称', type: 'text' },
      { key: 'city', name: '城市', type: 'text' },
      { key: 'secret', name: '底价', type: 'number' },
      {
        key: 'grade',
        name: '分级',
        type: 'select',
        config: {
          options: [
            { id: 'a', label: 'A' },
            { id: 'b', label: 'B' },
          ],
        },
      },
    ],
  });
  reader = await tenant.memberWith('小吴', {
    [form.id]: {
      actions: ['view', 'edit'],
      scope: 'all',
      fields: { [form.fields.find((field) => field.key === 'secret')?.id ?? '']: 'hidden' },
    },
  });
});
afterAll(() => engine.close());

/** A record changed in the given steps; its history, oldest first. */
async function changed(...steps: Record<string, unknown>[]): Promise<{ id: RecordId; entries: HistoryEntry[] }> {
  const ctx = await tenant.ctx();
  const [first, ...rest] = steps;
  const writer = engine.get(RecordWriter);
  const { id } = await writer.writeOne(ctx, { formId: form.id, op: 'create', row: { values: first as never } });
  for (const values of rest)
    await writer.writeOne(ctx, { formId: form.id, op: 'update', row: { id, values: values as never } });
  const { items } = await engine.get(RecordReader).history(ctx, form.id, id);
  return { id, entries: items.toReversed() };
}
const revert = async (id: RecordId, body: object, member?: MemberId) =>
  engine.get(RevertService).revert(await tenant.ctx(member), form.id, id, body as never);

async function dropOption(option: string): Promise<void> {
  const ctx = await tenant.ctx();
  const fields = form.fields
    .filter((field) => !field.system)
    .map((field) => {
      const options = field.config.options as { id: string }[] | undefined;
      if (!options) return field;
      return { ...field, config: { ...field.config, options: options.filter((item) => item.id !== option) } };
    });
  await engine.get(FormsService).update(ctx, form.id, { fields, version: form.version } as never);
}

describe('putting a record back', () => {
  it('restores all fields to a moment, and that again', async () => {
    const { id, entries } = await changed(
      { name: '甲', city: '宁波' },
      { name: '乙' },
      { name: '丙', city: '杭州', secret: '5' },
    );
    const back = await revert(id, { after: entries[0]?.id });
    expect(back.record.values).toMatchObject({ name: '甲', city: '宁波', secret: null });
    expect(back.restored.sort()).toEqual(['city', 'name', 'secret']);
    const again = await revert(id, { after: entries[2]?.id });
    expect(again.record.values).toMatchObject({ name: '丙', city: '杭州', secret: '5' });
  });

  it('restores one field to what it was before a change', async () => {
    const { id, entries } = await changed({ name: '甲', city: '宁波' }, { name: '乙', city: '杭州' });
    const back = await revert(id, { before: entries[1]?.id, fields: ['name'] });
    expect(back.record.values).toMatchObject({ name: '甲', city: '杭州' });
    expect(back.restored).toEqual(['name']);
  });

  it('leaves what the caller may not see alone, and does not name it', async () => {
    const { id, entries } = await changed({ name: '甲', secret: '1' }, { name: '乙', secret: '2' });
    const back = await revert(id, { after: entries[0]?.id }, reader);
    expect(back.skipped).toEqual([]);
    const now = await engine.get(RecordReader).get(await tenant.ctx(), form.id, id);
    expect(now.values).toMatchObject({ name: '甲', secret: '2' });
    await expect(revert(id, { after: entries[0]?.id, fields: ['secret'] }, reader)).rejects.toMatchObject({
      code: 'unknown_field',
    });
  });

  it('puts back what still may stand, and says why the rest stays', async () => {
    const { id, entries } = await changed({ name: '甲', grade: 'a' }, { name: '乙', grade: 'b' });
    await dropOption('a');
    const back = await revert(id, { after: entries[0]?.id });
    expect(back).toMatchObject({ restored: ['name'], skipped: [{ field: 'grade', name: '分级' }] });
    expect(back.record.values).toMatchObject({ name: '甲', grade: 'b' });
    await expect(revert(id, { after: entries[0]?.id, fields: ['grade'] })).rejects.toMatchObject({
      code: 'wrong_state',
    });
  });

  it('finds only changes of the record itself', async () => {
    const one = await changed({ name: '甲' }, { name: '乙' });
    const other = await changed({ name: '丁' }, { name: '戊' });
    await expect(revert(one.id, { after: other.entries[0]?.id })).rejects.toMatchObject({ code: 'wrong_state' });
  });
});
