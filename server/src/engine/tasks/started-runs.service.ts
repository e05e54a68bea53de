import { flowDefinition } from '@lianke/shared/flows/definition';
import type { FlowId, MemberId, RunId } from '@lianke/shared/ids';
import { isUuid } from '@lianke/shared/ids';
import type { StartedRun } from '@lianke/shared/tasks/api';
import { timeIn } from '@lianke/shared/time/zone';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { CLOCK } from '../../kernel/tokens.js';
import { memberOf, type TenantContext } from '../context.js';
import { sendAsk } from '../flows/approval-tasks.js';
import { RunPlaces } from '../flows/run-places.js';
import { OrgDirectory } from '../org/org-directory.js';
import { Notifier } from '../ports.js';
import { type StartedRow, startedRun, urgeFrom } from './started-run-view.js';
import type { TaskRow } from './task-view.js';

const pageSize = 50;

interface HeldRun {
  id: RunId;
  flow_id: FlowId;
  version: number;
  state: string;
  starter_id: MemberId | null;
  urged_at: string | null;
}

/** 我发起的: approvals that a member's own records asked for; taking one back, and urging those it waits for. */
@Injectable()
export class StartedRunsService {
  constructor(
    private readonly database: Database,
    private readonly org: OrgDirectory,
    private readonly notifier: Notifier,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The member's runs that asked somebody, newest first. */
  async list(
    ctx: TenantContext,
    query: { cursor?: string | undefined },
  ): Promise<{ items: StartedRun[]; cursor: string | null }> {
    if (query.cursor !== undefined && !isUuid(query.cursor)) throw new AppError('invalid_cursor');
    const rows = await this.database.withTenant(ctx, (tx) =>
      this.read(
        tx,
        `WHERE r.id IN (SELECT DISTINCT run_id FROM lianke.task WHERE starter_id = $1 AND ($2::uuid IS NULL OR run_id < $2) ORDER BY run_id DESC LIMIT ${pageSize + 1})`,
        [memberOf(ctx), query.cursor ?? null],
      ),
    );
    const page = rows.slice(0, pageSize);
    const org = await this.org.of(ctx);
    return {
      items: page.map((row) => startedRun(row, org, this.clock.now())),
      cursor: rows.length > pageSize ? (page.at(-1)?.id ?? null) : null,
    };
  }

  /**
   * Ends the member's own run before anybody has decided; its tasks and cards are closed. Throws `not_found`, or
   * `wrong_state` once somebody has decided, the run is over, or it asked nobody.
   */
  async withdraw(ctx: TenantContext, id: RunId, comment: string | undefined): Promise<StartedRun> {
    const org = await this.org.of(ctx);
    await this.database.withTenant(ctx, async (tx) => {
      const { run, tasks } = await this.hold(tx, ctx, id);
      const first = tasks.find((task) => task.state === 'approved' || task.state === 'rejected');
      if (first) throw new AppError('wrong_state', { detail: `${org.nameOf(first.member_id)} 已经审批过，不能再撤回` });
      const [version] = await tx.sql<{ definition: unknown }>(
        'SELECT definition FROM lianke.flow_version WHERE flow_id = $1 AND version = $2',
        [run.flow_id, run.version],
      );
      const by = memberOf(ctx);
      for (const task of tasks)
        if (task.state === 'pending')
          await this.notifier.update(tx, ctx, {
            about: { kind: 'task', id: task.id },
            outcome: `${org.nameOf(by)} 已撤回`,
            by,
          });
      await tx.run('UPDATE lianke.run SET withdrawal = $2 WHERE id = $1', [id, comment?.trim() ?? '']);
      const definition = flowDefinition.parse(version?.definition);
      await new RunPlaces(tx, { tenantId: ctx.tenantId, runId: id }, definition, this.clock.now()).finish('cancelled');
    });
    return this.one(ctx, id);
  }

  /**
   * Sends everybody the member's own run waits for a new card. Throws `not_found`, `wrong_state` when it waits for
   * nobody, or `urged_recently` with the time from which it may be done again.
   */
  async urge(ctx: TenantContext, id: RunId): Promise<StartedRun> {
    const org = await this.org.of(ctx);
    await this.database.withTenant(ctx, async (tx) => {
      const { run, tasks } = await this.hold(tx, ctx, id);
      const now = this.clock.now();
      const from = urgeFrom(run.urged_at, now);
      if (from) throw new AppError('urged_recently', { at: timeIn(ctx.timeZone, from) });
      const [version] = await tx.sql<{ definition: unknown }>(
        'SELECT definition FROM lianke.flow_version WHERE flow_id = $1 AND version = $2',
        [run.flow_id, run.version],
      );
      const definition = flowDefinition.parse(version?.definition);
      await tx.run('UPDATE lianke.run SET urged_at = $2 WHERE id = $1', [id, now]);
      for (const task of tasks) {
        const node = definition.nodes.find((item) => item.id === task.node);
        if (task.state !== 'pending' || node?.type !== 'approval') continue;
        const at = { runId: id, node: task.node, scope: task.scope, iteration: task.iteration };
        const asked = { ...task, at, memberId: task.member_id };
        await sendAsk(
          this.notifier,
          tx,
          ctx,
          asked,
          node,
          `${org.nameOf(memberOf(ctx))} 催办`,
          `urge:${now.toISOString()}`,
        );
      }
    });
    return this.one(ctx, id);
  }

  /** Locks the member's own run that still waits for somebody. */
  private async hold(tx: Tx, ctx: TenantContext, id: RunId): Promise<{ run: HeldRun; tasks: TaskRow[] }> {
    const [run] = await tx.sql<HeldRun>(
      'SELECT id, flow_id, version, state, starter_id, urged_at FROM lianke.run WHERE id = $1 FOR UPDATE',
      [id],
    );
    if (!run || run.starter_id === null || run.starter_id !== memberOf(ctx)) throw new AppError('not_found');
    if (run.state === 'done' || run.state === 'failed' || run.state === 'cancelled')
      throw new AppError('wrong_state', { detail: '流程已经结束' });
    const tasks = await tx.sql<TaskRow>('SELECT * FROM lianke.task WHERE run_id = $1 ORDER BY created_at, position', [
      id,
    ]);
    if (!tasks.some((task) => task.state === 'pending'))
      throw new AppError('wrong_state', { detail: '现在没有人需要审批' });
    return { run, tasks };
  }

  private async one(ctx: TenantContext, id: RunId): Promise<StartedRun> {
    const [row] = await this.database.withTenant(ctx, (tx) => this.read(tx, 'WHERE r.id = $1', [id]));
    if (!row) throw new AppError('not_found');
    return startedRun(row, await this.org.of(ctx), this.clock.now());
  }

  private read(tx: Tx, where: string, values: readonly (string | null)[]): Promise<StartedRow[]> {
    return tx.sql<StartedRow>(
      `SELECT r.id, r.state, r.started_at, r.finished_at, r.withdrawal, r.urged_at, f.name AS flow_name, t.task_id, t.title,
         t.waiting, t.decided, s.outcome
       FROM lianke.run r LEFT JOIN lianke.flow f ON f.tenant_id = r.tenant_id AND f.id = r.flow_id
       CROSS JOIN LATERAL (
         SELECT (array_agg(id ORDER BY state = 'pending' DESC, created_at DESC, id))[1] AS task_id,
           (array_agg(title ORDER BY created_at DESC, id))[1] AS title,
           coalesce(array_agg(member_id ORDER BY position, id) FILTER (WHERE state = 'pending'), '{}') AS waiting,
           coalesce(bool_or(state IN ('approved','rejected')), false) AS decided
         FROM lianke.task WHERE tenant_id = r.tenant_id AND run_id = r.id) t
       LEFT JOIN LATERAL (
         SELECT output->>'outcome' AS outcome FROM lianke.step
         WHERE tenant_id = r.tenant_id AND run_id = r.id AND type = 'approval' AND state = 'done' ORDER BY finished_at DESC LIMIT 1) s ON true
       ${where} ORDER BY r.id DESC`,
      values,
    );
  }
}
