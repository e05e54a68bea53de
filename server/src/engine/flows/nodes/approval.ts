import type { Words } from '@lianke/shared/errors/issue-text';
import type { FlowDefinition } from '@lianke/shared/flows/definition';
import type { MemberId, TaskId } from '@lianke/shared/ids';
import { asJson } from '@lianke/shared/json';
import { startOfDate } from '@lianke/shared/time/zone';
import { Injectable } from '@nestjs/common';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import { Notifier } from '../../ports.js';
import { nodesFrom, passedNodes } from '../../tasks/passed-nodes.js';
import type { TaskRow, TaskState } from '../../tasks/task-row.js';
import { choosing } from '../../tasks/task-words.js';
import { ToldCuts } from '../../tasks/told-cuts.js';
import { planVisit, type VisitTask } from '../../tasks/visit-plan.js';
import { insertTask, needsPage, sendAsk, submittedBy } from '../approval-tasks.js';
import { followsRecord, startTimers, type TimerEnv, type TimersLeft, wakeAt } from '../approval-timers.js';
import type { NodeType, Preview, StepContext, StepOutcome } from '../node-type.js';
import { nextManagerUp, resolvePeople } from '../people.js';
import { PublishedFlows } from '../published-flows.js';
import { lockRecord } from '../record-lock.js';
import { leftKey } from '../run-places.js';
import { cardFacts, toldTo } from '../told.js';
import { settingsOf, type VisitOutput } from '../visit-timers.js';
import { ApprovalTimeOuts } from './approval-time-outs.js';

export type ApprovalStep = StepContext<Extract<StepContext['node'], { type: 'approval' }>>;

interface Seat {
  memberId: MemberId;
  auto: TaskRow['auto'];
}

/** 审批: makes a task for each approver and waits; decisions move the run on (`engine/tasks`). */
@Injectable()
export class ApprovalNode implements NodeType<'approval'> {
  readonly type = 'approval';

  constructor(
    readonly notifier: Notifier,
    readonly cuts: ToldCuts,
    private readonly flows: PublishedFlows,
    private readonly timeOuts: ApprovalTimeOuts,
  ) {}

  async execute(step: ApprovalStep): Promise<StepOutcome> {
    const definition = await this.definition(step);
    const chosen = await this.chosen(step);
    if (chosen === 'ask') return this.askStarter(step);
    const found = await this.approvers(step, chosen);
    if (typeof found === 'string')
      return {
        kind: 'next',
        port: found,
        output: { outcome: found, note: { zh: '没有找到审批人', en: 'no approver was found' } },
      };
    const seats = await this.seats(step, definition, found);
    const tasks = seats.map((seat, position) => this.task(seat, position));
    const { changes, result } = planVisit(step.node, tasks);
    await this.write(step, seats, tasks, changes);
    if (definition) await lockRecord(step.tx, step.ctx, step.runId, definition);
    const approvers = seats.map((seat) => seat.memberId);
    if (result) return { kind: 'next', port: result, output: { approvers, outcome: result } };
    const timers = await this.timers(step, definition);
    const follows = followsRecord(step.node.timers ?? [], timers);
    const output: VisitOutput = { approvers, ...(timers.length > 0 ? { timers, follows } : {}) };
    return { kind: 'wait', until: wakeAt(step.node.timers ?? [], timers, step.now, true), output: asJson(output) };
  }

  async resume(step: ApprovalStep): Promise<StepOutcome> {
    const definition = await this.definition(step);
    return this.timeOuts.resume(step, timerEnv(step, settingsOf(definition ?? bare).hours));
  }

  async preview(step: ApprovalStep): Promise<Preview> {
    const found = await this.approvers(step, []);
    const asks = step.node.approvers.some((person) => person.kind === 'choice');
    const names = typeof found === 'string' ? [] : found.map((id) => step.org.nameOf(id));
    const chosen = { zh: '发起人自选的人', en: 'whom the starter chooses' };
    const who = [...names, ...(asks ? [chosen.zh] : [])].join('、');
    const whom = [...names, ...(asks ? [chosen.en] : [])].join(', ');
    const { zh, en } = manner(step.node);
    return {
      outcome: who
        ? { zh: `${who} ${zh}审批，试运行按同意继续`, en: `Approval by ${whom}${en}; a trial goes on as approved` }
        : { zh: '没有找到审批人', en: 'No approver was found' },
      lines: [
        { label: { zh: '标题', en: 'Title' }, value: await step.values.text(step.node.title) },
        ...(await cardFacts(step.values, step.node.facts)),
      ],
      port: who || found === 'approved' ? 'approved' : 'rejected',
    };
  }

