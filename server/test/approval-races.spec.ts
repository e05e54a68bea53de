import type { FlowDefinition, FlowNode } from '@lianke/shared/flows/definition';
import type { MemberId, RecordId, RunId, TaskId } from '@lianke/shared/ids';
import { describe, expect, it } from 'vitest';
import { Runner } from '../src/engine/flows/runner.js';
import { ApprovalsService } from '../src/engine/tasks/approvals.service.js';
import { HandoversService } from '../src/engine/tasks/handovers.service.js';
import { RecallsService } from '../src/engine/tasks/recalls.service.js';
import { ReturnsService } from '../src/engine/tasks/returns.service.js';
import { SignersService } from '../src/engine/tasks/signers.service.js';
import { StartedRunsService } from '../src/engine/tasks/started-runs.service.js';
import { TransfersService } from '../src/engine/tasks/transfers.service.js';
import { AppError } from '../src/kernel/errors/app-error.js';
import { approvalNode } from './support/approval-app.js';
import { approvalScene } from './support/approval-scene.js';
import { noteFacts, soaking } from './support/soak.js';

const rounds = soaking ? 1000 : 12;
const limit = soaking ? 3_600_000 : 180_000;
const dayMs = 86_400_000;

const { app, a, b, c, d } = await approvalScene();

const runOf = async (record: RecordId) =>
  (await app.sql<{ id: RunId }>('SELECT id FROM lianke.run WHERE record_id = $1', [record]))[0]?.id as RunId;
const decide = async (who: MemberId, id: TaskId, answer: 'approved' | 'rejected' = 'approved') =>
  app.whole.get(ApprovalsService).decide(await app.ctx(who), id, answer, undefined);

type Act = () => Promise<unknown>;

/** How both acts ended and what everybody sees afterwards. */
async function outcome(record: RecordId, ends: PromiseSettledResult<unknown>[]): Promise<string> {
  await app.drain();
  const tasks = await app.sql<{ member_id: MemberId; node: string; kind: string; state: string }>(
    `SELECT member_id, node, kind, state FROM lianke.task WHERE record_id = $1`,
    [record],
  );
  const [run] = await app.sql<{ state: string }>('SELECT state FROM lianke.run WHERE record_id = $1', [record]);
  const names = new Map([a, b, c, d].map((id, index) => [id, 'abcd'[index]]));
  return JSON.stringify({
    ends: ends.map((end) => {
      if (end.status === 'fulfilled') return 'done';
      if (end.reason instanceof AppError) return end.reason.code;
      throw end.reason;
    }),
    run: run?.state,
    record: await app.state(record),
    tasks: tasks.map((task) => `${task.node} ${names.get(task.member_id) ?? 's'} ${task.kind} ${task.state}`).sort(),
  });
}

/**
 * Two acts fall together many times; each time everything has to look as if one had come after the other. `begin` makes
 * a new approval and answers the two acts on it.
 */
async function race(
  name: string,
  definition: () => FlowDefinition,
  begin: (record: RecordId) => Promise<[Act, Act]>,
): Promise<void> {
  await app.with(definition(), async () => {
    const settled = async (act: Act) => (await Promise.allSettled([act()]))[0];
    const serial = new Set<string>();
    for (const first of [0, 1] as const) {
      const record = await app.submit(`${name} ${first}`);
      const acts = await begin(record);
      const ends: PromiseSettledResult<unknown>[] = [];
      for (const index of first === 0 ? [0, 1] : [1, 0]) ends[index] = await settled(acts[index] as Act);
      serial.add(await outcome(record, ends));
    }
    const seen = new Map<string, number>();
    for (let round = 0; round < rounds; round++) {
      const record = await app.submit(`${name} 同时 ${round}`);
      const acts = await begin(record);
      // Which of them is called first changes from round to round.
      const order = round % 2 === 0 ? [0, 1] : [1, 0];
      const ends: PromiseSettledResult<unknown>[] = [];
      await Promise.all(
        order.map(async (index) => {
          ends[index] = await settled(acts[index] as Act);
        }),
      );
      const found = await outcome(record, ends);
      expect([...serial], `${name}, round ${round}`).toContain(found);
      seen.set(found, (seen.get(found) ?? 0) + 1);
    }
    noteFacts(`race ${name}`, { rounds, serialOutcomes: serial.size, seen: seen.size });
  });
}

