import type { FlowNode } from '@lianke/shared/flows/definition';
import type { MemberId, RecordId } from '@lianke/shared/ids';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Reconciler } from '../src/engine/flows/reconciler.js';
import { ApprovalApp, approvalNode } from './support/approval-app.js';

// Invariants of runs, each broken by hand: found within a minute, mended, counted, and whole afterwards.
let app: ApprovalApp;
let a: MemberId;
let b: MemberId;
let c: MemberId;

beforeAll(async () => {
  app = await ApprovalApp.start();
  [a, b, c] = app.people as [MemberId, MemberId, MemberId];
}, 120_000);
afterAll(() => app.whole.close());

/** Breaks something, lets the reconciler look twice, and answers what it found the first time. */
async function mended(sql: string, values: string[] = []): Promise<Record<string, number>> {
  await app.sql(sql, values);
  const found = await app.whole.get(Reconciler).mend(app.admin.tenantId);
  await app.drain();
  expect(Object.fromEntries(await app.whole.get(Reconciler).mend(app.admin.tenantId))).toEqual({});
  return Object.fromEntries(found);
}
const runOf = async (record: RecordId) => {
  const [run] = await app.sql<{ id: string; state: string }>('SELECT id, state FROM lianke.run WHERE record_id = $1', [
    record,
  ]);
  return run ?? { id: '', state: 'none' };
};
const chain = () => app.chain(approvalNode('n1', [a, b], { mode: 'sequential' }), approvalNode('n2', [c]));

it('nothing is mended where everything holds', async () => {
  await app.with(chain(), async () => {
    const record = await app.submit('完好');
    await app.ok(record, a, 'approve');
    expect(await mended('SELECT 1')).toEqual({});
  });
});

it('an event that stayed behind for a minute starts its run, once', async () => {
  await app.with(chain(), async () => {
    const record = await app.submit('落下的事件');
    const found = await mended(
      `UPDATE lianke.event SET state = 'new', created_at = clock_timestamp() - interval '2 minutes' WHERE record_id = $1`,
      [record],
    );
    expect(found).toEqual({ late_event: 1 });
    expect(await app.sql('SELECT id FROM lianke.run WHERE record_id = $1', [record])).toHaveLength(1);
    const lost = await app.submit('丢了的运行');
    const { id } = await runOf(lost);
    await app.sql('DELETE FROM lianke.task WHERE run_id = $1', [id]);
    await app.sql('DELETE FROM lianke.step WHERE run_id = $1', [id]);
    await app.sql('DELETE FROM lianke.run WHERE id = $1', [id]);
    await mended(
      `UPDATE lianke.event SET state = 'new', created_at = clock_timestamp() - interval '2 minutes' WHERE record_id = $1`,
      [lost],
    );
    expect(await app.waiting(lost)).toBe('a');
  });
});

it('an approval whose next in line was never asked asks him', async () => {
  await app.with(chain(), async () => {
    const record = await app.submit('没轮到');
    await app.ok(record, a, 'approve');
    const found = await mended(`UPDATE lianke.task SET state = 'queued' WHERE record_id = $1 AND state = 'pending'`, [
      record,
    ]);
    expect(found).toEqual({ visit_without_task: 1 });
    expect(await app.waiting(record)).toBe('b');
    await app.ok(record, b, 'approve');
    expect(await app.waiting(record)).toBe('c');
  });
});

it('an approval that everybody has answered goes on', async () => {
  await app.with(app.chain(approvalNode('n1', [a])), async () => {
    const record = await app.submit('都答了');
    const found = await mended(
      `UPDATE lianke.task SET state = 'approved', decided_at = clock_timestamp() WHERE record_id = $1`,
      [record],
    );
    expect(found).toEqual({ visit_without_task: 1 });
    expect(await app.state(record)).toBe('yes');
  });
});

it('an approval that waits for nobody at all asks its approvers anew', async () => {
  await app.with(app.chain(approvalNode('n1', [a])), async () => {
    const record = await app.submit('没有待办');
    const found = await mended('DELETE FROM lianke.task WHERE record_id = $1', [record]);
    expect(found).toEqual({ visit_without_task: 1 });
    expect(await app.waiting(record)).toBe('a');
  });
});

it('something to fill in that was done goes on, and that nobody is asked for is asked anew', async () => {
  const base = app.chain(approvalNode('n1', [a]));
  const fill: FlowNode = {
    ...{ id: 'fill', name: '', type: 'fill', people: [{ kind: 'member', ids: [b] }], who: 'any', target: 'trigger' },
    ...{ title: { kind: 'literal', value: '填写' }, facts: [], fields: { name: 'edit' } },
  };
  const edges = [{ from: 'trigger', to: 'fill' }, { from: 'fill', to: 'n1' }, ...base.edges.slice(1)];
  await app.with({ ...base, nodes: [...base.nodes, fill], edges }, async () => {
    const record = await app.submit('填写修复');
    expect(await mended('DELETE FROM lianke.task WHERE record_id = $1', [record])).toEqual({ visit_without_task: 1 });
    expect(await app.waiting(record)).toBe('b');
    await mended(`UPDATE lianke.task SET state = 'done', decided_at = clock_timestamp() WHERE record_id = $1`, [
      record,
    ]);
    expect(await app.waiting(record)).toBe('a');
  });
});

it('an approval that is done says how it ended', async () => {
  await app.with(app.chain(approvalNode('n1', [a]), approvalNode('n2', [b])), async () => {
    const record = await app.submit('没有结果');
    await app.ok(record, a, 'approve');
    const { id } = await runOf(record);
    const found = await mended(`UPDATE lianke.step SET output = output - 'outcome' WHERE run_id = $1 AND node = 'n1'`, [
      id,
    ]);
    expect(found).toEqual({ approval_without_outcome: 1 });
    const [step] = await app.sql(
      `SELECT output->>'outcome' AS outcome FROM lianke.step WHERE run_id = $1 AND node = 'n1'`,
      [id],
    );
    expect(step).toEqual({ outcome: 'approved' });
    // The next approver can return to it, as to every node that was passed.
    await app.ok(record, b, 'return', { to: 'n1', comment: '再看' });
    expect(await app.waiting(record)).toBe('a');
  });
});

it('tasks of a run that has ended are closed with their cards, those that waited for others too', async () => {
  await app.with(app.chain(approvalNode('n1', [a])), async () => {
    const record = await app.submit('结束的运行');
    await app.ok(record, a, 'add-signer', { to: [b], position: 'before' });
    const { id } = await runOf(record);
    const found = await mended(
      `UPDATE lianke.run SET state = 'done', due_at = NULL, finished_at = now() WHERE id = $1`,
      [id],
    );
    expect(found).toEqual({ task_of_ended_run: 2 });
    expect((await app.tasks(record)).map((task) => task.state)).toEqual(['closed', 'closed']);
    expect((await app.cards(record)).every((card) => card.outcome !== null)).toBe(true);
  });
});
