import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { FormView } from '@lianke/shared/forms/definition';
import type { AppId, FormId, ImportId, MemberId } from '@lianke/shared/ids';
import type { ImportView } from '@lianke/shared/imports/api';
import type { RecordView } from '@lianke/shared/records/query';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { PackageInstaller } from '../apps/package-installer.js';
import { builtInTemplates } from '../apps/templates.js';
import { FormsService } from '../forms/forms.service.js';
import { OrgService } from '../org/org.service.js';
import { RecomputeWorker } from '../records/recompute.worker.js';
import { RecordReader } from '../records/record-reader.js';
import { RecordWriter } from '../records/record-writer.js';
import { ImportJobs } from './import-jobs.js';
import { ImportsModule } from './imports.module.js';
import { ImportsRepository } from './imports.repository.js';
import { ImportsService } from './imports.service.js';
import { ImportRunner } from './run/import-runner.js';

const fixture = (name: string) => readFile(new URL(`../../../test/fixtures/${name}`, import.meta.url));
const people = ['刘洋', '陈静', '张敏', '王芳', '李伟'];
const never = new AbortController().signal;

let engine: TestEngine;
let ledger: Buffer;

beforeAll(async () => {
  engine = await createTestEngine('2026-03-04T02:00:00Z', [ImportsModule]);
  ledger = await fixture('客户台账.xlsx');
});
afterAll(async () => {
  await engine.kernel.jobs.stop();
  await engine.close();
});

/** A company with the ledger's people, 小周 having left, and an empty app. */
class Company {
  private constructor(
    readonly tenant: TestTenant,
    readonly appId: AppId,
    readonly members: ReadonlyMap<string, MemberId>,
  ) {}

  static async open(options: { template?: boolean } = {}): Promise<Company> {
    const tenant = await engine.tenant();
    const org = engine.get(OrgService);
    const members = new Map<string, MemberId>();
    for (const name of [...people, '小周'])
      members.set(name, await org.createMember({ tenantId: tenant.id }, { name, roleIds: [] }));
    const left = members.get('小周');
    if (left) await org.updateMember({ tenantId: tenant.id }, left, { state: 'left' });
    const crm = builtInTemplates().get('crm');
    const appId = options.template
      ? await engine.get(PackageInstaller).install(await tenant.ctx(), crm)
      : await tenant.app();
    return new Company(tenant, appId, members);
  }

  async upload(content: Buffer, name = '客户台账.xlsx', more: { formId?: FormId } = {}): Promise<ImportView> {
    return engine
      .get(ImportsService)
      .create(await this.tenant.ctx(), { appId: this.appId, ...more }, { name, content: Readable.from([content]) });
  }

  async start(id: ImportId, body: Parameters<ImportsService['start']>[2] = {}): Promise<ImportView> {
    await engine.get(ImportsService).start(await this.tenant.ctx(), id, body);
    return this.work(id);
  }

  async work(id: ImportId): Promise<ImportView> {
    await engine.get(ImportRunner).run(this.tenant.id, id, never);
    return this.get(id);
  }

  async get(id: ImportId): Promise<ImportView> {
    return engine.get(ImportsService).get(await this.tenant.ctx(), id);
  }

  async undo(id: ImportId): Promise<ImportView> {
    await engine.get(ImportsService).undo(await this.tenant.ctx(), id);
    await engine.get(ImportRunner).undo(this.tenant.id, id, never);
    return this.get(id);
  }

  async form(name: string): Promise<FormView> {
    const forms = await engine.get(FormsService).list(await this.tenant.ctx(), this.appId);
    const found = forms.find((form) => form.name === name);
    if (!found) throw new Error(`no form ${name}`);
    return found;
  }

  async count(name: string, filter?: object): Promise<number> {
    const [item] = await engine.get(RecordReader).aggregate(await this.tenant.ctx(), (await this.form(name)).id, {
      groupBy: [],
      metrics: [{ fn: 'count', as: 'n' }],
      sort: [],
      limit: 1,
      ...(filter && { filter: filter as never }),
    });
    return Number(item?.metrics.n);
  }

  async records(name: string, filter: object, fields?: string[]): Promise<RecordView[]> {
    const query = { filter: filter as never, limit: 200, total: false, ...(fields && { fields }) } as const;
    return (await engine.get(RecordReader).query(await this.tenant.ctx(), (await this.form(name)).id, query)).items;
  }
}

