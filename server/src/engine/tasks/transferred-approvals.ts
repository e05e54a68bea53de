import type { Words } from '@lianke/shared/errors/issue-text';
import type { BatchId, MemberId, TaskId } from '@lianke/shared/ids';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { groupBy } from '../../kernel/group-by.js';
import { AccessService } from '../access/access.service.js';
import { languageIn, memberOf, type TenantContext } from '../context.js';
import { OrgDirectory } from '../org/org-directory.js';
import {
  type ApprovalKeeper,
  ApprovalsAlong,
  type ApprovalsGiven,
  type OpenApproval,
  type OwnedRecord,
} from '../records/approvals-along.js';
import { HandoversService } from './handovers.service.js';
import { holdRun } from './held-task.js';
import { hasVoice, isOpen, type TaskRow } from './task-row.js';

/** Open approvals of a record's former owner go to the new one. */
@Injectable()
export class TransferredApprovals implements ApprovalKeeper, OnModuleInit {
  constructor(
    private readonly along: ApprovalsAlong,
    private readonly database: Database,
    private readonly org: OrgDirectory,
    private readonly access: AccessService,
    private readonly handovers: HandoversService,
  ) {}

  onModuleInit(): void {
    this.along.register(this);
  }

  async open(ctx: TenantContext, members: readonly MemberId[]): Promise<OpenApproval[]> {
    const mine = await this.givable(ctx, members);
    if (mine.length === 0) return [];
    return this.database.withTenant(ctx, (tx) =>
      tx.sql<OpenApproval>(
        `SELECT form_id AS "formId", record_id AS record, member_id AS member FROM lianke.task
         WHERE member_id = ANY($1::uuid[]) AND state = 'pending' AND record_id IS NOT NULL`,
        [mine],
      ),
    );
  }

  async give(
    ctx: TenantContext,
    batchId: BatchId,
    records: readonly OwnedRecord[],
    to: MemberId,
  ): Promise<ApprovalsGiven> {
    const given: ApprovalsGiven = { done: 0, failed: 0, reason: '' };
    for (const [owner, list] of groupBy(records, (record) => record.owner)) {
      if (owner === to || (await this.givable(ctx, [owner])).length === 0) continue;
      const tasks = await this.database.withTenant(ctx, (tx) =>
        tx.sql<TaskRow>(
          `SELECT * FROM lianke.task WHERE member_id = $1 AND record_id = ANY($2::uuid[]) AND state = 'pending' ORDER BY id`,
          [owner, list.map(({ id }) => id)],
        ),
      );
      for (const task of tasks) {
        const why = await this.obstacle(ctx, task, to);
        const [moved] = why ? [] : await this.handovers.reassign(ctx, task, to, 'transfer');
        if (moved) {
          given.done++;
          await this.keep(ctx, batchId, { task: moved, from: owner, to });
        } else if (why) {
          given.failed++;
          given.reason ||= why[languageIn(ctx)];
        }
      }
    }
    return given;
  }

  async giveBack(ctx: TenantContext, batchId: BatchId): Promise<{ reversed: number; kept: number }> {
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ task_id: TaskId; from_id: MemberId; to_id: MemberId }>(
        'DELETE FROM lianke.transferred_task WHERE batch_id = $1 RETURNING task_id, from_id, to_id',
        [batchId],
      ),
    );
    let reversed = 0;
    for (const [from, list] of groupBy(rows, (row) => row.from_id)) {
      const given = list.map(({ task_id, to_id }) => ({ task: task_id, heir: to_id }));
      reversed += (await this.handovers.giveBack(ctx, given, from, 'transfer')).size;
    }
    return { reversed, kept: rows.length - reversed };
  }

  /** One's own approvals, those of the people one leads, and for administrators everybody's: a new owner is no way to another's voice. */
  private async givable(ctx: TenantContext, members: readonly MemberId[]): Promise<MemberId[]> {
    if ((await this.access.permissions(ctx)).admin) return [...members];
    const me = memberOf(ctx);
    const org = await this.org.of(ctx);
    const led = new Set(
      (me ? (org.members.get(me)?.departments ?? []) : []).flatMap(({ id, leader }) =>
        leader ? org.descendants(id) : [],
      ),
    );
    const leads = (id: MemberId) => org.members.get(id)?.departments.some((place) => led.has(place.id)) === true;
    return members.filter((id) => id === me || leads(id));
  }

  /** Why a task cannot become the new owner's. */
  private async obstacle(ctx: TenantContext, task: TaskRow, to: MemberId): Promise<Words | undefined> {
    if (!hasVoice(task)) return undefined;
    const name = (await this.org.of(ctx)).nameOf(to);
    if (task.starter_id === to)
      return {
        zh: `有审批是 ${name} 自己提交的，不能转给他`,
        en: `${name} submitted one of the approvals and cannot decide on it`,
      };
    return this.database.withTenant(ctx, async (tx) => {
      const run = await holdRun(tx, task.run_id);
      const node = run.definition.nodes.find((item) => item.id === task.node);
      if (task.member_id === memberOf(ctx) && node?.type === 'approval' && node.without?.includes('transfer'))
        return { zh: '有审批不允许转办', en: 'one of the approvals may not be handed over' };
      const visit = await tx.sql<TaskRow>(
        'SELECT * FROM lianke.task WHERE run_id = $1 AND node = $2 AND scope = $3 AND iteration = $4 AND member_id = $5',
        [task.run_id, task.node, task.scope, task.iteration, to],
      );
      return visit.some((other) => hasVoice(other) && (isOpen(other) || other.state === 'approved'))
        ? { zh: `${name} 已经是其中一步的审批人`, en: `${name} already is an approver of one of the steps` }
        : undefined;
    });
  }

  private keep(
    ctx: TenantContext,
    batchId: BatchId,
    { task, from, to }: { task: TaskId; from: MemberId; to: MemberId },
  ): Promise<void> {
    return this.database.withTenant(ctx, async (tx) => {
      await tx.run(
        'INSERT INTO lianke.transferred_task (tenant_id, batch_id, task_id, from_id, to_id) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING',
        [ctx.tenantId, batchId, task, from, to],
      );
    });
  }
}
