import type { RunId, TenantId } from '@lianke/shared/ids';
import { expect, it } from 'vitest';
import type { Tx } from '../../kernel/database/tx.js';
import { ChainMemory } from './chain-memory.js';
import type { StepRow } from './run-steps.js';

const run = { tenantId: 't' as TenantId, runId: 'r' as RunId };
const row = (node: string, scope: string, more: Partial<StepRow> = {}): StepRow => ({
  ...{ runId: run.runId, node, scope, iteration: 0, state: 'done', output: null },
  ...more,
});

/** A transaction that only reads steps, and notes of which paths. */
function memoryOver(stored: readonly StepRow[]) {
  const asked: string[][] = [];
  const refused = () => Promise.reject(new Error('only steps are read'));
  const tx: Tx = {
    sql: async <Row>(_text: string, values: readonly unknown[] = []) => {
      const scopes = values[2] as string[];
      asked.push(scopes);
      return stored.filter((each) => scopes.includes(each.scope)) as Row[];
    },
    run: refused,
    savepoint: refused,
    repo: () => {
      throw new Error('only steps are read');
    },
    afterCommit: () => undefined,
  };
  return { memory: new ChainMemory(tx, run), asked };
}

it('reads the steps of each path once, those around first', async () => {
  const { memory, asked } = memoryOver([row('find', ''), row('mark', 'loop#0/')]);
  expect((await memory.stepsAround('loop#0/')).map((each) => each.node)).toEqual(['find', 'mark']);
  expect((await memory.stepsAround('loop#1/')).map((each) => each.node)).toEqual(['find']);
  await memory.stepsAround('loop#1/');
  expect(asked).toEqual([['loop#0/', ''], ['loop#1/']]);
});

it('knows what was written since, and keeps an output that a later state does not name', async () => {
  const { memory } = memoryOver([row('loop', '', { state: 'waiting', output: { rounds: 2 } })]);
  memory.noteStep(row('mark', 'loop#0/'));
  expect(await memory.stepsAround('loop#0/'), 'not read yet, so it is in the table').toHaveLength(1);
  memory.noteStep(row('mark', 'loop#0/', { output: { records: [] } }));
  memory.noteStep(row('loop', ''));
  expect(await memory.stepsAround('loop#0/')).toEqual([
    row('loop', '', { output: { rounds: 2 } }),
    row('mark', 'loop#0/', { output: { records: [] } }),
  ]);
  memory.forgetSteps();
  expect(await memory.stepsAround('')).toMatchObject([{ state: 'waiting' }]);
});

it('names a statement sent ahead that failed as the cause of what failed behind it', async () => {
  const { memory } = memoryOver([]);
  const aborted = new Error('current transaction is aborted');
  expect(await memory.causeOf(aborted)).toBe(aborted);
  memory.send(Promise.resolve());
  memory.send(Promise.reject(new Error('unsupported Unicode escape sequence')));
  expect(await memory.causeOf(aborted)).toMatchObject({ message: 'unsupported Unicode escape sequence' });
  await expect(memory.arrived(), 'told once').resolves.toBeUndefined();
});

it('keeps under which row a path is that went on unwritten, and lets no other path be written over it', () => {
  const { memory } = memoryOver([]);
  expect(memory.overwrite('loop#0/')).toBe('loop#0/');
  memory.stands({ scope: 'loop#1/', node: 'mark' }, 'loop#0/');
  expect(memory.overwrite('loop#1/')).toBe('loop#0/');
  memory.stands({ scope: 'loop#2/', node: 'mark' }, 'loop#0/');
  expect(() => memory.overwrite('')).toThrow('left unwritten');
  expect(memory.takeUnwritten()).toBeUndefined();
});