describe('two at the same instant end as one after the other', () => {
  it(
    'pass and withdraw',
    () =>
      race(
        'pass and withdraw',
        () => ({ ...app.chain(approvalNode('ok', [a])), approval: undefined }) as FlowDefinition,
        async (record) => {
          const [task, run] = [await app.taskOf(record, a), await runOf(record)];
          return [
            () => decide(a, task),
            async () => app.whole.get(StartedRunsService).withdraw(await app.ctx(app.admin.memberId), run, undefined),
          ];
        },
      ),
    limit,
  );

  it(
    'pass and time-out',
    () =>
      race(
        'pass and time-out',
        () =>
          app.chain(
            approvalNode('ok', [a], {
              timers: [{ at: { kind: 'after', amount: 1, unit: 'day' }, action: 'reject', times: 1 }],
            }),
          ),
        async (record) => {
          const task = await app.taskOf(record, a);
          app.whole.kernel.clock.advance(2 * dayMs);
          return [() => decide(a, task), () => app.whole.get(Runner).work()];
        },
      ),
    limit,
  );

  it(
    'return by one and pass by the other of an all-of node',
    () =>
      race(
        'return and sibling pass',
        () => app.chain(approvalNode('first', [c]), approvalNode('both', [a, b], { mode: 'all' })),
        async (record) => {
          await decide(c, await app.taskOf(record, c));
          await app.drain();
          const [mine, theirs] = [await app.taskOf(record, a), await app.taskOf(record, b)];
          return [
            async () =>
              app.whole
                .get(ReturnsService)
                .return(await app.ctx(a), mine, { to: 'first', goOn: 'next', comment: '退' }),
            () => decide(b, theirs),
          ];
        },
      ),
    limit,
  );

  it(
    'transfer and pass on two devices',
    () =>
      race(
        'transfer and pass',
        () => app.chain(approvalNode('ok', [a])),
        async (record) => {
          const task = await app.taskOf(record, a);
          return [
            async () => app.whole.get(TransfersService).transfer(await app.ctx(a), task, d, undefined),
            () => decide(a, task),
          ];
        },
      ),
    limit,
  );

  it(
    'recall and the next one’s pass',
    () =>
      race(
        'recall and next pass',
        () => app.chain(approvalNode('first', [a]), approvalNode('second', [b])),
        async (record) => {
          const consent = await app.taskOf(record, a);
          await decide(a, consent);
          await app.drain();
          const next = await app.taskOf(record, b);
          return [
            async () => app.whole.get(RecallsService).recall(await app.ctx(a), consent, undefined),
            () => decide(b, next),
          ];
        },
      ),
    limit,
  );

  it(
    'a signer added before and a pass on two devices',
    () =>
      race(
        'add and pass',
        () => app.chain(approvalNode('ok', [a])),
        async (record) => {
          const task = await app.taskOf(record, a);
          return [
            async () =>
              app.whole.get(SignersService).add(await app.ctx(a), task, { to: [d], position: 'before', mode: 'all' }),
            () => decide(a, task),
          ];
        },
      ),
    limit,
  );

  it(
    'an added signer removed while he passes',
    () =>
      race(
        'remove and pass',
        () => app.chain(approvalNode('ok', [a])),
        async (record) => {
          const task = await app.taskOf(record, a);
          await app.whole.get(SignersService).add(await app.ctx(a), task, { to: [d], position: 'before', mode: 'all' });
          const added = await app.taskOf(record, d);
          return [
            async () => app.whole.get(SignersService).remove(await app.ctx(a), added, added),
            () => decide(d, added),
          ];
        },
      ),
    limit,
  );

  it(
    'a leaver’s tasks handed over while he passes',
    () =>
      race(
        'hand-over and pass',
        () => app.chain(approvalNode('ok', [a, b], { mode: 'all' })),
        async (record) => {
          const task = await app.taskOf(record, a);
          return [
            async () => app.whole.get(HandoversService).handOver(await app.ctx(app.admin.memberId), a, d),
            () => decide(a, task),
          ];
        },
      ),
    limit,
  );

  it(
    'two returns to different places',
    () =>
      race(
        'two returns',
        () => app.chain(approvalNode('first', [c]), approvalNode('both', [a, b], { mode: 'all' })),
        async (record) => {
          await decide(c, await app.taskOf(record, c));
          await app.drain();
          const back = async (who: MemberId, id: TaskId, to: string) =>
            app.whole.get(ReturnsService).return(await app.ctx(who), id, { to, goOn: 'next', comment: '退' });
          const [mine, theirs] = [await app.taskOf(record, a), await app.taskOf(record, b)];
          return [() => back(a, mine, 'first'), () => back(b, theirs, 'start')];
        },
      ),
    limit,
  );
});