  private definition(step: ApprovalStep): Promise<FlowDefinition> | undefined {
    return step.flow ? this.flows.version(step.ctx, step.flow.id, step.flow.version) : undefined;
  }

  /** Whom the starter chose for this visit; `ask` when he still has to. */
  private async chosen(step: ApprovalStep): Promise<MemberId[] | 'ask'> {
    if (!step.starterId || !step.node.approvers.some((person) => person.kind === 'choice')) return [];
    const [row] = await step.tx.sql<{ chosen: MemberId[] }>(
      `SELECT chosen FROM lianke.task WHERE tenant_id = $1 AND run_id = $2 AND node = $3 AND scope = $4 AND kind = 'choose' AND state = 'done' AND NOT undone ORDER BY iteration DESC LIMIT 1`,
      [step.ctx.tenantId, step.runId, step.node.id, step.at.scope],
    );
    return row?.chosen ?? 'ask';
  }

  private async askStarter(step: ApprovalStep): Promise<StepOutcome> {
    const { formId, recordId } = step.values.record('trigger');
    const member = step.starterId as MemberId;
    const task = {
      id: uuid7() as TaskId,
      at: step.at,
      memberId: member,
      state: 'pending' as const,
      kind: 'choose' as const,
      position: 0,
      ...(await toldTo(step, member, step.node)),
      formId,
      recordId,
      starterId: member,
    };
    await insertTask(step.tx, step.ctx, task, step.now);
    await this.send(
      step,
      { id: task.id, member_id: member, title: task.title, facts: task.facts, kind: 'choose' },
      choosing(step.node.name),
    );
    return { kind: 'wait', until: null, output: { approvers: [], choosing: true } };
  }

  /** Who is asked; a port when nobody is and that decides. */
  private async approvers(
    step: ApprovalStep,
    chosen: readonly MemberId[],
  ): Promise<MemberId[] | 'approved' | 'rejected'> {
    const { node, values, org, starterId } = step;
    const picked = chosen.filter((id) => org.members.get(id)?.state === 'active');
    const found = [...new Set([...(await resolvePeople(node.approvers, values, org, starterId)), ...picked])];
    if (found.length > 0) return found;
    switch (node.whenEmpty) {
      case 'pass':
        return 'approved';
      case 'reject':
        return 'rejected';
      case 'named': {
        const named = (node.emptyTo ?? []).filter((id) => org.members.get(id as MemberId)?.state === 'active');
        if (named.length > 0) return named as MemberId[];
        break;
      }
      case 'managerUp': {
        const up = await nextManagerUp(node.approvers, values, org, starterId);
        if (up) return [up];
        break;
      }
      case 'admin':
        break;
    }
    const admins = org.admins();
    return admins.length > 0 ? admins : 'rejected';
  }

  /** The starter among them, and those who agreed before. */
  private async seats(step: ApprovalStep, definition: FlowDefinition | undefined, found: MemberId[]): Promise<Seat[]> {
    const { node, org, starterId } = step;
    // Nobody signs, comments or fills in by himself.
    const byItself = !needsPage(node);
    const people = new Map<MemberId, TaskRow['auto']>();
    for (const member of found) {
      if (member !== starterId || (node.whenStarter ?? 'self') === 'self')
        people.set(member, people.get(member) ?? null);
      else if (node.whenStarter === 'skip') people.set(member, byItself ? 'starter' : null);
      else {
        const head = org.managerOf(member) ?? member;
        if (!people.has(head)) people.set(head, null);
      }
    }
    const agreed = byItself ? await this.agreedBefore(step, definition ?? bare) : new Set();
    return [...people].map(([memberId, auto]) => ({
      memberId,
      auto: auto ?? (agreed.has(memberId) ? 'samePerson' : null),
    }));
  }

