import type { FormView } from '@lianke/shared/forms/definition';
import type { AppId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import type { TenantContext } from '../context.js';
import { RecordReader } from './record-reader.js';
import { RecordWriter } from './record-writer.js';

let engine: TestEngine;
let tenant: TestTenant;
let appId: AppId;
beforeAll(async () => {
  engine = await createTestEngine('2026-03-04T02:00:00Z');
  tenant = await engine.tenant('acme');
  appId = await tenant.app();
});
afterAll(() => engine.close());

const formWith = (name: string, config: Record<string, Json>) =>
  tenant.form({
    appId,
    name,
    fields: [
      { key: 'name', name: '名称', type: 'text', rules: { required: true } },
      { key: 'taxId', name: '税号', type: 'text', rules: { unique: true } },
      { key: 'code', name: '编号', type: 'autonumber', config: { date: 'none', reset: 'never', digits: 3, ...config } },
      { key: 'shown', name: '显示', type: 'formula', config: { expression: '"第"&{编号}' } },
    ] as never,
  });

const write = async (form: FormView, rows: Record<string, Json>[], more: object = {}, ctx?: TenantContext) =>
  engine.get(RecordWriter).write(ctx ?? (await tenant.ctx()), {
    formId: form.id,
    op: 'create',
    rows: rows.map((values) => ({ values })),
    ...more,
  });

async function codes(form: FormView): Promise<string[]> {
  const query = { fields: ['code', 'shown'], limit: 200, total: false };
  const { items } = await engine.get(RecordReader).query(await tenant.ctx(), form.id, query);
  for (const { values } of items) expect(values.shown).toBe(`第${values.code}`);
  return items.map(({ values }) => String(values.code)).sort();
}

const upTo = (n: number) => Array.from({ length: n }, (_, at) => String(at + 1).padStart(3, '0'));

it('puts prefix, date and suffix around the number', async () => {
  const form = await formWith('合同', { prefix: 'HT-', date: 'YYYYMM', reset: 'month', suffix: '号' });
  await write(form, [{ name: '甲' }]);
  expect(await codes(form)).toEqual(['HT-202603001号']);
});

describe('numbers without gaps', () => {
  it('are not used up by what is refused: by its own values, by a twin, by its writer’s scope, by an atomic batch', async () => {
    const form = await formWith('无缝', { gapless: true });
    const { results } = await write(form, [
      { name: '甲', taxId: '1' },
      { name: '' },
      { name: '乙', taxId: '1' },
      { name: '丙' },
    ]);
    expect(results.map(({ status }) => status)).toEqual(['created', 'failed', 'failed', 'created']);
    await write(form, [{ name: '丁' }, { name: '' }], { atomic: true });
    await write(form, [{ name: '戊', taxId: '1' }]);
    const clerk = await tenant.memberWith('只看丁的', {
      [form.id]: { actions: ['view', 'create'], scope: 'none', filter: { field: 'name', op: 'eq', value: '己' } },
    });
    const outside = await write(form, [{ name: '庚' }, { name: '己' }], {}, await tenant.ctx(clerk));
    expect(outside.results.map(({ status }) => status)).toEqual(['failed', 'created']);
    const failing = { before: async () => undefined, after: () => Promise.reject(new Error('later')) };
    await expect(
      engine
        .get(RecordWriter)
        .write(await tenant.ctx(), { formId: form.id, op: 'create', rows: [{ values: { name: '辛' } }] }, failing),
    ).rejects.toThrow('later');
    await write(form, [{ name: '壬' }]);
    expect(await codes(form)).toEqual(upTo(4));
  });

  it('are one each for 50 creates at once, some of them failing', async () => {
    const form = await formWith('并行', { gapless: true });
    const all = await Promise.all(
      Array.from({ length: 50 }, (_, at) => write(form, [{ name: at % 5 === 0 ? '' : `第 ${at}` }])),
    );
    expect(all.filter(({ results }) => results[0]?.status === 'created')).toHaveLength(40);
    expect(await codes(form)).toEqual(upTo(40));
  });

  it('pass over numbers that records brought along', async () => {
    const form = await formWith('搬来', { gapless: true });
    await write(form, [{ name: '旧', code: '002' }, { name: '新' }, { name: '旧二', code: '003' }], { trusted: true });
    await write(form, [{ name: '再新' }, { name: '又新' }]);
    expect(await codes(form)).toEqual(upTo(5));
  });
});
