import type { FlowDefinition, FlowNode } from '@lianke/shared/flows/definition';
import { approvalSettings } from '@lianke/shared/flows/nodes/approval';
import type { MemberId, RecordId, RunId, TaskId } from '@lianke/shared/ids';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TenantContext } from '../src/engine/context.js';
import { OrgService } from '../src/engine/org/org.service.js';
import { ApprovalsService } from '../src/engine/tasks/approvals.service.js';
import { HandoversService } from '../src/engine/tasks/handovers.service.js';
import { RecallsService } from '../src/engine/tasks/recalls.service.js';
import { ReturnsService } from '../src/engine/tasks/returns.service.js';
import { SignersService } from '../src/engine/tasks/signers.service.js';
import { StartedRunsService } from '../src/engine/tasks/started-runs.service.js';
import type { TaskRow } from '../src/engine/tasks/task-row.js';
import { TransfersService } from '../src/engine/tasks/transfers.service.js';
import { type Approval, ApprovalApp, approvalNode } from './support/approval-app.js';
import { type Item, Model, type ModelNode, type Seat, type Visit, type Who } from './support/approval-model.js';
import { newSeed, seeded } from './support/random.js';
import { noteFacts, shares, soaking, timeLeft } from './support/soak.js';

const flows = soaking ? 200 / shares : 4;
const sequencesEach = soaking ? 100 : 6;
const longest = 12;
/** The suite repeats one seed, so that a failure is the change's; soak draws new ones. */
const usual = 689993737;
const letters: Who[] = ['a', 'b', 'c', 'd', 'e', 'f'];
const dayMs = 86_400_000;

/** A consent that may be taken back: the model as it was before it. */
interface Undo {
  model: Model;
  task: TaskId;
  who: Who;
  item: number;
  forked: boolean;
}

let app: ApprovalApp;
const members = new Map<Who, MemberId>();
const contexts = new Map<string, TenantContext>();

beforeAll(async () => {
  app = await ApprovalApp.start();
  const extra: MemberId[] = [];
  for (const name of ['戊', '己'])
    extra.push(
      await app.whole
        .get(OrgService)
        .createMember({ tenantId: app.admin.tenantId }, { name, roleIds: [app.admin.adminRoleId as never] }),
    );
  for (const [index, id] of [...app.people, ...extra].entries()) members.set(letters[index] as Who, id);
}, 120_000);
afterAll(() => app.whole.close());

async function ctxOf(who: Who | 's'): Promise<TenantContext> {
  let ctx = contexts.get(who);
  if (!ctx) {
    ctx = await app.ctx(who === 's' ? app.admin.memberId : (members.get(who) as MemberId));
    contexts.set(who, ctx);
  }
  return ctx;
}

class Dice {
  constructor(private readonly random: () => number) {}
  upTo(n: number): number {
    return Math.floor(this.random() * n);
  }
  one<T>(list: readonly T[]): T {
    return list[this.upTo(list.length)] as T;
  }
  chance(p: number): boolean {
    return this.random() < p;
  }
  some<T>(list: readonly T[], most: number): T[] {
    const left = [...list];
    const taken: T[] = [];
    for (let n = 1 + this.upTo(most); n > 0 && left.length > 0; n--)
      taken.push(...left.splice(this.upTo(left.length), 1));
    return taken;
  }
}

function randomItems(dice: Dice): Item[] {
  let count = 0;
  const node = (): ModelNode => {
    const approvers = dice.some(letters, 3);
    const mode = dice.one(['any', 'all', 'sequential', 'ratio'] as const);
    const afterAll = dice.chance(0.4);
    const wanted = 1 + dice.upTo(3);
    // A flow cannot ask for more consents than there are approvers when it is drawn.
    return { id: `n${count++}`, approvers, policy: { mode, afterAll, count: Math.min(wanted, approvers.length) } };
  };
  const items: Item[] = Array.from({ length: 1 + dice.upTo(3) }, node);
  if (dice.chance(0.6)) {
    const way = () => Array.from({ length: 1 + dice.upTo(2) }, node);
    items.splice(dice.upTo(items.length + 1), 0, { par: 'par', ways: [way(), way()] });
  }
  // Between two approvals the flow may rest a while.
  if (dice.chance(0.4)) items.splice(1 + dice.upTo(items.length), 0, { rest: 'rest' });
  return items;
}

