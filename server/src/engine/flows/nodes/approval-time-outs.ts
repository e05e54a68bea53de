import type { MemberId, TaskId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import { Notifier } from '../../ports.js';
import { hasVoice, isOpen, type TaskRow } from '../../tasks/task-row.js';
import { insertTask, sendAsk } from '../approval-tasks.js';
import { afterFiring, dueTimers, followDates, type TimerEnv, wakeAt } from '../approval-timers.js';
import type { StepOutcome } from '../node-type.js';
import { asJson, type VisitOutput } from '../visit-timers.js';
import type { ApprovalStep } from './approval.js';

/** 超时: what a waiting approval does by itself. Runs under the run's lock, like every answer. */
@Injectable()
export class ApprovalTimeOuts {
  constructor(private readonly notifier: Notifier) {}

  /** Carries out the timers that are due, each once; then waits on, or leaves by a port. */
  async resume(step: ApprovalStep, env: TimerEnv): Promise<StepOutcome> {
    const timers = step.node.timers ?? [];
    const output = (step.values.output(step.node.id) ?? { approvers: [] }) as unknown as VisitOutput;
    if (output.left) return { kind: 'wait', until: null, output: asJson(output) };
    const states = await followDates(timers, output.timers ?? [], env);
    for (const index of dueTimers(timers, states, step.now)) {
      const timer = timers[index];
      const state = states[index];
      if (!timer || !state) continue;
      if (timer.action === 'approve' || timer.action === 'reject') {
        const port = timer.action === 'approve' ? 'approved' : 'rejected';
        await this.closeAll(step, port);
        return { kind: 'next', port, output: { approvers: output.approvers, outcome: port, by: 'timeout' } };
      }
      if (timer.action === 'remind') await this.remind(step, `${index}:${state.fired}`);
      else await this.escalate(step);
      states[index] = afterFiring(timer, state, env);
    }
    const kept: VisitOutput = { ...output, timers: states };
    return { kind: 'wait', until: wakeAt(timers, states, step.now), output: asJson(kept) };
  }

  private async closeAll(step: ApprovalStep, port: 'approved' | 'rejected'): Promise<void> {
    const outcome = port === 'approved' ? '超时，已自动同意' : '超时，已自动拒绝';
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
      if (task.state === 'pending') await this.send(step, task, '提醒：还在等待审批', `remind:${again}`);
  }

  /** Everybody who still waits hands over to his manager, unless that one is asked already. */
  private async escalate(step: ApprovalStep): Promise<void> {
    const tasks = await this.tasks(step);
    const asked = new Set(
      tasks
        .filter((task) => hasVoice(task) && (isOpen(task) || task.state === 'approved'))
        .map((task) => task.member_id),
    );
    for (const task of tasks) {
      if (task.state !== 'pending' || !hasVoice(task)) continue;
      const manager = step.org.managerOf(task.member_id);
      if (!manager || asked.has(manager)) continue;
      asked.add(manager);
      await this.handUp(step, task, manager);
    }
  }

  private async handUp(step: ApprovalStep, task: TaskRow, manager: MemberId): Promise<void> {
    const { tx, ctx, now } = step;
    await tx.run(
      `UPDATE lianke.task SET state = 'transferred', auto = 'timeout', decided_at = $3 WHERE tenant_id = $1 AND id = $2`,
      [ctx.tenantId, task.id, now],
    );
    const name = step.org.nameOf(manager);
    await this.notifier.update(tx, ctx, {
      about: { kind: 'task', id: task.id },
      outcome: `超时，已转给 ${name}`,
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
        title: task.title,
        facts: task.facts,
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
    await this.send(step, { ...task, id, member_id: manager }, `${step.org.nameOf(task.member_id)} 超时未处理`);
  }

  private async send(step: ApprovalStep, task: TaskRow, description: string, again?: string): Promise<void> {
    if (!step.flow) return;
    await sendAsk(this.notifier, step.tx, step.ctx, step.org, {
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
