import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestEngine } from '../../../test/support/engine.js';
import { Company, closeImportEngine, createImportEngine, fixture } from '../../../test/support/imports.js';
import { RecordWriter } from '../records/record-writer.js';
import { ImportsRepository } from './imports.repository.js';
import { ImportsService } from './imports.service.js';

let ledger: Buffer;
let engine: TestEngine;
beforeAll(async () => {
  engine = await createImportEngine();
  ledger = await fixture('客户台账.xlsx');
});
afterAll(() => closeImportEngine(engine));

describe('an import that is interrupted', () => {
  it('ends the same when the worker dies at any chunk', async () => {
    const company = await Company.open(engine);
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
  }, 120_000);

  it('ends the same when the worker dies between the forms of a chunk', async () => {
    const company = await Company.open(engine);
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
    const company = await Company.open(engine);
    const uploaded = await company.upload(ledger);
    const service = engine.get(ImportsService);
    await service.start(await company.tenant.ctx(), uploaded.id, {});
    await service.cancel(await company.tenant.ctx(), uploaded.id);
    const stopped = await company.work(uploaded.id);
    expect(stopped).toMatchObject({ state: 'cancelled', batchId: null });
    await expect(company.undo(uploaded.id)).rejects.toMatchObject({ code: 'wrong_state' });
  });

  it('counts as taken back what an undo removed before it was killed', async () => {
    const company = await Company.open(engine);
    const rows = Array.from({ length: 3000 }, (_, at) => `客户${at},联系人${at},13800138000,王芳`);
    const csv = Buffer.from(`客户名称,联系人,电话,负责人\n${rows.join('\n')}\n`);
    const uploaded = await company.upload(csv, '客户.csv');
    expect(await company.start(uploaded.id)).toMatchObject({ state: 'done' });
    // A colleague changes one meanwhile: that one stays.
    const form = await company.form('客户');
    const [kept] = await company.records('客户', {
      field: form.settings.titleField ?? 'name',
      op: 'eq',
      value: '客户7',
    });
    await engine.get(RecordWriter).writeOne(await company.tenant.ctx(), {
      formId: form.id,
      op: 'update',
      row: { id: kept?.id as never, values: { [form.settings.titleField ?? 'name']: '客户七' } },
    });
    const writer = engine.get(RecordWriter);
    const repository = engine.get(ImportsRepository);
    const [write, finish] = [writer.write.bind(writer), repository.finish.bind(repository)];
    // The contacts' chunk is committed, nothing tells of it: the worst moment to die.
    writer.write = async (...args) => {
      await write(...args);
      throw new Error('killed');
    };
    repository.finish = async (ctx, row) => repository.release(ctx, row.id, row.epoch);
    try {
      await company.undo(uploaded.id);
    } finally {
      Object.assign(writer, { write });
      Object.assign(repository, { finish });
    }
    expect(await company.count('联系人')).toBe(0);
    const undone = await company.workUndo(uploaded.id);
    expect(undone).toMatchObject({ state: 'undone', undo: { reversed: 5999, kept: 1, failed: 0 } });
    expect(await company.count('客户')).toBe(1);
  });

  it('is found again by the sweep, and never done by two workers at once', async () => {
    const company = await Company.open(engine);
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
