import { fieldTypeNames, fieldTypes } from '@lianke/shared/fields/registry';
import type { FormView } from '@lianke/shared/forms/definition';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RecordReader } from '../src/engine/records/record-reader.js';
import { FieldWorld } from './support/field-walk/field-world.js';
import { cases, keptNames, writtenNames } from './support/field-walk/samples.js';
import { begin, steps, type Walked } from './support/field-walk/steps.js';

let world: FieldWorld;
let form: FormView;
beforeAll(async () => {
  world = await FieldWorld.open();
  form = await world.form('全部', cases);
});
afterAll(() => world.close());

/** The samples are of every written type (the compiler asks for them); the others are walked in `field-types-kept.spec.ts`. */
it('walks every field type', () => {
  expect(Object.keys(world.samples).sort()).toEqual([...writtenNames].sort());
  expect(fieldTypeNames.filter((name) => fieldTypes[name].kept).sort()).toEqual([...keptNames].sort());
  expect(fieldTypeNames.length).toBeGreaterThanOrEqual(34);
  expect(cases.filter((item) => item.encrypted).length).toBeGreaterThanOrEqual(11);
});

describe.each(cases)('$name', (item) => {
  let walked: Walked;
  beforeAll(async () => {
    walked = await begin(world, form, item);
  });

  it.each(Object.keys(steps))('%s', (step) => steps[step]?.(walked));
});

it('a condition reaches through a relation to many records: any of them counts', async () => {
  const { values } = world.samples.relations;
  const { results } = await world.write(form, 'create', [
    { values: { relations1: values[0] } },
    { values: { relations1: values[1] } },
  ]);
  const reader = world.engine.get(RecordReader);
  const ask = async (name: string) => {
    const filter = { field: 'relations1.name', op: 'eq' as const, value: name };
    const page = await reader.query(world.ctx, form.id, { filter, fields: [], limit: 200, total: false });
    return results.map((result) => page.items.some((record) => record.id === result.id));
  };
  expect([await ask('甲'), await ask('乙'), await ask('丙')]).toEqual([
    [true, false],
    [true, true],
    [false, false],
  ]);
  const sorted = reader.query(world.ctx, form.id, {
    sort: [{ field: 'relations1.name', dir: 'asc' }],
    limit: 1,
    total: false,
  });
  await expect(sorted).rejects.toMatchObject({ code: 'unknown_field' });
});
