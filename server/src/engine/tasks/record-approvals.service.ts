import { flowDefinition } from '@lianke/shared/flows/definition';
import type { FlowId, FormId, MemberId, RecordId, RunId, TaskId } from '@lianke/shared/ids';
import type { RecordApproval } from '@lianke/shared/tasks/api';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { AccessService } from '../access/access.service.js';
import { languageIn, memberOf, type TenantContext } from '../context.js';
import { PublishedFlows } from '../flows/published-flows.js';
import { FormRegistry } from '../forms/form-registry.js';
import { OrgDirectory } from '../org/org-directory.js';
import { RecordReader } from '../records/record-reader.js';
import { ApprovalDesk } from './approval-desk.js';
import { activeAways, substituteOf } from './aways.js';
import { lastSeal, type Sealed, sealHolds } from './content-hash.js';
import { holdRun } from './held-task.js';
import { type StartedRow, startedRun } from './started-run-view.js';
import { startedSql } from './started-sql.js';
import type { TaskRow } from './task-row.js';
import { ToldCuts } from './told-cuts.js';

/** What approvals mean for the record they are about: locked while under way, changed since. */
@Injectable()
export class RecordApprovalsService {
  constructor(
    private readonly database: Database,
    private readonly org: OrgDirectory,
    private readonly access: AccessService,
    private readonly registry: FormRegistry,
    private readonly reader: RecordReader,
    private readonly desk: ApprovalDesk,
    private readonly flows: PublishedFlows,
    private readonly cuts: ToldCuts,
  ) {}

  /** The approvals of a record, the latest first; for whoever may see it. */
  async of(ctx: TenantContext, formId: FormId, recordId: RecordId): Promise<RecordApproval[]> {
    await this.reader.get(ctx, formId, recordId);
    const org = await this.org.of(ctx);
    const form = await this.registry.form(ctx, formId);
    const admin = await this.isAdmin(ctx);
    const me = memberOf(ctx);
    const called = await this.flows.lookup(ctx);
    const cut = await this.cuts.of(ctx);
    return this.database.withTenant(ctx, async (tx) => {
      const rows = await tx.sql<
        StartedRow & {
          flow_id: FlowId;
          starter_id: MemberId | null;
          lock: 'all' | string[] | null;
          since: Record<string, string> | null;
          definition: unknown;
          sealed: Sealed[] | null;
        }
      >(
        `${startedSql(
          `, r.lock, r.flow_id, r.starter_id,
           (SELECT jsonb_object_agg(p.member_id, p.since) FROM (SELECT member_id, min(created_at) AS since FROM lianke.task WHERE tenant_id = r.tenant_id AND run_id = r.id AND state = 'pending' GROUP BY member_id) p) AS since,
           (SELECT v.definition FROM lianke.flow_version v WHERE v.tenant_id = r.tenant_id AND v.flow_id = r.flow_id AND v.version = r.version) AS definition,
           (SELECT jsonb_agg(jsonb_build_object('state', h.state, 'kind', h.kind, 'undone', h.undone, 'record_id', h.record_id, 'decided_at', h.decided_at, 'content_hash', h.content_hash, 'content_fields', h.content_fields))
            FROM lianke.task h WHERE h.tenant_id = r.tenant_id AND h.run_id = r.id AND h.content_hash IS NOT NULL) AS sealed`,
        )} WHERE r.record_id = $1 AND r.form_id = $2 AND t.task_id IS NOT NULL ORDER BY r.id DESC LIMIT 20`,
        [recordId, formId],
      );
      const [record] = await this.reader.stored(tx, ctx, formId, [recordId]);
      const aways = await activeAways(tx, this.desk.now());
      const decides = (row: StartedRow & { flow_id: FlowId }) =>
        me !== null && row.waiting.some((id) => id === me || substituteOf(aways, id, row.flow_id) === me);
      return rows.map((row) => {
        const definition = flowDefinition.parse(row.definition);
        const told = cut(definition, row, row.told_to === me ? 'told' : 'outsider');
        const view = startedRun(told, org, { now: this.desk.now(), rule: 'beforeFirst', language: languageIn(ctx) });
        const open = view.state === 'open' || view.state === 'returned';
        const seal = lastSeal(row.sealed ?? [], recordId);
        const holds = !seal || !record || sealHolds(seal, form, record.values, definition, called);
        return {
          runId: row.id,
          taskId: row.task_id,
          flowName: row.flow_name ?? '',
          title: view.title,
          state: view.state === 'returned' ? 'open' : view.state,
          starter: row.starter_id ? { id: row.starter_id, label: org.nameOf(row.starter_id) } : null,
          waiting: view.waiting.map((who) => ({
            ...who,
            since: new Date(row.since?.[who.id] ?? row.started_at).toISOString(),
          })),
          startedAt: row.started_at,
          changedAfter: !holds,
          locked: open && row.lock ? (row.lock === 'all' ? 'all' : keysOf(form, row.lock)) : null,
          mayUnlock: open && row.lock !== null && (admin || decides(row)),
        };
      });
    });
  }

  /** Takes the lock off a record under approval: an administrator or whoever has to decide it, with a reason. */
  async unlock(ctx: TenantContext, id: RunId, reason: string): Promise<void> {
    const admin = await this.isAdmin(ctx);
    const me = memberOf(ctx);
    await this.database.withTenant(ctx, async (tx) => {
      const run = await holdRun(tx, id);
      const tasks = await tx.sql<Pick<TaskRow, 'member_id'> & { id: TaskId }>(
        `SELECT id, member_id FROM lianke.task WHERE run_id = $1 AND state = 'pending'`,
        [id],
      );
      const aways = await activeAways(tx, this.desk.now());
      const decides = tasks.some(
        (task) => task.member_id === me || substituteOf(aways, task.member_id, run.flow_id) === me,
      );
      if (!admin && !decides) throw new AppError('not_found');
      if (run.lock === null) throw refusal('wrong_state', { zh: '数据没有锁定', en: 'the record is not locked' });
      const unlocked = { by: me as MemberId, at: this.desk.now().toISOString(), reason };
      await tx.run('UPDATE lianke.run SET lock = NULL, unlocked = $2::jsonb WHERE id = $1', [
        id,
        JSON.stringify(unlocked),
      ]);
    });
  }

  private isAdmin(ctx: TenantContext): Promise<boolean> {
    return this.access
      .require(ctx, 'admin')
      .then(() => true)
      .catch(() => false);
  }
}

function keysOf(form: { field(ref: string): { key: string } | undefined }, ids: readonly string[]): string[] {
  return ids.flatMap((id) => form.field(id)?.key ?? []);
}
