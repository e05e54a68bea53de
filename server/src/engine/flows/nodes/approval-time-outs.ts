import type { Words } from '@lianke/shared/errors/issue-text';
import type { MemberId, TaskId } from '@lianke/shared/ids';
import { asJson } from '@lianke/shared/json';
import { Injectable } from '@nestjs/common';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import { Notifier } from '../../ports.js';
import { hasVoice, isOpen, type TaskRow } from '../../tasks/task-row.js';
import { titleIn, titleOf } from '../../tasks/task-words.js';
import { ToldCuts } from '../../tasks/told-cuts.js';
import { type Ask, insertTask, sendAsk } from '../approval-tasks.js';
import { afterFiring, dueTimers, followDates, followsRecord, type TimerEnv, wakeAt } from '../approval-timers.js';
import type { StepOutcome } from '../node-type.js';
import { effectKey } from '../run-steps.js';
import { toldTo } from '../told.js';
import { asStory, type Stayed, type VisitOutput } from '../visit-timers.js';
import type { ApprovalStep } from './approval.js';

/** 超时: what a waiting approval does by itself. Runs under the run's lock, like every answer. */
@Injectable()
export class ApprovalTimeOuts {
  constructor(
    readonly notifier: Notifier,
    readonly cuts: ToldCuts,
  ) {}

  /** Carries out the timers that are due, each once; then waits on, or leaves by a port. */
  async resume(step: ApprovalStep, env: TimerEnv): Promise<StepOutcome> {
    const timers = step.node.timers ?? [];
    const output = (step.values.output(step.node.id) ?? { approvers: [] }) as unknown as VisitOutput;
    if (output.left) return { kind: 'wait', until: null, output: asJson(output) };
    const states = await followDates(timers, output.timers ?? [], env);
    const stayed = [...(output.stayed ?? [])];
    for (const index of dueTimers(timers, states, step.now)) {
      const timer = timers[index];
      const state = states[index];
      if (!timer || !state) continue;
      if (timer.action === 'approve' || timer.action === 'reject') {
        const port = timer.action === 'approve' ? 'approved' : 'rejected';
        await this.closeAll(step, port);
        const ended = { approvers: output.approvers, outcome: port, by: 'timeout', ...asStory(stayed) };
        return { kind: 'next', port, output: ended };
      }
      const again = `${index}:${state.fired}`;
      if (timer.action === 'remind') await this.remind(step, again);
      else stayed.push(...(await this.escalate(step, again)));
      states[index] = afterFiring(timer, state, env);
    }
    const kept: VisitOutput = { ...output, timers: states, follows: followsRecord(timers, states), ...asStory(stayed) };
    const moved = states.some((state, index) => state.due !== output.timers?.[index]?.due);
    return { kind: 'wait', until: wakeAt(timers, states, step.now, moved), output: asJson(kept) };
  }

  private async closeAll(step: ApprovalStep, port: 'approved' | 'rejected'): Promise<void> {
    const outcome = timedOut[port];
    for (const task of await this.tasks(step)) {
      if (!isOpen(task)) continue;
      await step.tx.run(
        `UPDATE lianke.task SET was = state, state = 'closed', auto = 'timeout', decided_at = $3 WHERE tenant_id = $1 AND id = $2`,
        [step.ctx.tenantId, task.id, step.now],
      );
      await this.notifier.update(step.tx, step.ctx, { about: { kind: 'task', id: task.id }, outcome, by: null });
    }
  }

  private async remind(step: ApprovalStep, again: string): Promise<void> {
    for (const task of await this.tasks(step))
      if (task.state === 'pending')
        await this.send(
          step,
          task,
          { zh: '提醒：还在等待审批', en: 'Reminder: still waiting for you' },
          `remind:${again}`,
        );
  }

  /**
   * Everybody who still waits hands over to the next manager up who is not asked already. Where there is none, he stays
   * asked and is reminded, and the administrators are told: nothing may wait for ever without a word. Answers those.
   */
  private async escalate(step: ApprovalStep, again: string): Promise<Stayed[]> {
    const tasks = await this.tasks(step);
    const asked = new Set(
      tasks
        .filter((task) => hasVoice(task) && (isOpen(task) || task.state === 'approved'))
        .map((task) => task.member_id),
    );
    const stuck: TaskRow[] = [];
    for (const task of tasks) {
      if (task.state !== 'pending' || !hasVoice(task)) continue;
      const manager = nextUp(step, task.member_id, asked);
      if (manager) {
        asked.add(manager);
        await this.handUp(step, task, manager);
      } else stuck.push(task);
    }
    await this.stay(step, stuck, again);
    return stuck.map((task) => ({ task: task.id, at: step.now.toISOString() }));
  }

