import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestEngine } from '../../../test/support/engine.js';
import { Company, closeImportEngine, createImportEngine } from '../../../test/support/imports.js';
import { FormsService } from '../forms/forms.service.js';
import { FieldUses } from '../forms/uses/field-uses.service.js';
import { ImportsService } from './imports.service.js';
import { readWorkbook } from './workbook/read-workbook.js';

let engine: TestEngine;
let company: Company;
beforeAll(async () => {
  engine = await createImportEngine();
  company = await Company.open(engine);
});
afterAll(() => closeImportEngine(engine));

const csv = (...lines: string[]) => Buffer.from(`${lines.join('\n')}\n`);

describe('what an import teaches', () => {
  it('is remembered for the next file of the same headers, and forgotten on wish', async () => {
    const first = await company.upload(csv('客户名称,代号,电话', '甲公司,A1,13800138000'), '客户.csv');
    const sheets = first.sheets.map((sheet) => ({
      ...sheet,
      columns: sheet.columns.map(({ index, header, to }) => ({
        index,
        to: header === '代号' ? { target: null, field: null, status: 'skipped' as const } : to,
      })),
    }));
    expect(first.sheets[0]?.remembered).toBeUndefined();
    expect(await company.start(first.id, { sheets, options: { ...first.options, duplicates: 'merge' } })).toMatchObject(
      { state: 'done' },
    );
    const second = await company.upload(csv('客户名称,代号,电话', '乙公司,B1,13900139000'), '客户 2.csv');
    expect(second.sheets[0]).toMatchObject({ remembered: true, targets: [{ formName: '客户' }] });
    expect(second.sheets[0]?.columns.map((column) => column.to.status)).toEqual(['matched', 'skipped', 'matched']);
    expect(second.options.duplicates).toBe('merge');
    const anew = await engine.get(ImportsService).plan(await company.tenant.ctx(), second.id, { anew: true });
    expect(anew.sheets[0]?.remembered).toBeUndefined();
    expect(anew.sheets[0]?.columns[1]?.to.status).not.toBe('skipped');
    expect(anew.options.duplicates).toBe('create');
  });

  it('is the company’s own word for a field, in files of other headers too', async () => {
    const own = await Company.open(engine);
    const form = await own.tenant.form({
      appId: own.appId,
      name: '设备',
      fields: [
        { key: 'name', name: '设备名称', type: 'text' },
        { key: 'place', name: '存放位置', type: 'text' },
      ],
    });
    const first = await own.upload(csv('设备名称,库位号', '车床,A-1'), '设备.csv', { formId: form.id });
    const sheets = first.sheets.map((sheet) => ({
      ...sheet,
      targets: sheet.targets.map((target) => ({ ...target, newFields: [] })),
      columns: sheet.columns.map(({ index, header, to }) => ({
        index,
        to:
          header === '库位号'
            ? { target: sheet.targets[0]?.key ?? null, field: 'place', status: 'matched' as const }
            : to,
      })),
    }));
    await own.start(first.id, { sheets });
    const second = await own.upload(csv('序号,库位号,设备名称', '1,B-2,铣床'), '设备 2.csv', { formId: form.id });
    expect(second.sheets[0]?.remembered).toBeUndefined();
    expect(second.sheets[0]?.columns.slice(1).map((column) => column.to.field)).toEqual(['place', 'name']);
  });

  it('is told to who changes a field that it names', async () => {
    const own = await Company.open(engine);
    const form = await own.tenant.form({
      appId: own.appId,
      name: '工具',
      fields: [
        { key: 'name', name: '工具名称', type: 'text' },
        { key: 'place', name: '存放位置', type: 'text' },
      ],
    });
    const first = await own.upload(csv('工具名称,存放位置', '扳手,A-1'), '工具.csv', { formId: form.id });
    await own.start(first.id, { sheets: first.sheets, options: first.options });
    const place = form.fields.find((field) => field.key === 'place')?.id as string;
    const uses = await engine.get(FieldUses).of(await own.tenant.ctx(), form.id, ['place']);
    expect(uses.filter((use) => use.kind === 'importMapping')).toEqual([
      expect.objectContaining({ name: '存放位置', formId: form.id, fields: [place] }),
    ]);
  });

  it('names records of another form by any unique field', async () => {
    const forms = engine.get(FormsService);
    const ctx = await company.tenant.ctx();
    const product = await forms.create(ctx, {
      appId: company.appId,
      name: '产品',
      fields: [
        { key: 'name', name: '产品名称', type: 'text', config: {}, rules: {} },
        { key: 'code', name: '产品编码', type: 'text', config: {}, rules: { unique: true } },
      ],
    });
    const order = await forms.create(await company.tenant.ctx(), {
      appId: company.appId,
      name: '订单',
      fields: [
        { key: 'number', name: '订单号', type: 'text', config: {}, rules: {} },
        { key: 'product', name: '产品', type: 'relation', config: { formId: product.id }, rules: {} },
      ],
    });
    await company.start(
      (await company.upload(csv('产品名称,产品编码', '键盘,P-01', '键盘,P-02'), '产品.csv', { formId: product.id })).id,
    );
    const upload = await company.upload(csv('订单号,产品', 'O1,p-02', 'O2,P-09'), '订单.csv', { formId: order.id });
    const sheets = upload.sheets.map((sheet) => ({
      ...sheet,
      columns: sheet.columns.map(({ index, header, to }) => ({
        index,
        to: header === '产品' ? { ...to, by: 'code' } : to,
      })),
    }));
    const checked = await engine
      .get(ImportsService)
      .plan(await company.tenant.ctx(), upload.id, { sheets, options: upload.options });
    expect(checked.check?.issues.filter((issue) => issue.kind === 'unknownLink')).toMatchObject([
      { subject: '产品', count: 1 },
    ]);
    await company.start(upload.id);
    const [linked] = await company.records('订单', { field: 'product', op: 'notEmpty' });
    const [keyboard] = await company.records('产品', { field: 'code', op: 'eq', value: 'P-02' });
    expect(linked?.values.product).toMatchObject({ id: keyboard?.id });
    const wrong = sheets.map((sheet) => ({
      ...sheet,
      columns: sheet.columns.map((column) =>
        'by' in column.to ? { ...column, to: { ...column.to, by: 'name' } } : column,
      ),
    }));
    const again = await company.upload(csv('订单号,产品', 'O3,键盘'), '订单.csv', { formId: order.id });
    await expect(
      engine.get(ImportsService).plan(await company.tenant.ctx(), again.id, { sheets: wrong, options: again.options }),
    ).rejects.toMatchObject({ code: 'invalid_definition' });
  });

  it('refuses a card number that the spreadsheet has rounded, and leaves hidden rows out on wish', async () => {
    const form = await engine.get(FormsService).create(await company.tenant.ctx(), {
      appId: company.appId,
      name: '账户',
      fields: [
        { key: 'holder', name: '户名', type: 'text', config: {}, rules: {} },
        { key: 'card', name: '卡号', type: 'text', config: {}, rules: {} },
      ],
    });
    const { writeXlsx } = await import('hucre');
    const rows = [
      ['户名', '卡号'],
      ['甲', 6.2220202001122e18],
      ['乙', '6222020200112233445'],
      ['丙', '0012'],
    ];
    const bytes = Buffer.from(
      await writeXlsx({ sheets: [{ name: '账户', rows, rowDefs: new Map([[3, { hidden: true }]]) }] }),
    );
    const upload = await company.upload(bytes, '账户.xlsx', { formId: form.id });
    expect(upload.check?.counts).toMatchObject([{ willImport: 2, refused: 1 }]);
    const [issue] = upload.check?.issues.filter(({ kind }) => kind === 'refused') ?? [];
    expect(issue?.message).toContain('卡号超过 15 位');
    const sheets = upload.sheets.map((sheet) => ({ ...sheet, hidden: { rows: 1, include: false } }));
    const without = await engine
      .get(ImportsService)
      .plan(await company.tenant.ctx(), upload.id, { sheets, options: upload.options });
    expect(without.check?.counts).toMatchObject([{ rows: 2, willImport: 1 }]);
  });

  it('gives a template whose columns match themselves and whose sample row is never imported', async () => {
    const ctx = await company.tenant.ctx();
    const form = await engine.get(FormsService).create(ctx, {
      appId: company.appId,
      name: '商机登记',
      fields: [
        { key: 'title', name: '商机名称', type: 'text', config: {}, rules: { required: true } },
        {
          key: 'stage',
          name: '阶段',
          type: 'select',
          config: {
            options: [
              { id: 'a', label: '初步接洽' },
              { id: 'b', label: '已成交' },
            ],
          },
          rules: {},
        },
        { key: 'amount', name: '金额', type: 'money', config: {}, rules: {} },
        { key: 'due', name: '预计结单', type: 'date', config: {}, rules: {} },
      ],
    });
    const { name, content } = await engine.get(ImportsService).template(await company.tenant.ctx(), form.id);
    expect(name).toBe('商机登记 导入模板.xlsx');
    const { sheets } = await readWorkbook(content);
    expect(sheets[0]?.rows[0]?.slice(0, 4)).toEqual(['*商机名称', '阶段', '金额（元）', '预计结单']);
    expect(sheets[0]?.lists).toContainEqual({ column: 1, values: ['初步接洽', '已成交'] });
    const upload = await company.upload(content, name, { formId: form.id });
    expect(upload.sheets[0]).toMatchObject({ rows: 0, reason: '标题行下面没有数据' });
    expect(upload.sheets[0]?.columns.slice(0, 4).every((column) => column.to.status === 'matched')).toBe(true);
  });
});