/** The same as a flow: a refusal ends it. */
function definitionOf(items: Item[]): FlowDefinition {
  const nodes: FlowNode[] = [];
  const edges: FlowDefinition['edges'] = [];
  const approval = (node: ModelNode): Approval => {
    const { mode, afterAll, count } = node.policy;
    return approvalNode(
      node.id,
      node.approvers.map((who) => members.get(who) as MemberId),
      {
        mode,
        ...(afterAll && mode !== 'ratio' ? { refuse: 'afterAll' as const } : {}),
        ...(mode === 'ratio' ? { atLeast: { unit: 'count' as const, value: count } } : {}),
        timers: [
          { at: { kind: 'after', amount: 30, unit: 'day' }, action: count === 1 ? 'reject' : 'approve', times: 1 },
        ],
      },
    );
  };
  const put = (node: ModelNode, from: string, port?: string) => {
    nodes.push(approval(node), { id: `${node.id}x`, name: '', type: 'end', message: 'no' });
    edges.push(
      { from, to: node.id, ...(port ? { port } : {}) },
      { from: node.id, to: `${node.id}x`, port: 'rejected' },
    );
  };
  let from = 'trigger';
  let port: string | undefined;
  for (const item of items) {
    if ('par' in item) {
      const ways = ['p', 'q'].map((id) => ({ id, name: '' }));
      nodes.push({ id: item.par, name: '', type: 'parallel', ways, join: 'all' });
      edges.push({ from, to: item.par, ...(port ? { port } : {}) });
      for (const [index, way] of item.ways.entries())
        for (const [at, node] of way.entries())
          if (at === 0) put(node, item.par, `way:${'pq'[index]}`);
          else put(node, (way[at - 1] as ModelNode).id, 'approved');
      [from, port] = [item.par, 'next'];
    } else if ('rest' in item) {
      nodes.push({ id: item.rest, name: '', type: 'delay', wait: { kind: 'for', amount: 5, unit: 'day' } });
      edges.push({ from, to: item.rest, ...(port ? { port } : {}) });
      [from, port] = [item.rest, undefined];
    } else {
      put(item, from, port);
      [from, port] = [item.id, 'approved'];
    }
  }
  nodes.push({ id: 'done', name: '', type: 'end', message: 'yes' });
  edges.push({ from, to: 'done', ...(port ? { port } : {}) });
  return {
    trigger: { type: 'recordCreated', formId: app.contracts.id },
    nodes,
    edges,
    approval: approvalSettings.parse({ withdraw: 'beforeEnd', urgeMinutes: 1 }),
  };
}

/** What the engine shows: open tasks, and how the run ended. */
async function shown(
  record: RecordId,
): Promise<{ tasks: TaskRow[]; open: string[]; ended: string | null; run: RunId }> {
  const tasks = await app.sql<TaskRow>('SELECT * FROM lianke.task WHERE record_id = $1 ORDER BY created_at, position', [
    record,
  ]);
  const [run] = await app.sql<{ id: RunId; state: string }>('SELECT id, state FROM lianke.run WHERE record_id = $1', [
    record,
  ]);
  const [end] = await app.sql<{ output: string }>(`SELECT output FROM lianke.step WHERE run_id = $1 AND type = 'end'`, [
    run?.id ?? '',
  ]);
  const who = (id: string) => [...members].find(([, member]) => member === id)?.[0] ?? 's';
  const open = tasks
    .filter((task) => ['pending', 'queued', 'held'].includes(task.state))
    .map((task) => `${task.node}:${who(task.member_id)}:${task.kind}:${task.state}`)
    .sort();
  const ended = run?.state === 'cancelled' ? 'withdrawn' : run?.state === 'done' ? (end?.output ?? 'done') : null;
  return { tasks, open, ended, run: run?.id as RunId };
}

