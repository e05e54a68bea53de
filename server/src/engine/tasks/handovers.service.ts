import type { Words } from '@lianke/shared/errors/issue-text';
import { type FlowDefinition, flowDefinition } from '@lianke/shared/flows/definition';
import type { FlowId, MemberId, TaskId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { refusal } from '../../kernel/errors/app-error.js';
import type { TenantContext } from '../context.js';
import { OrgDirectory } from '../org/org-directory.js';
import { ApprovalDesk } from './approval-desk.js';
import { holdRun } from './held-task.js';
import type { TaskRow } from './task-row.js';

/** Why somebody else takes over: the member leaves, or the records are another's from now on. */
type Why = 'left' | 'transfer';

const whys: Record<Why, Words> = {
  left: { zh: '离职交接', en: 'Handed over as they leave' },
  transfer: { zh: '转移数据', en: 'Records transferred' },
};

/** What of a member's approvals somebody else has to take over when he leaves. */
export interface OpenApprovals {
  tasks: number;
  /** Flows whose draft names him. */
  flows: { id: FlowId; name: string }[];
}

/** 离职交接 of approvals: open tasks, and flows that name the leaver. Who may do it is the caller's to check. */
@Injectable()
export class HandoversService {
  constructor(
    private readonly database: Database,
    private readonly org: OrgDirectory,
    private readonly desk: ApprovalDesk,
  ) {}

  open(ctx: TenantContext, member: MemberId): Promise<OpenApprovals> {
    return this.database.withTenant(ctx, async (tx) => {
      const [count] = await tx.sql<{ n: number }>(
        `SELECT count(*)::int AS n FROM lianke.task WHERE member_id = $1 AND state IN ('pending','queued','held')`,
        [member],
      );
      const flows = await this.naming(tx, member);
      return { tasks: count?.n ?? 0, flows: flows.map(({ id, name }) => ({ id, name })) };
    });
  }

  /**
   * Gives every open task to `to`, run by run, each in its own transaction, and puts him into the drafts that name the
   * leaver. A second call finds nothing.
   * Published versions stay as they are: publishing the draft is up to whoever designs the flow.
   */
  async handOver(ctx: TenantContext, from: MemberId, to: MemberId): Promise<{ tasks: number; flows: number }> {
    const tasks = (await this.give(ctx, from, to)).length;
    const flows = await this.database.withTenant(ctx, async (tx) => {
      const naming = await this.naming(tx, from);
      for (const flow of naming)
        await tx.run('UPDATE lianke.flow SET draft = $2::jsonb, updated_at = $3 WHERE id = $1', [
          flow.id,
          JSON.stringify(flow.draft).replaceAll(`"${from}"`, `"${to}"`),
          this.desk.now(),
        ]);
      return naming.length;
    });
    return { tasks, flows };
  }

  /** Gives every open task to `to`, run by run. @returns their ids */
  async give(ctx: TenantContext, from: MemberId, to: MemberId): Promise<TaskId[]> {
    const org = await this.org.of(ctx);
    if (org.members.get(to)?.state !== 'active' || from === to)
      throw refusal('invalid_request', {
        zh: '接手的成员不存在或已离职，请换一位',
        en: 'the member who takes over does not exist or has left; choose another',
      });
    const open = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ run_id: TaskRow['run_id'] }>(
        `SELECT DISTINCT run_id FROM lianke.task WHERE member_id = $1 AND state IN ('pending','queued','held')`,
        [from],
      ),
    );
    const given: TaskId[] = [];
    for (const { run_id } of open) given.push(...(await this.run(ctx, run_id, from, to, 'left')));
    return given;
  }

  /** Gives tasks back that are still open and still the heir's. @returns their ids */
  async giveBack(
    ctx: TenantContext,
    given: readonly { task: TaskId; heir: MemberId }[],
    to: MemberId,
    why: Why = 'left',
  ): Promise<Set<TaskId>> {
    const heirs = new Map(given.map(({ task, heir }) => [task, heir]));
    const runs = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ run_id: TaskRow['run_id']; id: TaskId; member_id: MemberId }>(
        `SELECT run_id, id, member_id FROM lianke.task WHERE id = ANY($1::uuid[]) AND state IN ('pending','queued','held')`,
        [[...heirs.keys()]],
      ),
    );
    const back = new Set<TaskId>();
    for (const { run_id, id, member_id } of runs) {
      if (heirs.get(id) !== member_id) continue;
      for (const task of await this.run(ctx, run_id, member_id, to, why, id)) back.add(task);
    }
    return back;
  }

  /** Gives one open task to `to`. @returns its id, or nothing when it is open no more */
  reassign(
    ctx: TenantContext,
    task: Pick<TaskRow, 'id' | 'run_id' | 'member_id'>,
    to: MemberId,
    why: Why,
  ): Promise<TaskId[]> {
    return this.run(ctx, task.run_id, task.member_id, to, why, task.id);
  }

  private run(
    ctx: TenantContext,
    id: TaskRow['run_id'],
    from: MemberId,
    to: MemberId,
    why: Why,
    only: TaskId | null = null,
  ): Promise<TaskId[]> {
    return this.database.withTenant(ctx, async (tx) => {
      const org = await this.org.of(ctx);
      const run = await holdRun(tx, id);
      const tasks = await tx.sql<TaskRow>(
        `SELECT * FROM lianke.task WHERE run_id = $1 AND member_id = $2 AND state IN ('pending','queued','held') AND ($3::uuid IS NULL OR id = $3) ORDER BY position`,
        [id, from, only],
      );
      for (const task of tasks) {
        await tx.run('UPDATE lianke.task SET member_id = $2 WHERE id = $1', [task.id, to]);
        const text = { zh: `已交接给 ${org.nameOf(to)}`, en: `Handed over to ${org.nameOf(to)}` };
        if (task.state !== 'pending') continue;
        await this.desk.tell(tx, ctx, task.id, text, true);
        const news = {
          text: { zh: `${org.nameOf(from)} ${whys[why].zh}`, en: `${org.nameOf(from)}: ${whys[why].en}` },
          // Records may be transferred to and fro: each time he is asked anew.
          again: why === 'left' ? `handover:${to}` : `transfer:${to}:${this.desk.now().getTime()}`,
        };
        await this.desk.askAgain(tx, ctx, org, run, await this.desk.cuts.passedOn(tx, ctx, task, to), news);
      }
      return tasks.map((task) => task.id);
    });
  }

  private async naming(tx: Tx, member: MemberId): Promise<{ id: FlowId; name: string; draft: FlowDefinition }[]> {
    const rows = await tx.sql<{ id: FlowId; name: string; draft: unknown }>(
      'SELECT id, name, draft FROM lianke.flow WHERE strpos(draft::text, $1) > 0 ORDER BY created_at, id',
      [`"${member}"`],
    );
    return rows.map((row) => ({ ...row, draft: flowDefinition.parse(row.draft) }));
  }
}
