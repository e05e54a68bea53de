import { Readable } from 'node:stream';
import type { ImportId } from '@lianke/shared/ids';
import type { ImportView } from '@lianke/shared/imports/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestEngine } from '../../../test/support/engine.js';
import { Company, closeImportEngine, createImportEngine, fixture } from '../../../test/support/imports.js';
import { ImportJobs } from './import-jobs.js';
import { ImportsService } from './imports.service.js';

let engine: TestEngine;
beforeAll(async () => {
  engine = await createImportEngine();
});
afterAll(() => closeImportEngine(engine));

describe('uploads that come to nothing', () => {
  it('are thrown away after a week, with their file', async () => {
    const company = await Company.open(engine);
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
    const company = await Company.open(engine);
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

  it('leaves cells of failed formulas empty and says so; shares and long fractions keep their digits', async () => {
    const company = await Company.open(engine);
    const csv = '设备,毛利率,重量,备注\n空压机,12.5%,0.125,#N/A\n冷库,8%,3,好\n蒸箱,#DIV/0!,2.5,\n';
    const uploaded = await company.upload(Buffer.from(csv), '设备.csv');
    const failed = (uploaded.check?.issues ?? []).filter(({ kind }) => kind === 'badValue');
    expect(failed.map(({ subject, count }) => [subject, count]).toSorted()).toEqual([
      ['备注', 1],
      ['毛利率', 1],
    ]);
    await company.start(uploaded.id);
    const rows = (await company.records('设备', { field: 'createdAt', op: 'notEmpty' })).map(({ label, values }) => ({
      ...values,
      label,
    }));
    const keys = Object.fromEntries((await company.form('设备')).fields.map(({ name, key }) => [name, key]));
    const told = (label: string) => {
      const row = rows.find((one) => one.label === label) as Record<string, unknown> | undefined;
      return ['毛利率', '重量', '备注'].map((name) => row?.[keys[name] ?? '']);
    };
    expect(told('空压机')).toEqual(['0.125', '0.125', null]);
    expect(told('冷库')).toEqual(['0.08', '3', '好']);
    expect(told('蒸箱')).toEqual([null, '2.5', null]);
  });

  it('merges repeats in the file and with what exists, without overwriting', async () => {
    const company = await Company.open(engine);
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
    expect(undone.undo).toMatchObject({ reversed: 5, kept: 0, failed: 0 });
    const [left] = await company.records('客户', { field: 'name', op: 'notEmpty' });
    expect(left?.values).toMatchObject({ industry: '食品', note: null });
  });

  it('tells before the start which numbers lose decimals in a field that is there already', async () => {
    const company = await Company.open(engine);
    const first = await company.upload(Buffer.from('设备,重量\n空压机,12.5\n冷库,8.25\n'), '设备.csv');
    await company.start(first.id);
    const more = await company.upload(Buffer.from('设备,重量\n蒸箱,0.125\n炉子,7\n水泵,3.1415\n'), '设备.csv');
    const told = more.check?.issues.filter(({ kind }) => kind === 'rounded');
    expect(told).toMatchObject([{ subject: '重量', count: 2 }]);
    expect(told?.[0]?.message).toBe(
      '2 行的重量小数位过多，四舍五入后导入，如 0.125 → 0.13，3.1415 → 3.14；要全部保留，先在表单设计里增加重量的小数位',
    );
    const done = await company.start(more.id);
    expect(done.results[0]).toMatchObject({ created: 3 });
  });

  it('gives a leaver’s rows to the chosen member and makes options of unknown texts when told to', async () => {
    const company = await Company.open(engine);
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
    const company = await Company.open(engine);
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
    expect((await company.undo(uploaded.id)).undo).toMatchObject({ reversed: 2, kept: 0, failed: 0 });
    expect(await values()).toEqual({ 甲公司: ['食品', '旧'], 乙公司: ['服装', '旧'] });
  });

  it('takes everything back when a row fails on the way of an all-or-nothing import', async () => {
    const company = await Company.open(engine);
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
    const company = await Company.open(engine);
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

  it('refuses a row for a cell its field does not take only when told to, and not for what was decided', async () => {
    const company = await Company.open(engine);
    await company.tenant.form({
      appId: company.appId,
      name: '订单',
      fields: [
        { key: 'name', name: '订单名称', type: 'text', rules: { required: true } },
        { key: 'amount', name: '金额', type: 'money' },
        { key: 'due', name: '交期', type: 'date' },
        { key: 'seller', name: '销售', type: 'member' },
      ],
    });
    const csv = Buffer.from(
      '订单名称,金额,交期,销售\n甲,很多,待定了,王芳\n乙,5,2026-03-01,无此人\n丙,6,2026-03-02,王芳\n,x,2026-03-02,王芳\n',
    );
    const lenient = await company.upload(csv, '订单.csv');
    expect(await company.start(lenient.id)).toMatchObject({ errorRows: 1, results: [{ created: 3, failed: 1 }] });
    const strict = await company.upload(csv, '订单.csv');
    const service = engine.get(ImportsService);
    await service.plan(await company.tenant.ctx(), strict.id, {
      sheets: strict.sheets as never,
      options: { ...strict.options, duplicates: 'create', badCells: 'refuse', people: { 无此人: null } },
    });
    const query = { sheet: strict.sheets[0]?.name ?? '', kind: 'refused', offset: 0, limit: 10 } as const;
    const { items } = await service.rows(await company.tenant.ctx(), strict.id, query);
    expect(items.map(({ reason }) => reason)).toEqual([
      '金额“很多”：不是数字；交期“待定了”：日期不对',
      '金额“x”：不是数字；没有订单名称',
    ]);
    const done = await company.start(strict.id);
    expect(done).toMatchObject({ errorRows: 2, results: [{ created: 2, failed: 2 }] });
  });

  it('imports all or nothing when told to', async () => {
    const company = await Company.open(engine);
    const uploaded = await company.upload(Buffer.from('客户名称,电话\n甲公司,13800138000\n,13900139000\n'), '客户.csv');
    await expect(
      company.start(uploaded.id, { options: { ...uploaded.options, onError: 'abort' } }),
    ).rejects.toMatchObject({ code: 'wrong_state' });
    expect((await company.get(uploaded.id)).state).toBe('ready');
  });

  it('keeps who made a record and when only for whoever has that right', async () => {
    const company = await Company.open(engine);
    const uploaded = await company.upload(Buffer.from('客户名称,电话\n甲公司,13800138000\n'), '客户.csv');
    await company.start(uploaded.id);
    const customers = await company.form('客户');
    const actions = ['view', 'create', 'import'] as const;
    const columnsFor = async (name: string, more: readonly 'backdate'[]) => {
      const grant = { actions: [...actions, ...more], scope: 'all' as const };
      const importer = await company.tenant.memberWith(name, { [customers.id]: grant });
      const content = Readable.from([Buffer.from('客户名称,电话,创建时间\n乙公司,13800138001,2020-05-06\n')]);
      const ctx = await company.tenant.ctx(importer);
      const view = await engine.get(ImportsService).create(ctx, { appId: company.appId }, { name: 'a.csv', content });
      return view.sheets[0]?.columns.map((column) => column.to.status);
    };
    expect(await columnsFor('录入员', [])).toEqual(['matched', 'matched', 'skipped']);
    expect(await columnsFor('迁移员', ['backdate'])).toEqual(['matched', 'matched', 'matched']);
  });

  it('lets nobody else see an import, and nobody import where he may not', async () => {
    const company = await Company.open(engine);
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
