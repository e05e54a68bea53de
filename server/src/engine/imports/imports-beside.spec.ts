import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestEngine } from '../../../test/support/engine.js';
import { Company, closeImportEngine, createImportEngine } from '../../../test/support/imports.js';
import { RecordWriter } from '../records/record-writer.js';
import { ImportsRepository } from './imports.repository.js';
import { ImportsService } from './imports.service.js';

let engine: TestEngine;
beforeAll(async () => {
  engine = await createImportEngine();
});
afterAll(() => closeImportEngine(engine));

const rowCount = 5000;
const name = { key: 'name', name: '名称', type: 'text', rules: { required: true } };

/** A started import of three chunks into a form of these fields. */
async function started(fields: object[], onError: 'skip' | 'abort' = 'skip') {
  const company = await Company.open(engine);
  await company.tenant.form({ appId: company.appId, key: 'ledger', name: '台账', fields: fields as never });
  const rows = Array.from({ length: rowCount }, (_, at) => `客户${at},C${at}`);
  const uploaded = await company.upload(Buffer.from(`名称,编号\n${rows.join('\n')}\n`), '台账.csv');
  const { sheets, options } = uploaded;
  await engine
    .get(ImportsService)
    .start(await company.tenant.ctx(), uploaded.id, { sheets, options: { ...options, onError } });
  return { company, id: uploaded.id };
}

/** Runs the import, each write of a chunk through `around`; answers how many were on their way at once at the most. */
async function watched(
  company: Company,
  id: Parameters<Company['work']>[0],
  around: (place: number, write: () => Promise<void>) => Promise<void> = (_, write) => write(),
): Promise<number> {
  const writer = engine.get(RecordWriter);
  const write = writer.write.bind(writer);
  let [calls, now, most] = [0, 0, 0];
  writer.write = async (...args) => {
    most = Math.max(most, ++now);
    let outcome: Awaited<ReturnType<typeof write>> | undefined;
    await around(calls++, async () => {
      outcome = await write(...args);
    });
    now--;
    if (!outcome) throw new Error('not written');
    return outcome;
  };
  try {
    await company.work(id);
  } finally {
    Object.assign(writer, { write });
  }
  return most;
}

describe('chunks of an import', () => {
  it('end the same when a later one is committed first and the worker dies then', async () => {
    const { company, id } = await started([name, { key: 'code', name: '编号', type: 'text' }]);
    const repository = engine.get(ImportsRepository);
    const [checkpoint, finish] = [repository.checkpoint.bind(repository), repository.finish.bind(repository)];
    repository.checkpoint = async () => {
      throw new Error('killed');
    };
    repository.finish = async (ctx, row) => repository.release(ctx, row.id, row.epoch);
    let secondIsDone = () => {};
    const second = new Promise<void>((resolve) => {
      secondIsDone = resolve;
    });
    let most = 0;
    try {
      most = await watched(company, id, async (place, write) => {
        if (place === 0) await second;
        await write();
        if (place === 1) secondIsDone();
      });
    } finally {
      Object.assign(repository, { checkpoint, finish });
    }
    expect(most).toBe(2);
    expect(await company.get(id)).toMatchObject({ state: 'running', progress: { done: 0 } });
    expect(await company.count('台账')).toBe(4000);
    expect(await company.work(id)).toMatchObject({
      state: 'done',
      progress: { done: rowCount },
      results: [{ created: rowCount, failed: 0 }],
    });
    expect(await company.count('台账')).toBe(rowCount);
  });

  it('wait for one another where a value may stand only once', async () => {
    const { company, id } = await started([name, { key: 'code', name: '编号', type: 'text', rules: { unique: true } }]);
    expect(await watched(company, id)).toBe(1);
    expect(await company.count('台账')).toBe(rowCount);
  });

  it('wait for one another where the first row that fails takes everything back', async () => {
    const { company, id } = await started([name, { key: 'code', name: '编号', type: 'text' }], 'abort');
    expect(await watched(company, id)).toBe(1);
    expect(await company.get(id)).toMatchObject({ state: 'done', results: [{ created: rowCount }] });
  });
});
