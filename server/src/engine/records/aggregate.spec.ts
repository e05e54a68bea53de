import type { FormView } from '@lianke/shared/forms/definition';
import type { AggregateQuery } from '@lianke/shared/records/query';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestEngine, type TestEngine, type TestTenant } from '../../../test/support/engine.js';
import { RecordReader } from './record-reader.js';
import { RecordWriter } from './record-writer.js';

let engine: TestEngine;
let tenant: TestTenant;
let form: FormView;

const rows = [
  { channel: '展会', signed: '2026-01-03', amount: '10' },
  { channel: '展会', signed: '2026-01-03', amount: '20.5' },
  { channel: '电话', signed: '2026-01-31', amount: null },
  { channel: '电话', signed: '2026-02-01', amount: '7' },
  { channel: '展会', signed: null, amount: '1' },
];

beforeAll(async () => {
  engine = await createTestEngine();
  tenant = await engine.tenant();
  form = await tenant.form({
    appId: await tenant.app(),
    name: '合同',
    fields: [
      { key: 'channel', name: '渠道', type: 'text' },
      { key: 'signed', name: '签约日期', type: 'date' },
      { key: 'amount', name: '金额', type: 'money' },
    ],
  });
  const system = await tenant.ctx({ kind: 'system', name: 'seed' });
  await engine
    .get(RecordWriter)
    .write(system, { formId: form.id, op: 'create', rows: rows.map((values) => ({ values })) });
});
afterAll(() => engine.close());

const metrics: AggregateQuery['metrics'] = [
  { fn: 'count', as: 'rows' },
  { fn: 'count', field: 'amount', as: 'known' },
  { fn: 'sum', field: 'amount', as: 'sum' },
  { fn: 'avg', field: 'amount', as: 'avg' },
  { fn: 'min', field: 'amount', as: 'min' },
  { fn: 'max', field: 'amount', as: 'max' },
];
const ask = async (query: Partial<AggregateQuery>) => {
  const asked = { groupBy: [], metrics, sort: [], limit: 50, ...query };
  return engine.get(RecordReader).aggregate(await tenant.ctx(), form.id, asked);
};
const byMonth = [{ field: 'signed', unit: 'month' as const }];

describe('dates by period', () => {
  it('add up by day first and by month then: counts, sums, averages, least and most', async () => {
    const months = await ask({ groupBy: byMonth, sort: [{ field: 'group0', dir: 'asc' }] });
    expect(months).toEqual([
      {
        groups: ['2026-01-01'],
        metrics: { rows: 3, known: 2, sum: '30.5', avg: '15.250000', min: '10', max: '20.5' },
      },
      { groups: ['2026-02-01'], metrics: { rows: 1, known: 1, sum: '7', avg: '7.000000', min: '7', max: '7' } },
      { groups: [null], metrics: { rows: 1, known: 1, sum: '1', avg: '1.000000', min: '1', max: '1' } },
    ]);
  });

  it('answer the same beside something that cannot be added up', async () => {
    const plain = await ask({ groupBy: byMonth });
    const beside = await ask({
      groupBy: byMonth,
      metrics: [...metrics, { fn: 'countDistinct', field: 'channel', as: 'channels' }],
    });
    const without = beside.map(({ groups, metrics: { channels: _, ...others } }) => ({ groups, metrics: others }));
    expect(without).toEqual(plain);
    expect(beside.map((item) => item.metrics.channels)).toEqual([2, 1, 1]);
  });

  it('sort by a metric and narrow by a filter', async () => {
    const items = await ask({
      groupBy: byMonth,
      filter: { field: 'amount', op: 'gte', value: '7' },
      sort: [{ field: 'sum', dir: 'asc' }],
    });
    expect(items.map((item) => [item.groups[0], item.metrics.sum])).toEqual([
      ['2026-02-01', '7'],
      ['2026-01-01', '30.5'],
    ]);
  });
});