describe('the ledger in an empty app', () => {
  let company: Company;
  let view: ImportView;

  beforeAll(async () => {
    company = await Company.open();
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
    const { readWorkbook } = await import('./workbook/read-workbook.js');
    const workbook = await readWorkbook(content);
    expect(workbook.sheets.map((sheet) => [sheet.name, sheet.rows.length])).toEqual([
      ['客户', 3 + 21],
      ['跟进记录', 1 + 77],
    ]);
    expect(workbook.sheets[0]?.rows[3]?.at(-1)).toBe('没有客户名称');
    const { writeXlsx } = await import('hucre');
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
    const company = await Company.open({ template: true });
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
    const company = await Company.open({ template: true });
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

describe('an import that is interrupted', () => {
  it('ends the same when the worker dies at any chunk', async () => {
    const company = await Company.open();
    const uploaded = await company.upload(ledger);
    await engine.get(ImportsService).start(await company.tenant.ctx(), uploaded.id, {});
    const repository = engine.get(ImportsRepository);
    const checkpoint = repository.checkpoint.bind(repository);
    let seen = 0;
    // The chunk's records are committed, its checkpoint is not: the worst moment to die.
    repository.checkpoint = async (...args) => {
      seen++;
      if (seen % 2 === 1) throw new Error('killed');
      return checkpoint(...args);
    };
    const finish = repository.finish.bind(repository);
    repository.finish = async (ctx, row, end) => {
      if (end.state === 'failed') return repository.release(ctx, row.id, row.epoch);
      return finish(ctx, row, end);
    };
    try {
      for (let tries = 0; tries < 10 && (await company.get(uploaded.id)).state === 'running'; tries++)
        await company.work(uploaded.id);
    } finally {
      Object.assign(repository, { checkpoint, finish });
    }
    const view = await company.get(uploaded.id);
    expect(view).toMatchObject({ state: 'done', errorRows: 98, progress: { done: 15_860 } });
    expect(view.results.map((result) => [result.created, result.failed])).toEqual([
      [3979, 21],
      [3979, 0],
      [3979, 0],
      [3923, 77],
    ]);
    expect(await Promise.all(['客户', '联系人', '商机', '跟进记录'].map((name) => company.count(name)))).toEqual([
      3979, 3979, 3979, 3923,
    ]);
  });

  it('ends the same when the worker dies between the forms of a chunk', async () => {
    const company = await Company.open();
    const rows = Array.from(
      { length: 2500 },
      (_, at) => `客户${at},联系人${at},${at % 7 ? '13800138000' : '问前台'},王芳`,
    );
    const uploaded = await company.upload(Buffer.from(`客户名称,联系人,电话,负责人\n${rows.join('\n')}\n`), '客户.csv');
    await engine.get(ImportsService).start(await company.tenant.ctx(), uploaded.id, {});
    const writer = engine.get(RecordWriter);
    const repository = engine.get(ImportsRepository);
    const [write, finish] = [writer.write.bind(writer), repository.finish.bind(repository)];
    let calls = 0;
    writer.write = async (...args) => {
      const outcome = await write(...args);
      if (++calls < 4) throw new Error('killed');
      return outcome;
    };
    repository.finish = async (ctx, row, end) =>
      end.state === 'failed' ? repository.release(ctx, row.id, row.epoch) : finish(ctx, row, end);
    try {
      for (let tries = 0; tries < 10 && (await company.get(uploaded.id)).state === 'running'; tries++)
        await company.work(uploaded.id);
    } finally {
      Object.assign(writer, { write });
      Object.assign(repository, { finish });
    }
    expect(await company.get(uploaded.id)).toMatchObject({
      state: 'done',
      results: [
        { created: 2500, failed: 0 },
        { created: 2500, failed: 0 },
      ],
    });
    expect(await Promise.all(['客户', '联系人'].map((name) => company.count(name)))).toEqual([2500, 2500]);
  });

  it('stops when asked to and can be undone', async () => {
    const company = await Company.open();
    const uploaded = await company.upload(ledger);
    const service = engine.get(ImportsService);
    await service.start(await company.tenant.ctx(), uploaded.id, {});
    await service.cancel(await company.tenant.ctx(), uploaded.id);
    const stopped = await company.work(uploaded.id);
    expect(stopped).toMatchObject({ state: 'cancelled', batchId: null });
    await expect(company.undo(uploaded.id)).rejects.toMatchObject({ code: 'wrong_state' });
  });

  it('is found again by the sweep, and never done by two workers at once', async () => {
    const company = await Company.open();
    const csv = Buffer.from('客户名称,电话\n甲公司,13800138000\n乙公司,13900139000\n');
    const uploaded = await company.upload(csv, '客户.csv');
    await engine.get(ImportsService).start(await company.tenant.ctx(), uploaded.id, {});
    const repository = engine.get(ImportsRepository);
    expect((await repository.stranded()).map((row) => row.id)).toContain(uploaded.id);
    const held = await repository.lease({ tenantId: company.tenant.id }, uploaded.id, 'running');
    expect((await repository.stranded()).map((row) => row.id)).not.toContain(uploaded.id);
    expect((await company.work(uploaded.id)).state).toBe('running');
    await repository.release({ tenantId: company.tenant.id }, uploaded.id, held?.epoch ?? 0);
    expect((await company.work(uploaded.id)).state).toBe('done');
    expect(await company.count('客户')).toBe(2);
  });
});

describe('uploads that come to nothing', () => {
  it('are thrown away after a week, with their file', async () => {
    const company = await Company.open();
    const csv = Buffer.from('客户名称,电话\n甲公司,13800138000\n');
    const [old, fresh, done] = [
      await company.upload(csv, 'a.csv'),
      await company.upload(csv, 'b.csv'),
      await company.upload(csv, 'c.csv'),
    ];
    await company.start(done.id);
    const age = (id: ImportId) =>
      engine.kernel.database.withTenant({ tenantId: company.tenant.id }, (tx) =>
        tx.run(`UPDATE lianke.import SET created_at = now() - interval '8 days' WHERE id = $1`, [id]),
      );
    await age(old.id);
    await age(done.id);
    await engine.get(ImportJobs).sweep();
    await expect(company.get(old.id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(engine.kernel.storage.get(old.id)).rejects.toThrow('no stored file');
    expect([(await company.get(fresh.id)).state, (await company.get(done.id)).state]).toEqual(['ready', 'done']);
  });
});

describe('files and choices', () => {
  it('imports the list of 4,347 companies in GB18030', async () => {
    const company = await Company.open();
    const uploaded = await company.upload(await fixture('listed-companies.gb18030.csv'), '上市公司.csv');
    const done = await company.start(uploaded.id);
    expect(done.results).toMatchObject([{ formName: '上市公司', created: 4347, failed: 0 }]);
    const [bank] = await company.records('上市公司', {
      field: (await company.form('上市公司')).fields.find((field) => field.name === '股票名称')?.key,
      op: 'eq',
      value: '平安银行',
    });
    expect(Object.values(bank?.values ?? {})).toContain('000001');
  });

  it('merges repeats in the file and with what exists, without overwriting', async () => {
    const company = await Company.open();
    const first = await company.upload(
      Buffer.from('客户名称,电话,所属行业,标签\n甲公司,13800138000,食品,高意向\n'),
      '客户.csv',
    );
    await company.start(first.id);
    const csv =
      '客户名称,联系人,所属行业,标签,备注\n甲 公司,王总,饮料,技术型,新备注\n乙公司,李总,服装,a,\n乙公司,李总,,b,补充\n乙公司,赵总,,,\n';
    const uploaded = await company.upload(Buffer.from(csv), '客户.csv');
    const merged = await company.start(uploaded.id, { options: { ...uploaded.options, duplicates: 'merge' } });
    expect(merged.results.map((result) => [result.formName, result.created, result.updated])).toEqual([
      ['客户', 1, 1],
      ['联系人', 3, 0],
    ]);
    const rows = await company.records('客户', { field: 'name', op: 'notEmpty' });
    const byName = Object.fromEntries(rows.map((row) => [row.label, row.values]));
    expect(Object.keys(byName).sort()).toEqual(['乙公司', '甲公司']);
    expect(byName.甲公司).toMatchObject({ industry: '食品', tags: ['高意向'], note: '新备注' });
    expect(byName.乙公司).toMatchObject({ industry: '服装', tags: ['a', 'b'], note: '补充' });
    const undone = await company.undo(uploaded.id);
    expect(undone.undo).toEqual({ reversed: 5, kept: 0, failed: 0 });
    const [left] = await company.records('客户', { field: 'name', op: 'notEmpty' });
    expect(left?.values).toMatchObject({ industry: '食品', note: null });
  });

  it('gives a leaver’s rows to the chosen member and makes options of unknown texts when told to', async () => {
    const company = await Company.open();
    const first = await company.upload(
      Buffer.from(
        `客户名称,来源渠道,负责人\n${Array.from({ length: 20 }, (_, at) => `客户${at},${at % 2 ? '官网' : '展会'},王芳`).join('\n')}\n`,
      ),
      '客户.csv',
    );
    await company.start(first.id);
    const uploaded = await company.upload(
      Buffer.from('客户名称,来源渠道,负责人\n新甲,直播,（离职）小周\n新乙,展 会,外人\n'),
      '客户.csv',
    );
    expect(uploaded.check?.issues.map((issue) => [issue.kind, issue.subject, issue.count])).toEqual([
      ['leaver', '（离职）小周', 1],
      ['unknownPerson', '外人', 1],
      ['badValue', '来源渠道', 1],
      ['mappedOption', '来源渠道', 1],
    ]);
    const li = company.members.get('李伟') ?? null;
    const options = {
      ...uploaded.options,
      people: { '（离职）小周': li, 外人: null },
      options: { 'customer.source': { 直播: '直播' } },
    };
    const done = await company.start(uploaded.id, { options });
    expect(done.results[0]).toMatchObject({ created: 2 });
    const [a] = await company.records('客户', { field: 'name', op: 'eq', value: '新甲' });
    const [b] = await company.records('客户', { field: 'name', op: 'eq', value: '新乙' });
    expect([a?.values.source, a?.values.owner, b?.values.source, b?.values.owner]).toEqual([
      '直播',
      { id: li, label: '李伟' },
      '展会',
      null,
    ]);
  });

  it('updates what exists by a chosen field, adds the rest, and puts the old values back', async () => {
    const company = await Company.open();
    const first = await company.upload(
      Buffer.from('客户名称,所属行业,备注\n甲公司,食品,旧\n乙公司,服装,旧\n'),
      '客户.csv',
    );
    await company.start(first.id);
    const uploaded = await company.upload(
      Buffer.from('客户名称,所属行业,备注\n甲公司,饮料,\n丙公司,建材,新\n'),
      '客户.csv',
    );
    const sheets = uploaded.sheets.map((sheet) => ({
      ...sheet,
      targets: sheet.targets.map((target) => ({ ...target, mode: 'upsert' as const, matchOn: ['name'] })),
    }));
    const planned = await engine
      .get(ImportsService)
      .plan(await company.tenant.ctx(), uploaded.id, { sheets, options: uploaded.options });
    expect(planned.check?.counts).toMatchObject([{ willImport: 2, updates: 1, duplicates: 0 }]);
    const done = await company.start(uploaded.id);
    expect(done.results).toMatchObject([{ created: 1, updated: 1, failed: 0 }]);
    const values = async () =>
      Object.fromEntries(
        (await company.records('客户', { field: 'name', op: 'notEmpty' })).map((row) => [
          row.label,
          [row.values.industry, row.values.note],
        ]),
      );
    expect(await values()).toEqual({ 甲公司: ['饮料', '旧'], 乙公司: ['服装', '旧'], 丙公司: ['建材', '新'] });
    expect((await company.undo(uploaded.id)).undo).toEqual({ reversed: 2, kept: 0, failed: 0 });
    expect(await values()).toEqual({ 甲公司: ['食品', '旧'], 乙公司: ['服装', '旧'] });
  });

  it('takes everything back when a row fails on the way of an all-or-nothing import', async () => {
    const company = await Company.open();
    await company.tenant.form({
      appId: company.appId,
      key: 'firm',
      name: '企业',
      fields: [
        { key: 'name', name: '企业名称', type: 'text' },
        { key: 'taxId', name: '税号', type: 'text', rules: { unique: true } },
      ],
    });
    const csv = Buffer.from('企业名称,税号\n甲,1\n乙,2\n丙,2\n');
    const [strict, lenient] = [await company.upload(csv, '企业.csv'), await company.upload(csv, '企业.csv')];
    const failed = await company.start(strict.id, { options: { ...strict.options, onError: 'abort' } });
    expect(failed).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('整批已撤回'),
      undo: { kept: 0, failed: 0 },
    });
    expect(await company.count('企业')).toBe(0);
    const done = await company.start(lenient.id);
    expect(done).toMatchObject({ state: 'done', errorRows: 1, results: [{ created: 2, failed: 1 }] });
  });

  it('refuses plans that name what does not exist', async () => {
    const company = await Company.open();
    const uploaded = await company.upload(Buffer.from('客户名称,电话,金额\n甲公司,13800138000,3\n'), '客户.csv');
    const service = engine.get(ImportsService);
    const change = async (edit: (sheet: ImportView['sheets'][number]) => object, options: object = {}) =>
      service.plan(await company.tenant.ctx(), uploaded.id, {
        sheets: uploaded.sheets.map((sheet) => ({ ...sheet, ...edit(sheet) })) as never,
        options: { ...uploaded.options, ...options },
      });
    const column = (index: number, to: object) => (sheet: ImportView['sheets'][number]) => ({
      columns: sheet.columns.map((item) => (item.index === index ? { ...item, to: { ...item.to, ...to } } : item)),
    });
    await expect(change(column(1, { field: 'nothing' }))).rejects.toMatchObject({ code: 'invalid_definition' });
    await expect(change(column(1, { field: 'new:0' }))).rejects.toMatchObject({
      code: 'invalid_definition',
      params: { detail: expect.stringContaining('两列') },
    });
    const badConfig = (sheet: ImportView['sheets'][number]) => ({
      targets: sheet.targets.map((target) => ({
        ...target,
        newFields: target.newFields.map((field) => ({ ...field, config: { maxLength: -1, max: 99, decimals: -3 } })),
      })),
    });
    await expect(change(badConfig)).rejects.toMatchObject({ code: 'invalid_definition' });
    await expect(change(() => ({}), { people: { 某人: company.members.get('小周') } })).rejects.toMatchObject({
      code: 'invalid_definition',
    });
    await expect(change(() => ({ headerRow: 99 }))).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(change(() => ({ include: false }))).resolves.toMatchObject({ check: { counts: [] } });
    await expect(company.start(uploaded.id)).rejects.toMatchObject({
      code: 'wrong_state',
      params: { detail: '没有可以导入的行' },
    });
  });

  it('imports all or nothing when told to', async () => {
    const company = await Company.open();
    const uploaded = await company.upload(Buffer.from('客户名称,电话\n甲公司,13800138000\n,13900139000\n'), '客户.csv');
    await expect(
      company.start(uploaded.id, { options: { ...uploaded.options, onError: 'abort' } }),
    ).rejects.toMatchObject({ code: 'wrong_state' });
    expect((await company.get(uploaded.id)).state).toBe('ready');
  });

  it('lets nobody else see an import, and nobody import where he may not', async () => {
    const company = await Company.open();
    const uploaded = await company.upload(Buffer.from('客户名称,电话\n甲公司,13800138000\n'), '客户.csv');
    await company.start(uploaded.id);
    const customers = await company.form('客户');
    const reader = await company.tenant.memberWith('只读', { [customers.id]: { actions: ['view'], scope: 'all' } });
    const importer = await company.tenant.memberWith('录入', {
      [customers.id]: { actions: ['view', 'create', 'import'], scope: 'all' },
    });
    const service = engine.get(ImportsService);
    const csv = () => ({
      name: 'a.csv',
      content: Readable.from([Buffer.from('客户名称,电话,新列\n乙公司,13800138001,x\n')]),
    });
    await expect(service.get(await company.tenant.ctx(reader), uploaded.id)).rejects.toMatchObject({
      code: 'not_found',
    });
    const refused = await service.create(await company.tenant.ctx(reader), { appId: company.appId }, csv());
    expect(refused.sheets[0]).toMatchObject({ include: false, reason: '没有对应的表单，新建表单需要设计权限' });
    const view = await service.create(await company.tenant.ctx(importer), { appId: company.appId }, csv());
    expect(view.sheets[0]?.columns.map((column) => column.to.status)).toEqual(['matched', 'matched', 'skipped']);
    const sheets = view.sheets.map((sheet) => ({
      ...sheet,
      targets: sheet.targets.map((target) => ({
        ...target,
        newFields: [{ key: 'new:2', name: '新列', type: 'text' as const, config: {} }],
      })),
    }));
    await expect(service.plan(await company.tenant.ctx(importer), view.id, { sheets })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});
