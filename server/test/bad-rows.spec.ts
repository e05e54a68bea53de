import { good, type Row, ruledStates } from '@lianke/shared/forms/testing/rule-rows';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FormsService } from '../src/engine/forms/forms.service.js';
import { RecordReader } from '../src/engine/records/record-reader.js';
import { RecordWriter } from '../src/engine/records/record-writer.js';
import { BadRowsForm, doors } from './support/bad-row-doors.js';
import { type BadRow, corpus } from './support/bad-rows.js';

/** What is bad about a row. */
const told = ({ values }: BadRow) =>
  JSON.stringify(Object.fromEntries(Object.entries(values).filter(([key, value]) => good[key] !== value)));

let world: BadRowsForm;
beforeAll(async () => {
  world = await BadRowsForm.open();
});
afterAll(() => world.engine.close());

describe('bad rows', () => {
  const all = corpus();

  it.each(Object.keys(doors))(`are refused with the same codes by ${'%s'}`, async (name) => {
    const door = doors[name] as (typeof doors)[string];
    const rows = all.filter((row) => door.takes(world, row));
    expect(rows.length).toBeGreaterThanOrEqual(200);
    const answers = await door.send(world, rows);
    expect(answers).toHaveLength(rows.length);
    const wrong = rows.flatMap((row, index) => {
      const codes = [...row.codes].sort();
      const got = [...(answers[index] ?? [])].sort();
      return codes.join() === got.join() ? [] : [`${told(row)} → ${got.join(', ')}, not ${codes.join(', ')}`];
    });
    expect(wrong).toEqual([]);
    const page = await world.engine
      .get(RecordReader)
      .query(await world.tenant.ctx(), world.form.id, { fields: [], limit: 1, total: 'exact' });
    expect(page.total).toBe(0);
  });
});

describe('rules', () => {
  const write = async (op: 'create' | 'update', values: Row, id?: string) => {
    const { results } = await world.engine.get(RecordWriter).write(await world.tenant.ctx(), {
      formId: world.form.id,
      op,
      rows: [{ values, ...(id ? { id: id as never } : {}) }],
    });
    const [result] = results;
    return {
      id: String(result?.id),
      codes: (result?.error?.fields ?? []).map((item) => `${item.field}: ${item.code}`).sort(),
    };
  };
  const read = async (id: string) =>
    (await world.engine.get(RecordReader).get(await world.tenant.ctx(), world.form.id, id as never)).values;

  it('look at the record as it would be after a change, and forgive what nobody touched', async () => {
    const { id, codes } = await write('create', { ...good, locked: 5 });
    expect(codes).toEqual([]);
    expect((await write('update', { stage: 'C', kind: null }, id)).codes).toEqual(['reason: required']);
    expect((await write('update', { stage: 'C', kind: null, reason: '价格', locked: 6 }, id)).codes).toEqual([]);
    // From now on the stage locks the number, whoever writes it.
    expect((await write('update', { locked: 7 }, id)).codes).toEqual(['locked: locked_by']);
    expect((await write('update', { locked: 6, name: '新名' }, id)).codes).toEqual([]);
  });

  it('keep the values of hidden fields, or empty them where the form says so', async () => {
    const { id } = await write('create', { ...good, stage: 'C', kind: null, next: null, reason: '价格' });
    await write('update', { stage: 'A', next: '回访' }, id);
    expect((await read(id)).reason).toBe('价格');
    const service = world.engine.get(FormsService);
    await service.update(await world.tenant.ctx(), world.form.id, {
      settings: { ...world.form.settings, hiddenValues: 'clear' },
    });
    await write('update', { name: '改名' }, id);
    expect((await read(id)).reason).toBeNull();
    world.form = await service.update(await world.tenant.ctx(), world.form.id, {
      settings: { ...world.form.settings, hiddenValues: 'keep' },
    });
  });

  it.each(ruledStates)('ask for $required and hide $hidden', async ({ values, hidden, required }) => {
    const without = Object.fromEntries(required.map((key) => [key, null]));
    expect((await write('create', { ...values, ...without })).codes).toEqual(required.map((key) => `${key}: required`));
    const service = world.engine.get(FormsService);
    const settings = (hiddenValues: 'keep' | 'clear') => ({ settings: { ...world.form.settings, hiddenValues } });
    await service.update(await world.tenant.ctx(), world.form.id, settings('clear'));
    const filled = Object.fromEntries(['hidden', 'reason', 'taxNo', 'why'].map((key) => [key, values[key] ?? '写了']));
    const { id, codes } = await write('create', { ...values, ...filled });
    expect(codes).toEqual([]);
    const kept = await read(id);
    expect(Object.keys(filled).filter((key) => kept[key] === null)).toEqual(hidden);
    world.form = await service.update(await world.tenant.ctx(), world.form.id, settings('keep'));
  });

  it('refuse a combination that another record or another row of the batch has', async () => {
    const service = world.engine.get(FormsService);
    world.form = await service.update(await world.tenant.ctx(), world.form.id, {
      settings: { ...world.form.settings, uniqueSets: [{ fields: ['code', 'start'] }] },
    });
    const first = await write('create', { ...good, code: 'ZZ100', start: '2026-01-01' });
    expect(first.codes).toEqual([]);
    expect((await write('create', { ...good, code: 'ZZ100', start: '2026-01-01' })).codes).toEqual([
      'code: set_not_unique',
    ]);
    expect((await write('create', { ...good, code: 'ZZ100', start: '2026-01-02' })).codes).toEqual([]);
    expect((await write('create', { ...good, code: 'ZZ100' })).codes).toEqual([]);
    const other = await write('create', { ...good, code: 'ZZ100' });
    expect((await write('update', { start: '2026-01-01' }, other.id)).codes).toEqual(['code: set_not_unique']);
    expect((await write('update', { name: '同一条' }, first.id)).codes).toEqual([]);
    const { results } = await world.engine.get(RecordWriter).write(await world.tenant.ctx(), {
      formId: world.form.id,
      op: 'create',
      rows: [1, 2].map(() => ({ values: { ...good, code: 'ZZ200', start: '2026-01-01' } })),
    });
    expect(results.map((result) => result.status)).toEqual(['created', 'failed']);
  });

  it.each([
    ['a condition on a field that is not there', { visibleWhen: { field: 'gone', op: 'empty' } }],
    ['an operator the type does not know', { visibleWhen: { field: 'stage', op: 'gt', value: 1 } }],
    ['a value that is none', { requiredWhen: { field: 'start', op: 'eq', value: 'x' } }],
    ['options by a field without options', { optionsBy: { field: 'code', allowed: {} } }],
  ])('are refused when they hold %s', async (_, rules) => {
    const service = world.engine.get(FormsService);
    const fields = world.form.fields
      .filter((field) => !field.system)
      .map((field) => (field.key === 'name' ? { ...field, rules } : field));
    await expect(
      service.update(await world.tenant.ctx(), world.form.id, { fields: fields as never }),
    ).rejects.toMatchObject({
      code: 'invalid_definition',
    });
  });

  it('keep a field that a check needs from being removed', async () => {
    const fields = world.form.fields.filter((field) => !field.system && field.key !== 'start');
    await expect(
      world.engine.get(FormsService).update(await world.tenant.ctx(), world.form.id, { fields: fields as never }),
    ).rejects.toMatchObject({ code: 'invalid_definition' });
  });
});