describe('everybody at the same instant', () => {
  const everybody = (name: string, definition: () => FlowDefinition, enough: number) =>
    app.with(definition(), async () => {
      for (let round = 0; round < rounds; round++) {
        const record = await app.submit(`${name} ${round}`);
        const people = [a, b, c, d];
        const tasks = await Promise.all(people.map((who) => app.taskOf(record, who)));
        const ends = await Promise.allSettled(people.map((who, index) => decide(who, tasks[index] as TaskId)));
        const passed = ends.filter((end) => end.status === 'fulfilled').length;
        expect(passed, `round ${round}`).toBe(enough);
        for (const end of ends)
          if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'already_handled' });
        await app.drain();
        expect(await app.state(record), `round ${round}`).toBe('yes');
        const [run] = await app.sql<{ state: string; n: number }>(
          `SELECT r.state, (SELECT count(*)::int FROM lianke.step s WHERE s.run_id = r.id AND s.node = 'yes' AND s.state = 'done') AS n FROM lianke.run r WHERE r.record_id = $1`,
          [record],
        );
        expect(run).toEqual({ state: 'done', n: 1 });
      }
      noteFacts(name, { rounds, signers: 4 });
    });

  it(
    `of a ratio node: it is decided once, by as many as it needs (${rounds} rounds)`,
    () =>
      everybody(
        'ratio at once',
        () => app.chain(approvalNode('ok', [a, b, c, d], { mode: 'ratio', atLeast: { unit: 'count', value: 3 } })),
        3,
      ),
    limit,
  );

  it(
    `of parallel ways that join: what follows is done once (${rounds} rounds)`,
    () =>
      everybody(
        'join at once',
        () => {
          const ways = [a, b, c, d].map((who, index) => ({ who, id: `w${index}` }));
          const nodes: FlowNode[] = [
            { id: 'par', name: '', type: 'parallel', ways: ways.map(({ id }) => ({ id, name: '' })), join: 'all' },
            ...ways.map(({ who, id }) => approvalNode(`ok${id}`, [who])),
          ];
          const after = app.chain(approvalNode('x', [a])).nodes.find((node) => node.id === 'yes') as FlowNode;
          return {
            trigger: { type: 'recordCreated', formId: app.contracts.id },
            nodes: [...nodes, after],
            edges: [
              { from: 'trigger', to: 'par' },
              ...ways.map(({ id }) => ({ from: 'par', to: `ok${id}`, port: `way:${id}` })),
              { from: 'par', to: 'yes', port: 'next' },
            ],
          };
        },
        4,
      ),
    limit,
  );
});
