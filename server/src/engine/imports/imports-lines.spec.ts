import { readFile } from 'node:fs/promises';
import type { FormView } from '@lianke/shared/forms/definition';
import type { RecordId } from '@lianke/shared/ids';
import type { SheetPlan } from '@lianke/shared/imports/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestEngine } from '../../../test/support/engine.js';
import { Company, closeImportEngine, createImportEngine } from '../../../test/support/imports.js';
import { RecordReader } from '../records/record-reader.js';
import { ImportsService } from './imports.service.js';
import { readWorkbook } from './workbook/read-workbook.js';

let engine: TestEngine;
beforeAll(async () => {
  engine = await createImportEngine();
});
afterAll(() => closeImportEngine(engine));

const merged = () => readFile(new URL('../../../test/fixtures/sheets/merged-lines.xlsx', import.meta.url));

const orderFields = [
  { name: '订单编号', key: 'no', type: 'text' as const, rules: { required: true } },
  { name: '客户', key: 'customer', type: 'text' as const },
  {
    name: '明细',
    key: 'items',
    type: 'subform' as const,
    config: {
      maxRows: 3,
      fields: [
        { name: '品名', key: 'name', type: 'text', rules: { required: true } },
        { name: '数量', key: 'count', type: 'number' },
        { name: '单价', key: 'price', type: 'money' },
      ],
    },
  },
];

async function openWithOrders(): Promise<{ company: Company; orders: FormView }> {
  const company = await Company.open(engine);
  const orders = await company.tenant.form({ appId: company.appId, name: '订单', fields: orderFields as never });
  return { company, orders };
}

/** Each record's lines in full, by the record's title. */
async function linesOf(company: Company, name: string): Promise<Record<string, unknown[]>> {
  const ctx = await company.tenant.ctx();
  const form = await company.form(name);
  const page = await engine.get(RecordReader).query(ctx, form.id, { limit: 200, total: false });
  const subform = form.fields.find((field) => field.type === 'subform')?.key ?? '';
  const whole = await Promise.all(
    page.items.map(async ({ id, label }) => ({
      label,
      record: await engine.get(RecordReader).get(ctx, form.id, id as RecordId),
    })),
  );
  return Object.fromEntries(
    whole.map(({ label, record }, at) => [
      whole.findIndex((other) => other.label === label) === at ? label : `${label} ${at}`,
      ((record.values[subform] ?? []) as { values: Record<string, unknown> }[]).map(({ values }) => values),
    ]),
  );
}

const keyed = (sheet: SheetPlan) => Object.fromEntries(sheet.columns.map(({ header, to }) => [header, to.field]));

