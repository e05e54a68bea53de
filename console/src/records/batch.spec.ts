import { beforeEach, expect, it, vi } from 'vitest';
import { api } from '../api/client.js';
import { runBulk, undoBatches } from './batch.js';

vi.mock('../api/client.js', () => ({ api: vi.fn() }));
const call = vi.mocked(api);
beforeEach(() => call.mockReset());

const answer = (batchId: string, statuses: string[]) => ({
  batchId,
  results: statuses.map((status, index) => ({
    index,
    status,
    id: String(index),
    version: 1,
    ...(status === 'failed' ? { error: { code: 'validation_failed', message: '没有填对', fields: [] } } : {}),
  })),
});

it('sends at most 1,000 records a call and remembers the batches that changed something', async () => {
  const ids = Array.from({ length: 1500 }, (_, index) => String(index));
  call.mockResolvedValueOnce(answer('one', Array(1000).fill('updated')) as never);
  call.mockResolvedValueOnce(answer('two', Array(500).fill('unchanged')) as never);
  const steps: number[] = [];
  const outcome = await runBulk('f', ids, { kind: 'update', values: { owner: 'w' } }, (done) => steps.push(done));
  expect(outcome).toEqual({ done: 1000, failed: 0, unchanged: 500, reason: '', batchIds: ['one'] });
  expect(steps).toEqual([1000, 1500]);
  const bodies = call.mock.calls.map(
    ([, args]) => (args as unknown as { body: { update: unknown[] } }).body.update.length,
  );
  expect(bodies).toEqual([1000, 500]);
});

it('counts refusals with the first reason', async () => {
  call.mockResolvedValueOnce(answer('one', ['deleted', 'failed', 'failed']) as never);
  expect(await runBulk('f', ['a', 'b', 'c'], { kind: 'delete' })).toMatchObject({
    done: 1,
    failed: 2,
    reason: '没有填对',
  });
});

it('undoes the youngest batch first', async () => {
  call.mockResolvedValueOnce({ reversed: 3, kept: 1, failed: 0 } as never);
  call.mockResolvedValueOnce({ reversed: 2, kept: 0, failed: 1 } as never);
  expect(await undoBatches(['one', 'two'])).toEqual({ reversed: 5, kept: 1, failed: 1, rows: [] });
  expect(
    call.mock.calls.map(([, args]) => (args as unknown as { params: { batchId: string } }).params.batchId),
  ).toEqual(['two', 'one']);
});
