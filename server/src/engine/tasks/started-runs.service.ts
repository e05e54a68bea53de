import { flowDefinition } from '@lianke/shared/flows/definition';
import type { RunId } from '@lianke/shared/ids';
import { isUuid } from '@lianke/shared/ids';
import type { StartedRun } from '@lianke/shared/tasks/api';
import { timeIn } from '@lianke/shared/time/zone';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import type { SqlValue, Tx } from '../../kernel/database/tx.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { CLOCK } from '../../kernel/tokens.js';
import { languageIn, memberOf, type TenantContext } from '../context.js';
import { settingsOf } from '../flows/visit-timers.js';
import { OrgDirectory } from '../org/org-directory.js';
import { doneBy } from './answer.js';
import { ApprovalDesk } from './approval-desk.js';
import { type HeldRun, holdRun } from './held-task.js';
import { type StartedRow, startedRun, urgeFrom } from './started-run-view.js';
import { startedSql, stateSql } from './started-sql.js';
import { type Filters, filterSql, searchSql, Values } from './task-filters.js';
import { hasVoice, isAnswer, isOpen, type TaskRow } from './task-row.js';
import { ToldCuts } from './told-cuts.js';

const pageSize = 50;

/** 我发起的: approvals that a member's own records asked for; taking one back, and urging those it waits for. */
@Injectable()
export class StartedRunsService {
  constructor(
    private readonly database: Database,
    private readonly org: OrgDirectory,
    private readonly desk: ApprovalDesk,
    private readonly cuts: ToldCuts,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The member's runs that asked somebody, newest first. */
  async list(
    ctx: TenantContext,
    query: Filters & { state?: StartedRun['state'] | undefined; cursor?: string | undefined },
  ): Promise<{ items: StartedRun[]; cursor: string | null }> {
    if (query.cursor !== undefined && !isUuid(query.cursor)) throw new AppError('invalid_cursor');
    const values = new Values();
    const me = values.add(memberOf(ctx));
    const before = values.add(query.cursor ?? null);
    const columns = { flow: 'r.flow_id', form: 'r.form_id', at: 'r.started_at' };
    const narrow =
      filterSql(query, ctx.timeZone, columns, values) +
      searchSql(query.search, ['t.title', 't.title_en', 'f.name'], values) +
      (query.state ? ` AND ${stateSql} = ${values.add(query.state)}` : '');
    // Only what is shown is summed up, unless a filter needs all of it.
    const most = narrow === '' ? `ORDER BY run_id DESC LIMIT ${pageSize + 1}` : '';
    const rows = await this.database.withTenant(ctx, (tx) =>
      this.read(
        tx,
        `WHERE r.id IN (SELECT DISTINCT run_id FROM lianke.task WHERE starter_id = ${me} AND (${before}::uuid IS NULL OR run_id < ${before}) ${most})${narrow}`,
        values.list,
        pageSize + 1,
      ),
    );
    const page = rows.slice(0, pageSize);
    const items = await Promise.all(page.map((row) => this.view(ctx, row)));
    const words = query.search?.trim().toLowerCase() ?? '';
    return {
      // What he is not told he does not find by either.
      items: items.filter(({ told, flow }) => told || flow.includes(words)).map(({ run }) => run),
      cursor: rows.length > pageSize ? (page.at(-1)?.id ?? null) : null,
    };
  }

  /**
   * Ends the member's own run as far as the flow's rule allows it: before anybody has decided, or before its end. Its tasks
   * and cards are closed. Throws `not_found`, or `wrong_state` with what stands in the way.
   */
  async withdraw(ctx: TenantContext, id: RunId, comment: string | undefined): Promise<StartedRun> {
    const org = await this.org.of(ctx);
    await this.database.withTenant(ctx, async (tx) => {
      const { run, tasks } = await this.hold(tx, ctx, id);
      const rule = settingsOf(run.definition).withdraw;
      if (rule === 'never')
        throw refusal('wrong_state', {
          zh: '这个流程不允许撤回',
          en: 'what this flow has started cannot be withdrawn',
        });
      const first = tasks.find((task) => isAnswer(task) && hasVoice(task) && !task.undone && task.auto === null);
      if (first && rule === 'beforeFirst')
        throw refusal('wrong_state', {
          zh: `${org.nameOf(first.decided_by ?? first.member_id)} 已经审批过，不能再撤回`,
          en: `${org.nameOf(first.decided_by ?? first.member_id)} has already decided, so it cannot be withdrawn any more`,
        });
      const text = doneBy(org.nameOf(memberOf(ctx)), { zh: '已撤回', en: 'Withdrawn' });
      for (const task of tasks) if (isOpen(task)) await this.desk.close(tx, ctx, task, null, text, true);
      await tx.run('UPDATE lianke.run SET withdrawal = $2 WHERE id = $1', [id, comment?.trim() ?? '']);
      await this.desk.places(tx, ctx, run).finish('cancelled');
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
      const mine = memberOf(ctx);
      const waiting = tasks.filter(
        (task) =>
          task.state === 'pending' && task.kind !== 'resubmit' && task.kind !== 'choose' && task.kind !== 'inform',
      );
      if (waiting.length === 0)
        throw refusal('wrong_state', { zh: '现在没有人需要审批', en: 'nobody has to approve it now' });
      const now = this.clock.now();
      const from = urgeFrom(run.urged_at, now, settingsOf(run.definition).urgeMinutes);
      if (from) throw new AppError('urged_recently', { at: timeIn(ctx.timeZone, from) });
      await tx.run('UPDATE lianke.run SET urged_at = $2 WHERE id = $1', [id, now]);
      for (const task of waiting) {
        const news = {
          text: { zh: `${org.nameOf(mine)} 催办`, en: `${org.nameOf(mine)} urges you` },
          again: `urge:${now.toISOString()}`,
        };
        await this.desk.askAgain(tx, ctx, org, run, task, news);
      }
    });
    return this.one(ctx, id);
  }

  /** Locks the member's own run that has asked somebody and is still under way. */
  private async hold(tx: Tx, ctx: TenantContext, id: RunId): Promise<{ run: HeldRun; tasks: TaskRow[] }> {
    const run = await holdRun(tx, id);
    if (run.starter_id === null || run.starter_id !== memberOf(ctx)) throw new AppError('not_found');
    if (run.state === 'done' || run.state === 'failed' || run.state === 'cancelled')
      throw refusal('wrong_state', { zh: '流程已经结束', en: 'the flow has already ended' });
    const tasks = await tx.sql<TaskRow>('SELECT * FROM lianke.task WHERE run_id = $1 ORDER BY created_at, position', [
      id,
    ]);
    // What has asked nobody yet is no approval of his to speak of.
    if (tasks.length === 0)
      throw refusal('wrong_state', { zh: '现在没有人需要审批', en: 'nobody has to approve it now' });
    return { run, tasks };
  }

  private async view(ctx: TenantContext, row: StartedRow & { definition: unknown }) {
    const definition = flowDefinition.parse(row.definition);
    const { withdraw, urgeMinutes } = settingsOf(definition);
    const cut = await this.cuts.of(ctx);
    const shown = cut(definition, row, row.told_to === memberOf(ctx) ? 'told' : 'outsider');
    const told = { now: this.clock.now(), rule: withdraw, urgeMinutes, language: languageIn(ctx) };
    return {
      run: startedRun(shown, await this.org.of(ctx), told),
      told: shown.title === row.title,
      flow: row.flow_name?.toLowerCase() ?? '',
    };
  }

  private async one(ctx: TenantContext, id: RunId): Promise<StartedRun> {
    const [row] = await this.database.withTenant(ctx, (tx) => this.read(tx, 'WHERE r.id = $1', [id]));
    if (!row) throw new AppError('not_found');
    return (await this.view(ctx, row)).run;
  }

  private read(
    tx: Tx,
    where: string,
    values: readonly SqlValue[],
    limit = 1,
  ): Promise<(StartedRow & { definition: unknown })[]> {
    const definition = `, (SELECT v.definition FROM lianke.flow_version v WHERE v.tenant_id = r.tenant_id AND v.flow_id = r.flow_id AND v.version = r.version) AS definition`;
    return tx.sql(`${startedSql(definition)} ${where} ORDER BY r.id DESC LIMIT ${limit}`, values);
  }
}