describe('rows beside merged cells', () => {
  it('become lines of a subform', async () => {
    const { company, orders } = await openWithOrders();
    const uploaded = await company.upload(await merged(), '订单.xlsx', { formId: orders.id });
    const [sheet] = uploaded.sheets;
    expect(sheet?.grouping).toEqual({ rows: 3, as: 'subform' });
    expect(keyed(sheet as SheetPlan)).toMatchObject({
      订单编号: 'no',
      品名: 'items.name',
      数量: 'items.count',
      单价: 'items.price',
    });
    expect(uploaded.check?.counts).toMatchObject([{ rows: 3, willImport: 3, refused: 0 }]);
    const done = await company.start(uploaded.id);
    expect(done.results).toMatchObject([{ created: 3, failed: 0 }]);
    expect(await linesOf(company, '订单')).toMatchObject({
      'A-001': [
        { name: '键盘', count: '2', price: '99.5' },
        { name: '鼠标', count: '3', price: '49' },
        { name: '显示器', count: '1', price: '1299' },
      ],
      'A-002': [{ name: '键盘' }],
      'A-003': [
        { name: '线缆', count: '10' },
        { name: '键盘', price: '95' },
      ],
    });
    expect((await company.undo(uploaded.id)).undo).toMatchObject({ reversed: 3, kept: 0, failed: 0 });
    expect(await company.count('订单')).toBe(0);
  });

  it('are records of their own on wish, merged cells filled down', async () => {
    const { company, orders } = await openWithOrders();
    const uploaded = await company.upload(await merged(), '订单.xlsx', { formId: orders.id });
    const sheets = uploaded.sheets.map((sheet) => ({
      ...sheet,
      ...(sheet.grouping && { grouping: { ...sheet.grouping, as: 'records' as const } }),
    }));
    const done = await company.start(uploaded.id, { sheets });
    expect(done.results).toMatchObject([{ created: 6, failed: 0 }]);
    expect(await company.count('订单', { field: 'no', op: 'eq', value: 'A-001' })).toBe(3);
  });

  it('make a form with a subform from a file, and back to one record a row on wish', async () => {
    const company = await Company.open(engine);
    const uploaded = await company.upload(await merged(), '订单.xlsx');
    const [target] = uploaded.sheets[0]?.targets ?? [];
    expect(uploaded.sheets[0]?.grouping).toEqual({ rows: 3, as: 'subform' });
    const fields = target?.newFields ?? [];
    expect(fields.find(({ type }) => type === 'subform')).toMatchObject({
      name: '明细',
      config: { fields: [{ name: '品名' }, { name: '数量', type: 'number' }, { name: '单价', type: 'money' }] },
    });
    expect(fields.filter(({ type }) => type !== 'subform').map(({ name }) => name)).toEqual([
      '订单编号',
      '客户',
      '下单日期',
      '备注',
    ]);
    const ctx = await company.tenant.ctx();
    const service = engine.get(ImportsService);
    const wish = (as: 'records' | 'subform', sheets: SheetPlan[]) =>
      service.plan(ctx, uploaded.id, {
        sheets: sheets.map((sheet) => ({ ...sheet, grouping: { rows: 3, as } })),
      });
    const plain = await wish('records', uploaded.sheets);
    expect(plain.sheets[0]?.targets[0]?.newFields.map(({ type }) => type)).not.toContain('subform');
    expect(plain.check?.counts).toMatchObject([{ rows: 6 }]);
    await wish('subform', plain.sheets);
    const done = await company.start(uploaded.id);
    expect(done.results).toMatchObject([{ created: 3, failed: 0 }]);
    expect(
      Object.values(await linesOf(company, '订单'))
        .map((lines) => lines.length)
        .sort(),
    ).toEqual([1, 2, 3]);
  });

  it('are refused with their record when one of them cannot stand, and come back mended from the error workbook', async () => {
    const { company, orders } = await openWithOrders();
    const csv =
      '订单编号,客户,明细.品名,明细.数量\nB-1,甲,螺丝,1\n,,,2\nB-2,乙,螺母,x\nB-3,丙,a,1\n,,b,1\n,,c,1\n,,d,1\n';
    const uploaded = await company.upload(Buffer.from(csv), '订单.csv', { formId: orders.id });
    const refusals = uploaded.check?.issues.filter(({ kind }) => kind === 'refused').map(({ subject }) => subject);
    expect(refusals?.sort()).toEqual(['明细有 4 行，最多 3 行', '明细（第 3 行）没有品名']);
    expect(uploaded.check?.issues).toContainEqual(
      expect.objectContaining({ kind: 'badValue', subject: '明细.数量', count: 1 }),
    );
    await company.start(uploaded.id);
    const { content } = await engine.get(ImportsService).errors(await company.tenant.ctx(), uploaded.id);
    const { sheets } = await readWorkbook(content);
    expect(sheets[0]?.rows.map((row) => row.slice(0, 3))).toEqual([
      ['订单编号', '客户', '明细.品名'],
      ['B-1', '甲', '螺丝'],
      [null, null, null],
      ['B-3', '丙', 'a'],
      [null, null, 'b'],
      [null, null, 'c'],
      [null, null, 'd'],
    ]);
    expect(Object.keys(await linesOf(company, '订单'))).toEqual(['B-2']);
  });

  it('bring fields that the rows do not have yet: beside the others by themselves, and where the person puts them', async () => {
    const { company, orders } = await openWithOrders();
    const csv = '订单编号,明细.品名,明细.批次,颜色\nC-1,螺丝,P7,红\n,螺母,P8,蓝\n';
    const uploaded = await company.upload(Buffer.from(csv), '订单.csv', { formId: orders.id });
    const [plan] = uploaded.sheets;
    expect(keyed(plan as SheetPlan)).toMatchObject({ '明细.品名': 'items.name', '明细.批次': 'items.new:2' });
    expect(plan?.targets[0]?.newFields).toContainEqual(
      expect.objectContaining({ key: 'items.new:2', within: 'items', name: '批次' }),
    );
    const colour = { key: 'items.new:3', within: 'items', name: '颜色', type: 'text' as const, config: {} };
    const sheets = uploaded.sheets.map((sheet) => ({
      ...sheet,
      targets: sheet.targets.map((target) => ({
        ...target,
        newFields: [...target.newFields.filter(({ key }) => key === 'items.new:2'), colour],
      })),
      columns: sheet.columns.map((column) =>
        column.header === '颜色'
          ? { ...column, to: { target: sheet.targets[0]?.key ?? '', field: colour.key, status: 'new' as const } }
          : column,
      ),
    }));
    const done = await company.start(uploaded.id, { sheets });
    expect(done.results).toMatchObject([{ created: 1, failed: 0 }]);
    const form = await company.form('订单');
    const inner = form.fields.find(({ key }) => key === 'items')?.config.fields as {
      key: string;
      name: string;
    }[];
    expect(inner.map(({ name }) => name)).toEqual(['品名', '数量', '单价', '批次', '颜色']);
    const [batch, shade] = inner.slice(-2).map(({ key }) => key);
    expect(await linesOf(company, '订单')).toMatchObject({
      'C-1': [
        { name: '螺丝', [batch ?? '']: 'P7', [shade ?? '']: '红' },
        { name: '螺母', [batch ?? '']: 'P8', [shade ?? '']: '蓝' },
      ],
    });
    // The same file again knows the fields.
    const again = await company.upload(Buffer.from(csv), '订单.csv', { formId: orders.id });
    expect(again.sheets[0]?.targets[0]?.newFields).toEqual([]);
  });

  it('of an upsert replace the lines of the record they name, and undo puts the old ones back', async () => {
    const { company, orders } = await openWithOrders();
    await company.start((await company.upload(await merged(), '订单.xlsx', { formId: orders.id })).id);
    const before = await linesOf(company, '订单');
    const csv = '订单编号,明细.品名,明细.数量\nA-001,新键盘,5\nA-009,新,1\nA-001,新鼠标,6\n';
    const uploaded = await company.upload(Buffer.from(csv), '订单.csv', { formId: orders.id });
    const sheets = uploaded.sheets.map((sheet) => ({
      ...sheet,
      targets: sheet.targets.map((target) => ({ ...target, mode: 'upsert' as const, matchOn: ['no'] })),
    }));
    const done = await company.start(uploaded.id, { sheets });
    expect(done.results).toMatchObject([{ created: 1, updated: 1 }]);
    expect(await linesOf(company, '订单')).toMatchObject({
      'A-001': [
        { name: '新键盘', count: '5' },
        { name: '新鼠标', count: '6' },
      ],
      'A-009': [{ name: '新' }],
    });
    await company.undo(uploaded.id);
    expect(await linesOf(company, '订单')).toEqual(before);
  });
});
