import { beforeEach, expect, it, vi } from 'vitest';
import { api } from '../api/client.js';
import { runBulk, undoBatches } from './batch.js';

vi.mock('../api/client.js', () => ({ api: vi.fn() }));
const call = vi.mocked(api);
beforeEach(() => call.mockReset());

it('is one batch, however many records', async () => {
  const ids = Array.from({ length: 1500 }, (_, index) => String(index));
  call.mockResolvedValueOnce({ batchId: 'one', done: 1000, unchanged: 500, failed: 0, failures: [] } as never);
  const outcome = await runBulk('f', ids, { kind: 'update', values: { owner: 'w' } });
  expect(outcome).toEqual({ done: 1000, failed: 0, unchanged: 500, reason: '', batchIds: ['one'] });
  expect(call.mock.calls).toHaveLength(1);
});

it('names the first reason, and remembers no batch that changed nothing', async () => {
  const failures = [{ index: 0, recordId: 'a', reason: '没有填对' }];
  call.mockResolvedValueOnce({ batchId: 'one', done: 0, unchanged: 0, failed: 3, failures } as never);
  expect(await runBulk('f', ['a', 'b', 'c'], { kind: 'delete' })).toMatchObject({
    failed: 3,
    reason: '没有填对',
    batchIds: [],
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