/** One random sequence on one record; answers the number of actions. Fails with the story so far when the two differ. */
async function play(items: Item[], dice: Dice, name: string): Promise<number> {
  const story: string[] = [JSON.stringify(items)];
  try {
    return await act(items, dice, name, story);
  } catch (error) {
    throw new Error(`${story.join('\n')}\n${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

async function act(items: Item[], dice: Dice, name: string, story: string[]): Promise<number> {
  const record = await app.submit(name);
  let model = new Model(items);
  let undo = null as Undo | null;
  let actions = 0;
  for (let step = 0; step < longest && !model.ended; step++) {
    const now = await shown(record);
    const picks = model.visits().flatMap((visit) =>
      model
        .seats(visit)
        .filter((seat) => seat.state === 'pending')
        .map((seat) => ({ visit, seat })),
    );
    const taskOf = (visit: Visit, seat: Seat) =>
      now.tasks.find(
        (task) =>
          task.node === visit.node.id &&
          task.member_id === members.get(seat.who) &&
          task.kind === seat.kind &&
          task.state === seat.state,
      )?.id as TaskId;
    const before = model.clone();
    let done: string;
    let nextUndo = null as Undo | null;
    if (undo && dice.chance(0.3)) {
      const legal = !(undo.forked && model.place() !== undo.item);
      const ctx = await ctxOf(undo.who);
      const attempt = app.whole.get(RecallsService).recall(ctx, undo.task, undefined);
      if (legal) {
        await attempt;
        model = undo.model;
      } else await expect(attempt).rejects.toMatchObject({ code: 'wrong_state' });
      done = `recall ${undo.who} ${legal}`;
    } else if (model.resting()) {
      if (dice.chance(0.3)) {
        await app.whole.get(StartedRunsService).withdraw(await ctxOf('s'), now.run, undefined);
        model.ended = 'withdrawn';
        done = 'withdraw between approvals';
      } else {
        app.whole.kernel.clock.advance(6 * dayMs);
        model.wake();
        done = 'rest over';
      }
    } else if (model.withStarter) {
      const task = now.tasks.find((item) => item.kind === 'resubmit' && item.state === 'pending');
      if (dice.chance(0.8)) {
        await app.whole.get(ReturnsService).resubmit(await ctxOf('s'), task?.id as TaskId, {});
        model.resubmit();
        done = 'resubmit';
      } else {
        await app.whole.get(StartedRunsService).withdraw(await ctxOf('s'), now.run, undefined);
        model.ended = 'withdrawn';
        done = 'withdraw';
      }
    } else {
      const { visit, seat } = dice.one(picks);
      const id = taskOf(visit, seat);
      const ctx = await ctxOf(seat.who);
      const seated = new Set(model.seats(visit).map((other) => other.who));
      const free = letters.filter((letter) => !seated.has(letter));
      const voice = seat.kind !== 'advise';
      const approvals = app.whole.get(ApprovalsService);
      const roll = dice.upTo(100);
      done = `${visit.node.id} ${seat.who} ${seat.kind}`;
      if (roll < 6) {
        await app.whole
          .get(StartedRunsService)
          .urge(await ctxOf('s'), now.run)
          .catch(() => undefined);
        app.whole.kernel.clock.advance(60_000);
        done = 'urge';
      } else if (roll < 9) {
        app.whole.kernel.clock.advance(31 * dayMs);
        for (const due of model.visits()) {
          if (model.ended || !model.visits().includes(due)) continue;
          model.timeOut(due, due.node.policy.count === 1 ? 'no' : 'yes');
        }
        done = 'time-out';
      } else if (roll < 11) {
        await app.whole.get(StartedRunsService).withdraw(await ctxOf('s'), now.run, undefined);
        model.ended = 'withdrawn';
        done = 'withdraw';
      } else if (roll < 15 && free.length > 0 && model.visits().length === 1) {
        const to = dice.one(free);
        const from = seat.who;
        await app.whole
          .get(HandoversService)
          .handOver(await ctxOf('s'), members.get(from) as MemberId, members.get(to) as MemberId);
        for (const other of model.seats(visit))
          if (other.who === from && ['pending', 'queued', 'held'].includes(other.state)) other.who = to;
        done += ` leaves for ${to}`;
      } else if (roll < 23 && voice && free.length > 0) {
        const to = dice.one(free);
        await app.whole.get(TransfersService).transfer(ctx, id, members.get(to) as MemberId, undefined);
        model.transfer(seat, to);
        done += ` transfers to ${to}`;
      } else if (roll < 30 && voice && free.length > 0) {
        const to = dice.one(free);
        await app.whole.get(TransfersService).delegate(ctx, id, members.get(to) as MemberId, undefined);
        model.delegate(seat, to);
        done += ` delegates to ${to}`;
      } else if (roll < 45 && voice && free.length > 0 && seat.depth < 3) {
        const to = dice.some(free, 2);
        const position = dice.one(['before', 'after', 'beside'] as const);
        const mode = dice.one(['any', 'all', 'sequential'] as const);
        await app.whole
          .get(SignersService)
          .add(ctx, id, { to: to.map((who) => members.get(who) as MemberId), position, mode });
        model.add(visit, seat, to, position, mode);
        done += ` adds ${to.join('')} ${position} ${mode}`;
      } else if (
        roll < 52 &&
        model.seats(visit).some((other) => other.addedBy && ['pending', 'queued'].includes(other.state))
      ) {
        const gone = dice.one(
          model.seats(visit).filter((other) => other.addedBy && ['pending', 'queued'].includes(other.state)),
        );
        const adder = gone.addedBy as Who;
        const task = taskOf(visit, gone);
        await app.whole.get(SignersService).remove(await ctxOf(adder), task, task);
        model.remove(visit, gone);
        done += ` ${adder} removes ${gone.who}`;
      } else if (roll < 62 && voice) {
        const { to, straight } = dice.one(model.targets(visit));
        const back = straight && dice.chance(0.4);
        await app.whole.get(ReturnsService).return(ctx, id, { to, goOn: back ? 'straight' : 'next', comment: '退' });
        model.return(visit, to, back);
        done += ` returns to ${to} ${back}`;
      } else if (roll < 72) {
        await approvals.decide(ctx, id, 'rejected');
        model.refuse(visit, seat);
        done += ' refuses';
      } else {
        const item = model.place();
        const forked = model.forked();
        await approvals.decide(ctx, id, 'approved');
        model.pass(visit, seat);
        done += ' passes';
        if (voice && !model.ended) nextUndo = { model: before, task: id, who: seat.who, item, forked };
      }
    }
    undo = nextUndo;
    actions += 1;
    await app.drain();
    story.push(done);
    const after = await shown(record);
    if (JSON.stringify([after.open, after.ended]) !== JSON.stringify([model.open(), model.ended]))
      throw new Error(
        `the engine and the model differ\nengine ${after.open.join(' ')} ${after.ended}\nmodel  ${model.open().join(' ')} ${model.ended}`,
      );
  }
  if (!model.ended)
    await app.whole.get(StartedRunsService).withdraw(await ctxOf('s'), (await shown(record)).run, undefined);
  return actions;
}

it(
  `the engine shows what a reference model shows after every action (${flows * sequencesEach} sequences)`,
  async () => {
    const dice = new Dice(seeded(newSeed('approvals', soaking ? undefined : usual)));
    let actions = 0;
    let sequences = 0;
    for (let flow = 0; flow < flows && timeLeft(); flow++) {
      const items = randomItems(dice);
      await app.with(definitionOf(items), async () => {
        contexts.clear();
        for (let sequence = 0; sequence < sequencesEach; sequence++)
          actions += await play(items, dice, `模型 ${flow}/${sequence}`);
        sequences += sequencesEach;
      });
    }
    expect(actions).toBeGreaterThan(sequences);
    noteFacts('approvals', { sequences, actions });
  },
  soaking ? 7_200_000 : 240_000,
);