  /** Members who agreed in the approval before this one, or in any earlier one of the run. */
  private async agreedBefore(step: ApprovalStep, definition: FlowDefinition): Promise<Set<MemberId>> {
    const rule = settingsOf(definition).samePerson;
    if (rule === 'off') return new Set();
    const rows = await step.tx.sql<{ member_id: MemberId; node: string; scope: string }>(
      `SELECT DISTINCT member_id, node, scope FROM lianke.task
       WHERE tenant_id = $1 AND run_id = $2 AND state = 'approved' AND NOT undone AND kind IN ('approve','before','after')`,
      [step.ctx.tenantId, step.runId],
    );
    if (rule === 'whole') return new Set(rows.map((row) => row.member_id));
    const place = { scope: step.at.scope, node: step.node.id };
    const passed = (await passedNodes(step.tx, step.runId, definition, place)).filter((one) => one.type === 'approval');
    const last = passed.find(
      (one) => !passed.some((other) => other !== one && nodesFrom(definition, one.node).has(other.node)),
    );
    const agreed = rows.filter((row) => row.node === last?.node && row.scope === last.scope);
    return new Set(agreed.map((row) => row.member_id));
  }

  private task(seat: Seat, position: number): VisitTask {
    return {
      id: uuid7() as TaskId,
      kind: 'approve',
      state: seat.auto ? 'approved' : 'queued',
      position,
      parent_id: null,
      added_by: null,
      group_id: null,
      group_mode: null,
    };
  }

  private async write(
    step: ApprovalStep,
    seats: readonly Seat[],
    tasks: readonly VisitTask[],
    changes: ReadonlyMap<TaskId, TaskState>,
  ): Promise<void> {
    const { formId, recordId } = step.values.record('trigger');
    for (const [index, task] of tasks.entries()) {
      const seat = seats[index];
      if (!seat) continue;
      const state = changes.get(task.id) ?? task.state;
      const { title, facts } = await toldTo(step, seat.memberId, step.node);
      await insertTask(
        step.tx,
        step.ctx,
        {
          id: task.id,
          at: step.at,
          memberId: seat.memberId,
          state,
          position: task.position,
          auto: seat.auto,
          title,
          facts,
          formId,
          recordId,
          starterId: step.starterId,
        },
        step.now,
      );
      if (state === 'pending')
        await this.send(step, { id: task.id, member_id: seat.memberId, title, facts, kind: 'approve' });
    }
  }

  private async send(
    step: ApprovalStep,
    task: Parameters<typeof sendAsk>[4]['task'],
    description?: Words,
  ): Promise<void> {
    if (!step.flow) return;
    await sendAsk(this, step.tx, step.ctx, step.org, {
      task,
      at: step.at,
      flowId: step.flow.id,
      node: step.node,
      description: description ?? submittedBy(step.org, step.starterId),
      now: step.now,
    });
  }

  private async timers(step: ApprovalStep, definition: FlowDefinition | undefined) {
    if (!step.node.timers?.length) return [];
    const key = leftKey({ scope: step.at.scope, node: step.node.id });
    const [row] = await step.tx.sql<{ left: TimersLeft | null }>(
      `UPDATE lianke.run SET straight = straight - $3::text WHERE tenant_id = $1 AND id = $2 RETURNING (SELECT r.straight->$3 FROM lianke.run r WHERE r.tenant_id = $1 AND r.id = $2) AS left`,
      [step.ctx.tenantId, step.runId, key],
    );
    return startTimers(step.node.timers, timerEnv(step, settingsOf(definition ?? bare).hours), row?.left ?? undefined);
  }
}

/** Stands in for a trial's definition: the default rules. */
const bare = { nodes: [], edges: [] } as unknown as FlowDefinition;

function timerEnv(step: ApprovalStep, hours: TimerEnv['hours']): TimerEnv {
  return {
    now: step.now,
    timeZone: step.ctx.timeZone,
    hours,
    dateAt: async (ref) => {
      const { value } = await step.values.find(ref);
      if (typeof value !== 'string') return null;
      return /^\d{4}-\d{2}-\d{2}$/.test(value) ? startOfDate(step.ctx.timeZone, value) : new Date(value);
    },
  };
}

/** How the approvers decide together: a word before 审批, and brackets behind the names. */
function manner(node: ApprovalStep['node']): Words {
  switch (node.mode) {
    case 'any':
      return { zh: '任一人', en: ' (any one)' };
    case 'all':
      return { zh: '全部', en: ' (everyone)' };
    case 'sequential':
      return { zh: '依次', en: ' (one after the other)' };
    case 'ratio': {
      if (!node.atLeast) return { zh: '按比例', en: ' (by share)' };
      const { unit, value } = node.atLeast;
      return unit === 'count'
        ? { zh: `至少 ${value} 人同意的`, en: ` (at least ${value} approve)` }
        : { zh: `至少 ${value}% 同意的`, en: ` (at least ${value}% approve)` };
    }
  }
}
