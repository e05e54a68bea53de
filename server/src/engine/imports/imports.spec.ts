import type { ImportView } from '@lianke/shared/imports/api';
import { writeXlsx } from 'hucre';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestEngine } from '../../../test/support/engine.js';
import { Company, closeImportEngine, createImportEngine, fixture } from '../../../test/support/imports.js';
import { RecomputeWorker } from '../derived/recompute.worker.js';
import { RecordReader } from '../records/record-reader.js';
import { RecordWriter } from '../records/record-writer.js';
import { ImportsService } from './imports.service.js';
import { readWorkbook } from './workbook/read-workbook.js';

let ledger: Buffer;
let engine: TestEngine;
beforeAll(async () => {
  engine = await createImportEngine();
  ledger = await fixture('客户台账.xlsx');
});
afterAll(() => closeImportEngine(engine));

describe('the ledger in an empty app', () => {
  let company: Company;
  let view: ImportView;

  beforeAll(async () => {
    company = await Company.open(engine);
    const uploaded = await company.upload(ledger);
    expect(uploaded).toMatchObject({ state: 'ready', fileName: '客户台账.xlsx', results: [], batchId: null });
    view = await company.start(uploaded.id);
    while (await engine.get(RecomputeWorker).work());
  });

  it('shows four counts before anything is written, then imports exactly these', async () => {
    expect(
      view.check?.counts.map((count) => [
        count.target,
        count.willImport,
        count.refused,
        count.duplicates,
        count.leavers,
        count.ambiguous,
      ]),
    ).toEqual([
      ['customer', 3979, 21, 75, 78, 0],
      ['contact', 3979, 21, 0, 0, 0],
      ['opportunity', 3979, 21, 0, 0, 0],
      ['followUp', 3923, 15, 0, 0, 62],
    ]);
    expect(
      view.results.map((result) => [result.formName, result.created, result.updated, result.skipped, result.failed]),
    ).toEqual([
      ['客户', 3979, 0, 0, 21],
      ['联系人', 3979, 0, 0, 0],
      ['商机', 3979, 0, 0, 0],
      ['跟进记录', 3923, 0, 0, 77],
    ]);
    expect(view).toMatchObject({
      state: 'done',
      errorRows: 98,
      progress: { done: 15_860, total: 15_860 },
      error: null,
    });
    expect(await Promise.all(['客户', '联系人', '商机', '跟进记录'].map((name) => company.count(name)))).toEqual([
      3979, 3979, 3979, 3923,
    ]);
  });

  it('makes forms with types, options, relations and keys', async () => {
    const customers = await company.form('客户');
    expect(customers.key).toBe('customer');
    expect(
      customers.fields
        .filter((field) => !field.system)
        .map((field) => [field.key, field.type, field.rules.required ?? false]),
    ).toEqual([
      ['name', 'text', true],
      ['industry', 'text', false],
      ['size', 'select', false],
      ['address', 'address', false],
      ['source', 'select', false],
      ['grade', 'select', false],
      ['tags', 'tags', false],
      ['firstContact', 'date', false],
      ['lastContact', 'lastContact', false],
      ['note', 'longText', false],
    ]);
    const followUps = await company.form('跟进记录');
    expect(followUps.fields.find((field) => field.key === 'customer')).toMatchObject({
      type: 'relation',
      config: { formId: customers.id },
    });
    expect(customers.fields.find((field) => field.key === 'lastContact')?.config.sources).toEqual([
      expect.objectContaining({ formId: followUps.id }),
    ]);
  });

  it('links contacts, opportunities and follow-ups to their customer', async () => {
    const [customer] = await company.records('客户', { field: 'name', op: 'eq', value: '巴比食品' });
    const [contact] = await company.records('联系人', { field: 'customer', op: 'eq', value: customer?.id });
    const [opportunity] = await company.records('商机', { field: 'customer', op: 'eq', value: customer?.id });
    expect(customer?.values).toMatchObject({
      grade: 'A',
      owner: { label: '李伟' },
      address: { city: '上海市', district: '浦东新区' },
    });
    expect(contact?.values).toMatchObject({ name: '周主任', phone: ['13204556110'], owner: { label: '李伟' } });
    expect(opportunity?.values).toMatchObject({ name: '巴比食品的商机', amount: '80000', closeDate: '2023-07-08' });
  });

  it('maps grades by the note row and leaves the leaver’s customers to be given out', async () => {
    const grades = await engine
      .get(RecordReader)
      .aggregate(await company.tenant.ctx(), (await company.form('客户')).id, {
        groupBy: [{ field: 'grade' }],
        metrics: [{ fn: 'count', as: 'n' }],
        sort: [],
        limit: 10,
      });
    const counts = Object.fromEntries(grades.map((item) => [String(item.groups[0]), Number(item.metrics.n)]));
    // 21 nameless rows took 8 A, 6 B and 7 C with them, one of them written another way.
    expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(3979);
    expect(Object.keys(counts).sort()).toEqual(['A', 'B', 'C', 'null']);
    expect(counts.null).toBe(86);
    expect(await company.count('客户', { field: 'owner', op: 'empty' })).toBe(78);
  });

  it('keeps the person and time of a follow-up, and the latest contact of file and follow-ups, never now', async () => {
    const [first] = await company.records('跟进记录', {
      and: [
        { field: 'time', op: 'eq', value: '2025-03-01' },
        { field: 'content', op: 'contains', value: '客户暂无预算' },
      ],
    });
    expect(first?.values).toMatchObject({
      owner: { label: '陈静' },
      createdBy: { label: '陈静' },
      createdAt: '2025-02-28T16:00:00.000Z',
    });
    const now = engine.kernel.clock.now().toISOString();
    expect(await company.count('客户', { field: 'lastContact', op: 'gte', value: '2026-03-04' })).toBe(0);
    const followUps = await company.records('跟进记录', { field: 'time', op: 'gte', value: '2025-11-01' }, [
      'customer',
      'time',
    ]);
    expect(followUps.length).toBeGreaterThan(0);
    for (const followUp of followUps.slice(0, 20)) {
      const { id } = followUp.values.customer as { id: string };
      const [customer] = await company.records('客户', {
        field: 'name',
        op: 'eq',
        value: (followUp.values.customer as { label: string }).label,
      });
      if (customer?.id !== id) continue;
      expect(String(customer.values.lastContact) >= String(followUp.values.time)).toBe(true);
      expect(String(customer.values.lastContact) < now).toBe(true);
    }
  });

  it('gives an error workbook that, mended, imports again', async () => {
    const { content, name } = await engine.get(ImportsService).errors(await company.tenant.ctx(), view.id);
    expect(name).toBe('客户台账 未导入的行.xlsx');
    const workbook = await readWorkbook(content);
    expect(workbook.sheets.map((sheet) => [sheet.name, sheet.rows.length])).toEqual([
      ['客户', 3 + 21],
      ['跟进记录', 1 + 77],
    ]);
    expect(workbook.sheets[0]?.rows[3]?.at(-1)).toBe('没有客户名称');
    for (const [index, row] of (workbook.sheets[0]?.rows ?? []).entries()) if (index > 2) row[1] = `补上名称${index}`;
    const unknown = workbook.sheets[1]?.rows.findIndex((row) => String(row.at(-1)).startsWith('没有找到')) ?? 0;
    const mended = workbook.sheets[1]?.rows[unknown];
    if (mended) mended[0] = '津滨发展';
    const again = await company.upload(
      Buffer.from(await writeXlsx({ sheets: workbook.sheets.map(({ name: sheet, rows }) => ({ name: sheet, rows })) })),
      name,
    );
    expect(
      again.check?.counts.map((count) => [count.formName, count.willImport, count.refused, count.ambiguous]),
    ).toEqual([
      ['客户', 21, 0, 0],
      ['联系人', 21, 0, 0],
      ['商机', 21, 0, 0],
      ['跟进记录', 1, 14, 62],
    ]);
    expect(
      again.sheets
        .flatMap((sheet) => sheet.targets)
        .every((target) => target.formId !== null && target.newFields.length === 0),
    ).toBe(true);
    const done = await company.start(again.id);
    expect(done.results.map((result) => result.created)).toEqual([21, 21, 21, 1]);
    const undone = await company.undo(again.id);
    expect(undone).toMatchObject({ state: 'undone', undo: { reversed: 64, kept: 0, failed: 0 } });
  });

  it('takes everything back but what somebody changed since; the forms stay', async () => {
    const [mine] = await company.records('客户', { field: 'name', op: 'eq', value: '巴比食品' });
    const customers = await company.form('客户');
    await engine.get(RecordWriter).writeOne(await company.tenant.ctx(), {
      formId: customers.id,
      op: 'update',
      row: { id: mine?.id as never, values: { note: '我改过' } },
    });
    const undone = await company.undo(view.id);
    expect(undone).toMatchObject({ state: 'undone', undo: { reversed: 15_859, kept: 1, failed: 0 } });
    expect(await Promise.all(['客户', '联系人', '商机', '跟进记录'].map((name) => company.count(name)))).toEqual([
      1, 0, 0, 0,
    ]);
  });
});

