import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { fieldTypes } from '@lianke/shared/fields/registry';
import type { FormView } from '@lianke/shared/forms/definition';
import type { RecordId } from '@lianke/shared/ids';
import type { ImportView } from '@lianke/shared/imports/api';
import { exportBody } from '@lianke/shared/records/exports';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExportRunner } from '../src/engine/exports/export-runner.js';
import { ExportsService } from '../src/engine/exports/exports.service.js';
import { ImportsService } from '../src/engine/imports/imports.service.js';
import { ImportRunner } from '../src/engine/imports/run/import-runner.js';
import { readWorkbook } from '../src/engine/imports/workbook/read-workbook.js';
import { RecordReader } from '../src/engine/records/record-reader.js';
import { FieldWorld } from './support/field-walk/field-world.js';
import { type Case, cases, type WrittenType } from './support/field-walk/samples.js';
import { bare, inOneOrder } from './support/field-walk/values.js';

const never = new AbortController().signal;
/** What a sheet of the form itself does not hold: files are named in it, rows of subforms have sheets of their own. */
const isFile = (type: WrittenType) => fieldTypes[type].refers === 'file';
const inSheet = cases.filter(({ type }) => !isFile(type) && type !== 'subform');
const files = cases.filter(({ type, encrypted }) => isFile(type) && !encrypted);
const subform = cases.find(({ type }) => type === 'subform') as Case;

let world: FieldWorld;
let form: FormView;
beforeAll(async () => {
  world = await FieldWorld.open();
  form = await world.form('全部', cases);
});
afterAll(() => world.close());

/** Two records with the first and the second value of each field. */
async function make(items: readonly Case[]): Promise<RecordId[]> {
  const { results } = await world.write(
    form,
    'create',
    ([0, 1] as const).map((at) => ({
      values: Object.fromEntries(items.map(({ key, type }) => [key, world.samples[type].values[at]])),
    })),
  );
  expect(results.map(({ error }) => error)).toEqual([undefined, undefined]);
  return results.map(({ id }) => id as RecordId);
}

async function exported(body: Parameters<typeof exportBody.parse>[0]): Promise<Buffer> {
  const { engine, ctx, tenant } = world;
  const { id } = await engine.get(ExportsService).create(ctx, form.id, exportBody.parse(body));
  await engine.get(ExportRunner).run(tenant.id, id, never);
  return buffer((await engine.get(ExportsService).file(ctx, id)).stream);
}

function upload(file: Buffer): Promise<ImportView> {
  const content = Readable.from([file]);
  return world.engine
    .get(ImportsService)
    .create(world.ctx, { appId: form.appId, formId: form.id }, { name: '全部.xlsx', content });
}

async function imported(view: ImportView, body: Parameters<ImportsService['start']>[2] = {}): Promise<ImportView> {
  const imports = world.engine.get(ImportsService);
  await imports.start(world.ctx, view.id, body);
  await world.engine.get(ImportRunner).run(world.tenant.id, view.id, never);
  return imports.get(world.ctx, view.id);
}

const everything = async () =>
  (await world.engine.get(RecordReader).query(world.ctx, form.id, { limit: 200, total: false })).items;

describe('an exported workbook', () => {
  it('holds every type, and imported again makes the same records', async () => {
    const ids = await make(inSheet);
    const before = new Set((await everything()).map((record) => record.id));
    const view = await upload(await exported({ ids, fields: inSheet.map(({ key }) => key) }));
    expect(view.sheets[0]?.columns.map(({ to }) => to.field)).toEqual(inSheet.map(({ key }) => key));
    expect(view.check?.issues).toEqual([]);
    const sheets = view.sheets.map((sheet) => ({
      ...sheet,
      targets: sheet.targets.map((target) => ({ ...target, mode: 'insert' })),
    }));
    const options = { ...view.options, duplicates: 'create', badCells: 'refuse' } as const;
    const done = await imported(view, { sheets: sheets as never, options });
    expect(done).toMatchObject({ state: 'done', errorRows: 0, results: [{ created: 2 }] });
    const made = (await everything()).filter((record) => !before.has(record.id));
    for (const item of inSheet) {
      const found = made.map(({ values }) => inOneOrder(bare(values[item.key])));
      const sample = world.samples[item.type];
      const meant = (sample.carried ?? sample.values).map(inOneOrder);
      expect([item.name, ...found.sort()]).toEqual([item.name, ...meant.sort()]);
    }
  });

  it('has the rows of a subform on a sheet of their own, and imported again they are the very same', async () => {
    const ids = await make([subform]);
    const rowsOf = async () => {
      const records = await world.engine.get(RecordReader).getMany(world.ctx, form.id, ids);
      return ids.map((id) => bare(records.find((record) => record.id === id)?.values[subform.key]));
    };
    const before = await rowsOf();
    expect(before.flat()).toHaveLength(2);
    const file = await exported({ ids, withId: true, fields: ['text1', subform.key], subforms: 'sheets' });
    const { sheets } = await readWorkbook(file);
    expect(sheets.map(({ name }) => name)).toEqual(['全部', subform.name]);
    const done = await imported(await upload(file));
    expect(done).toMatchObject({ state: 'done', errorRows: 0 });
    expect(done.results.reduce((sum, { failed }) => sum + failed, 0)).toBe(0);
    expect(await rowsOf()).toEqual(before);
  });

  it('names the files of a record, and imported again by its id they stay where they are', async () => {
    const ids = await make(files);
    const valuesOf = async () => {
      const records = await world.engine.get(RecordReader).getMany(world.ctx, form.id, ids);
      return ids.map((id) => files.map(({ key }) => bare(records.find((record) => record.id === id)?.values[key])));
    };
    const before = await valuesOf();
    const file = await exported({ ids, withId: true, fields: ['text1', ...files.map(({ key }) => key)] });
    const [, ...rows] = (await readWorkbook(file)).sheets[0]?.rows ?? [];
    for (const row of rows) for (const cell of row.slice(2)) expect(cell).toMatch(/^[一二]\.png(、[一二]\.png)*$/);
    const done = await imported(await upload(file));
    expect(done).toMatchObject({ state: 'done' });
    expect(await valuesOf()).toEqual(before);
  });
});
