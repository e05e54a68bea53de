import { Readable } from 'node:stream';
import type { Language } from '@lianke/shared/errors/issue-text';
import type { FormView } from '@lianke/shared/forms/definition';
import type { RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { writeXlsx } from 'hucre';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TenantContext } from '../src/engine/context.js';
import { ImportsService } from '../src/engine/imports/imports.service.js';
import { ImportRunner } from '../src/engine/imports/run/import-runner.js';
import { readWorkbook } from '../src/engine/imports/workbook/read-workbook.js';
import { RecordWriter } from '../src/engine/records/record-writer.js';
import { UndoService } from '../src/engine/records/undo.service.js';
import { DashboardsService } from '../src/engine/reports/dashboards.service.js';
import type { TestEngine } from './support/engine.js';
import { Company, closeImportEngine, createImportEngine } from './support/imports.js';

let engine: TestEngine;
let company: Company;
let form: FormView;
const never = new AbortController().signal;

beforeAll(async () => {
  engine = await createImportEngine();
  company = await Company.open(engine);
  form = await company.tenant.form({
    appId: company.appId,
    name: 'Orders',
    fields: [
      { key: 'name', name: 'Name', type: 'text', rules: { required: true } },
      { key: 'paid', name: 'Paid', type: 'switch' },
    ],
  });
});
afterAll(() => closeImportEngine(engine));

const reading = async (language?: Language): Promise<TenantContext> => ({
  ...(await company.tenant.ctx()),
  ...(language ? { language } : {}),
});

describe('what is said of a row', () => {
  const bad: { values: Record<string, Json> }[] = [{ values: { name: 'a', paid: 'x' } }, { values: { paid: true } }];
  const reasons = async (ctx: TenantContext) =>
    (await engine.get(RecordWriter).write(ctx, { formId: form.id, op: 'create', rows: bad })).results.map((result) =>
      result.error?.fields?.map((field) => field.message).join(),
    );

  it('is in the language of whoever wrote it, in Chinese where nobody asked', async () => {
    expect(await reasons(await reading('en'))).toEqual(['Wrong format, expected yes or no', 'Required']);
    expect(await reasons(await reading())).toEqual(['格式不对，应为是/否', '必填']);
  });

  it('is so in a batch of which nothing is written', async () => {
    const rows = [{ values: { name: 'good' } }, ...bad];
    const request = { formId: form.id, op: 'create', rows, atomic: true } as const;
    const { results } = await engine.get(RecordWriter).write(await reading('en'), request);
    expect(results[0]?.error?.message).toMatch(/nothing of the batch was written$/);
  });

  it('is so in the report of what could not be taken back', async () => {
    const writer = engine.get(RecordWriter);
    const ctx = await reading('en');
    const made = await writer.write(ctx, { formId: form.id, op: 'create', rows: [{ values: { name: 'b' } }] });
    const id = made.results[0]?.id as RecordId;
    await writer.write(ctx, { formId: form.id, op: 'update', rows: [{ id, values: { paid: true } }] });
    const report = await engine.get(UndoService).undo(ctx, made.batchId);
    expect(report.rows[0]?.reason).toMatch(/^changed since by \S+/);
  });
});

describe('an import of somebody who reads English', () => {
  it('says in English why rows stayed out, on screen and in the workbook, which imports again', async () => {
    const imports = engine.get(ImportsService);
    const ctx = await reading('en');
    const file = Buffer.from(
      await writeXlsx({
        sheets: [
          {
            name: 'Orders',
            rows: [
              ['Name', 'Paid'],
              ['c', 'Yes'],
              ['d', 'perhaps'],
              [null, 'No'],
            ],
          },
        ],
      }),
    );
    const upload = { name: 'orders.xlsx', content: Readable.from([file]) };
    const view = await imports.create(ctx, { appId: company.appId, formId: form.id }, upload);
    const sheet = view.sheets[0]?.name ?? '';
    const { items } = await imports.rows(await reading(), view.id, { sheet, kind: 'refused', offset: 0, limit: 10 });
    expect(items.map((item) => item.reason)).toEqual(['no Name']);
    await imports.start(ctx, view.id, { sheets: view.sheets, options: { ...view.options, badCells: 'refuse' } });
    await engine.get(ImportRunner).run(company.tenant.id, view.id, never);
    const { name, content } = await imports.errors(ctx, view.id);
    expect(name).toBe('orders rows not imported.xlsx');
    const [header, ...failed] = (await readWorkbook(content)).sheets[0]?.rows ?? [];
    expect(header?.at(-1)).toBe('Why it was not imported');
    expect(failed.map((row) => row.at(-1))).toEqual(['Paid "perhaps": Wrong format, expected yes or no', 'no Name']);
    const again = await imports.create(
      ctx,
      { appId: company.appId, formId: form.id },
      { name, content: Readable.from([content]) },
    );
    expect(again.sheets[0]?.columns.map((column) => column.to.field)).toEqual(['name', 'paid', null]);
  });
});

it('a widget whose field is gone says so in the reader’s language', async () => {
  const ctx = await reading('en');
  const widget = {
    id: 'w',
    type: 'metric',
    title: '',
    formId: form.id,
    measure: { fn: 'sum', field: 'gone' },
  } as never;
  const dashboards = engine.get(DashboardsService);
  expect(await dashboards.widget(ctx, widget)).toMatchObject({ message: 'The field "gone" was deleted' });
  expect(await dashboards.widget(await reading(), widget)).toMatchObject({ message: '字段“gone”已删除' });
});
