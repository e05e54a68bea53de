import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import type { FileId } from '@lianke/shared/ids';
import type { ImportView } from '@lianke/shared/imports/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestEngine } from '../../../test/support/engine.js';
import { Company, closeImportEngine, createImportEngine } from '../../../test/support/imports.js';
import { FilesService } from '../files/files.service.js';
import { ImportsService } from './imports.service.js';
import { colourHeader } from './workbook/coloured-rows.js';

let engine: TestEngine;
beforeAll(async () => {
  engine = await createImportEngine();
});
afterAll(() => closeImportEngine(engine));

const sheet = (name: string) => readFile(new URL(`../../../test/fixtures/sheets/${name}`, import.meta.url));
const fieldOf = (view: ImportView, header: string) =>
  view.sheets[0]?.columns.find((column) => column.header === header)?.to.field;

/** Names of the pictures in a field, by the record's title; each is opened to see that its bytes are there. */
async function pictures(company: Company, form: string, key: string): Promise<Record<string, string[]>> {
  const ctx = await company.tenant.ctx();
  const records = await company.records(form, { field: key, op: 'notEmpty' });
  const named = records.map(async ({ label, values }) => {
    const ids = ((values[key] ?? []) as { id: FileId }[]).map(({ id }) => id);
    const files = ids.map(async (id) => {
      const { file, stream } = await engine.get(FilesService).open(ctx, id);
      expect((await buffer(stream)).subarray(1, 4).toString()).toBe('PNG');
      return `${file.name} ${file.mime}`;
    });
    return [label, await Promise.all(files)];
  });
  return Object.fromEntries(await Promise.all(named));
}

describe('pictures of a workbook', () => {
  it('that float over cells become images of the record of their row', async () => {
    const company = await Company.open(engine);
    const uploaded = await company.upload(await sheet('pictures.xlsx'), '产品.xlsx');
    const proposed = uploaded.sheets[0]?.targets[0]?.newFields.find(({ name }) => name === '图片');
    expect(proposed?.type).toBe('image');
    expect(uploaded.sheets[0]?.columns[1]?.samples).toEqual(['〔图片〕']);
    const done = await company.start(uploaded.id);
    expect(done.results).toMatchObject([{ created: 4, failed: 0 }]);
    const form = await company.form('产品');
    const key = form.fields.find(({ name }) => name === '图片')?.key ?? '';
    expect(await pictures(company, '产品', key)).toEqual({
      键盘: ['image1.png image/png'],
      鼠标: ['image2.png image/png'],
      线缆: ['image4.png image/png'],
    });
  });

  it('that lie over a column of another kind are left out and said so', async () => {
    const company = await Company.open(engine);
    const form = await company.tenant.form({
      appId: company.appId,
      name: '产品',
      fields: [
        { key: 'name', name: '产品名称', type: 'text' },
        { key: 'photo', name: '图片', type: 'image', config: { max: 9 } },
        { key: 'note', name: '备注', type: 'text' },
      ],
    });
    const uploaded = await company.upload(await sheet('pictures.xlsx'), '产品.xlsx', { formId: form.id });
    expect(fieldOf(uploaded, '图片')).toBe('photo');
    expect(uploaded.check?.issues).toContainEqual(
      expect.objectContaining({ kind: 'badValue', subject: '备注', count: 1 }),
    );
    await company.start(uploaded.id);
    const [mouse] = await company.records('产品', { field: 'name', op: 'eq', value: '鼠标' });
    expect(mouse?.values.note).toBeNull();
  });

  it('of rows that were refused stand in the workbook of errors, which imports again', async () => {
    const company = await Company.open(engine);
    const photo = { key: 'photo', name: '图片', type: 'image' as const, config: { max: 9 } };
    const name = { key: 'name', name: '产品名称', type: 'text' as const };
    const code = { key: 'code', name: '编码', type: 'text' as const, rules: { required: true } };
    const strict = await company.tenant.form({ appId: company.appId, name: '产品一', fields: [name, photo, code] });
    const plain = await company.tenant.form({ appId: company.appId, name: '产品二', fields: [name, photo] });
    const uploaded = await company.upload(await sheet('pictures.xlsx'), '产品.xlsx', { formId: strict.id });
    expect(uploaded.check?.counts).toMatchObject([{ rows: 4, refused: 4 }]);
    const { content } = await engine.get(ImportsService).errors(await company.tenant.ctx(), uploaded.id);
    const again = await company.upload(content, '产品 未导入的行.xlsx', { formId: plain.id });
    expect(fieldOf(again, '图片')).toBe('photo');
    await company.start(again.id);
    const found = await pictures(company, '产品二', 'photo');
    expect(Object.keys(found).sort()).toEqual(['线缆', '键盘', '鼠标'].sort());
    expect(Object.values(found).every((list) => list.length === 1 && list[0]?.endsWith('image/png'))).toBe(true);
  });

  it('that WPS puts into cells become images too', async () => {
    const company = await Company.open(engine);
    const uploaded = await company.upload(await sheet('wps-dispimg.xlsx'), '产品.xlsx');
    await company.start(uploaded.id);
    const form = await company.form('产品');
    const key = form.fields.find(({ name }) => name === '图片')?.key ?? '';
    expect(await pictures(company, '产品', key)).toEqual({
      产品0: ['image1.png image/png'],
      产品1: ['image2.png image/png'],
    });
  });
});

describe('fill colours', () => {
  it('are a column that is left out unless it is wished for', async () => {
    const company = await Company.open(engine);
    const uploaded = await company.upload(await sheet('pictures.xlsx'), '产品.xlsx');
    const [plan] = uploaded.sheets;
    const column = plan?.columns.find(({ header }) => header === colourHeader);
    expect(column).toMatchObject({
      to: { status: 'skipped' },
      distinct: [
        { text: '黄色', count: 2 },
        { text: '红色', count: 1 },
      ],
    });
    const target = plan?.targets[0];
    const field = {
      key: `new:${column?.index}`,
      name: '标记',
      type: 'select' as const,
      config: { options: ['黄色', '红色'].map((label) => ({ id: label, label, color: 'gray' })) },
    };
    const sheets = uploaded.sheets.map((other) => ({
      ...other,
      targets: other.targets.map((item) => ({ ...item, newFields: [...item.newFields, field] })),
      columns: other.columns.map((item) =>
        item.header === colourHeader
          ? { ...item, to: { target: target?.key ?? null, field: field.key, status: 'new' as const } }
          : item,
      ),
    }));
    const done = await company.start(uploaded.id, { sheets });
    expect(done.results).toMatchObject([{ created: 4, failed: 0 }]);
    const form = await company.form('产品');
    const key = form.fields.find(({ name }) => name === '标记')?.key ?? '';
    const marked = await company.records('产品', { field: key, op: 'notEmpty' });
    expect(Object.fromEntries(marked.map(({ label, values }) => [label, values[key]]))).toEqual({
      键盘: '黄色',
      鼠标: '红色',
      线缆: '黄色',
    });
  });
});