describe('the ledger in the installed template', () => {
  it('fills its forms without making any field, and the count of each reason is the same', async () => {
    const company = await Company.open(engine, { template: true });
    const uploaded = await company.upload(ledger);
    const mapped = uploaded.sheets.flatMap((sheet) =>
      sheet.columns
        .filter((column) => column.to.target)
        .map((column) => `${column.header} ${column.to.target}.${column.to.field}`),
    );
    expect(mapped).toEqual([
      '客户名称 customer.name',
      '所属行业 customer.industry',
      '公司规模 customer.size',
      '联系人 contact.name',
      '职位 contact.title',
      '联系电话 contact.phone',
      '邮箱 contact.email',
      '地址 customer.address',
      '来源渠道 customer.source',
      '客户分级 customer.grade',
      '负责人 customer.owner',
      '标签 customer.tags',
      '预计成交金额（万元） opportunity.amount',
      '销售阶段 opportunity.stage',
      '预计结单日期 opportunity.closeDate',
      '首次联系日期 customer.firstContact',
      '最后联系时间 customer.lastContact',
      '备注 customer.note',
      '客户名称 followUp.customer',
      '跟进时间 followUp.time',
      '跟进方式 followUp.way',
      '跟进人 followUp.owner',
      '内容摘要 followUp.content',
      '下一步计划 followUp.next',
      '下次联系日期 followUp.nextDate',
    ]);
    expect(uploaded.sheets.flatMap((sheet) => sheet.targets.flatMap((target) => target.newFields))).toEqual([]);
    expect(uploaded.check?.issues.map((issue) => [issue.kind, issue.subject, issue.count])).toEqual([
      ['ambiguousLink', '客户', 62],
      ['unknownLink', '客户', 15],
      ['refused', '没有客户名称', 21],
      ['leaver', '（离职）小周', 78],
      ['duplicate', '客户名称', 75],
      ['badValue', '预计成交金额', 162],
      ['badValue', '邮箱', 65],
      ['mappedOption', '客户分级', 136],
    ]);
    const done = await company.start(uploaded.id);
    expect(done.results.map((result) => [result.formName, result.created, result.failed])).toEqual([
      ['客户信息表', 3979, 21],
      ['联系人', 3979, 0],
      ['商机', 3979, 0],
      ['跟进记录', 3923, 77],
    ]);
    while (await engine.get(RecomputeWorker).work());
    expect(await company.count('客户信息表', { field: 'lastContact', op: 'gte', value: '2026-03-04' })).toBe(0);
    expect(await company.count('客户信息表', { field: 'code', op: 'notEmpty' })).toBe(3979);
  });

  it('knows every customer when the same file comes again', async () => {
    const company = await Company.open(engine, { template: true });
    const uploaded = await company.upload(ledger);
    await company.start(uploaded.id);
    // Every named row is a repeat now, and every follow-up names a customer that there would be twice.
    const again = await company.upload(ledger);
    expect(again.check?.counts.map((count) => count.duplicates)).toEqual([3979, 0, 0, 0]);
    const [, , , followUps] = again.check?.counts ?? [];
    expect([followUps?.refused, followUps?.ambiguous]).toEqual([15, 3985]);
    const merged = await engine
      .get(ImportsService)
      .plan(await company.tenant.ctx(), again.id, { options: { ...again.options, duplicates: 'skip' } });
    expect(merged.check?.counts.map((count) => [count.willImport, count.skipped])).toEqual([
      [0, 3979],
      [0, 3979],
      [0, 3979],
      [3923, 0],
    ]);
  });
});