  private async stay(step: ApprovalStep, tasks: readonly TaskRow[], again: string): Promise<void> {
    const [first] = tasks;
    if (!first) return;
    for (const task of tasks) await this.send(step, { ...task, title: titleOf(task) }, overdue, `stay:${again}`);
    const admins = step.org.admins();
    if (admins.length === 0) return;
    const names = tasks.map((task) => step.org.nameOf(task.member_id));
    await this.notifier.enqueue(step.tx, step.ctx, {
      card: {
        kind: 'notice',
        title: { zh: '审批超时，没有上级可以转给', en: 'Approval overdue, no manager to pass it to' },
        description: {
          zh: `“${titleIn(first, 'zh')}”等 ${names.join('、')} 处理，已超时；他没有别的上级，已提醒他本人。请联系他，或补上他的直属上级。`,
          en: `"${titleIn(first, 'en')}" waits for ${names.join(', ')} and is overdue; there is no further manager, so they were reminded themselves. Contact them, or enter their manager.`,
        },
        facts: [],
        buttons: [],
        path: `/pages/task/index?id=${first.id}`,
      },
      to: admins,
      key: `${effectKey(step.at)}:stay:${again}`,
      about: { kind: 'none', id: null },
    });
  }

  private async handUp(step: ApprovalStep, task: TaskRow, manager: MemberId): Promise<void> {
    const { tx, ctx, now } = step;
    await tx.run(
      `UPDATE lianke.task SET state = 'transferred', auto = 'timeout', decided_at = $3 WHERE tenant_id = $1 AND id = $2`,
      [ctx.tenantId, task.id, now],
    );
    const name = step.org.nameOf(manager);
    const told = await toldTo(step, manager, step.node);
    await this.notifier.update(tx, ctx, {
      about: { kind: 'task', id: task.id },
      outcome: { zh: `超时，已转给 ${name}`, en: `Overdue, passed to ${name}` },
      by: null,
    });
    const id = uuid7() as TaskId;
    await insertTask(
      tx,
      ctx,
      {
        id,
        at: step.at,
        memberId: manager,
        state: 'pending',
        kind: task.kind,
        position: task.position,
        takenFrom: task.id,
        parent: task.parent_id,
        addedBy: task.added_by,
        group: task.group_id ? { id: task.group_id, mode: task.group_mode ?? 'all' } : null,
        depth: task.depth,
        title: told.title,
        facts: told.facts,
        formId: task.form_id,
        recordId: task.record_id,
        starterId: task.starter_id,
      },
      now,
    );
    await tx.run(`UPDATE lianke.task SET parent_id = $3 WHERE tenant_id = $1 AND parent_id = $2 AND kind = 'after'`, [
      ctx.tenantId,
      task.id,
      id,
    ]);
    const late = step.org.nameOf(task.member_id);
    const why = { zh: `${late} 超时未处理`, en: `${late} did not answer in time` };
    await this.send(step, { ...told, id, member_id: manager, kind: task.kind }, why);
  }

  private async send(step: ApprovalStep, task: Ask['task'], description: Words, again?: string): Promise<void> {
    if (!step.flow) return;
    await sendAsk(this, step.tx, step.ctx, step.org, {
      task,
      at: step.at,
      flowId: step.flow.id,
      node: step.node,
      description,
      ...(again === undefined ? {} : { again }),
      now: step.now,
    });
  }

  private tasks(step: ApprovalStep): Promise<TaskRow[]> {
    return step.tx.sql<TaskRow>(
      'SELECT * FROM lianke.task WHERE tenant_id = $1 AND run_id = $2 AND node = $3 AND scope = $4 AND iteration = $5 ORDER BY position, created_at, id',
      [step.ctx.tenantId, step.runId, step.at.node, step.at.scope, step.at.iteration],
    );
  }
}

const timedOut = {
  approved: { zh: '超时，已自动同意', en: 'Approved by time-out' },
  rejected: { zh: '超时，已自动拒绝', en: 'Rejected by time-out' },
} as const;
const overdue: Words = {
  zh: '提醒：已超时，没有别的上级可以转给',
  en: 'Reminder: overdue, and there is no further manager to pass it to',
};

/** Longest line of managers that is gone up. */
const mostLevels = 20;

/** The nearest manager up who is not asked yet; not the starter, where he may not decide about his own. */
function nextUp(step: ApprovalStep, from: MemberId, asked: ReadonlySet<MemberId>): MemberId | null {
  const own = (step.node.whenStarter ?? 'self') === 'self';
  for (let level = 1; level <= mostLevels; level++) {
    const manager = step.org.managerOf(from, level);
    if (!manager) return null;
    if (!asked.has(manager) && (own || manager !== step.starterId)) return manager;
  }
  return null;
}
