import type { HandoverBody, HandoverItem, HandoverPreview, HandoverView } from '@lianke/shared/handover/api';
import type { BatchId, FormId, Id, MemberId, TaskId } from '@lianke/shared/ids';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { CLOCK } from '../../kernel/tokens.js';
import { AccessService } from '../access/access.service.js';
import { writeAudit } from '../audit/write-audit.js';
import { memberOf, type TenantContext } from '../context.js';
import { FormRegistry } from '../forms/form-registry.js';
import { OrgDirectory } from '../org/org-directory.js';
import { TenantDirectory } from '../org/tenant-directory.js';
import { UndoService } from '../records/undo.service.js';
import { HandoversService as TaskHandovers } from '../tasks/handovers.service.js';
import { bumpAccess, bumpSchema } from '../versions.js';
import { HandedConfigs, type HandedItem } from './handed-configs.js';
import { HandedDepartments } from './handed-departments.js';
import { HandedFlows } from './handed-flows.js';
import { HandedRecords } from './handed-records.js';
import { HandedSubscriptions } from './handed-subscriptions.js';

export type HandoverId = Id<'handover'>;
type Result = HandoverView['results'][number];

interface HandoverRow {
  id: HandoverId;
  member_id: MemberId;
  batch_id: BatchId;
  results: Result[];
  created_by: MemberId | null;
  created_at: string;
  undone_at: string | null;
  undo: HandoverView['undo'];
}

const undoMs = 7 * 24 * 3_600_000;
const listed = 30;

/** 离职交接, for administrators: what is a member's, giving it to his heirs, taking that back. */
@Injectable()
export class LeaverHandovers {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly registry: FormRegistry,
    private readonly org: OrgDirectory,
    private readonly tenants: TenantDirectory,
    private readonly records: HandedRecords,
    private readonly configs: HandedConfigs,
    private readonly departments: HandedDepartments,
    private readonly flows: HandedFlows,
    private readonly subscriptions: HandedSubscriptions,
    private readonly tasks: TaskHandovers,
    private readonly undoer: UndoService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Everything that is his or names him; kinds without anything are left out. */
  async preview(ctx: TenantContext, member: MemberId): Promise<HandoverPreview> {
    await this.access.require(ctx, 'admin');
    const found = (await this.org.of(ctx)).members.get(member);
    if (!found) throw new AppError('not_found');
    const records = (await this.records.counts(ctx, [member])).map(
      ({ form, count }): HandoverItem => ({ kind: 'records', formId: form.id, label: form.name, count, names: [] }),
    );
    const naming = (await this.records.naming(ctx, member)).map(
      ({ form, fields, count }): HandoverItem => ({
        ...{ kind: 'fields', formId: form.id, label: form.name, count },
        names: fields,
      }),
    );
    const { tasks } = await this.tasks.open(ctx, member);
    const [flows, leads, subscriptions, rest] = await this.database.withTenant(ctx, async (tx) => [
      await this.flows.names(tx, member),
      await this.departments.names(tx, member),
      await this.subscriptions.names(tx, member),
      await this.configs.preview(tx, member, this.clock.now()),
    ]);
    const plain = { formId: null, label: '' };
    const items: HandoverItem[] = [
      ...records,
      ...naming,
      { kind: 'tasks', ...plain, count: tasks, names: [] },
      { kind: 'flows', ...plain, count: flows.length, names: flows.slice(0, 20) },
      { kind: 'leads', ...plain, count: leads.length, names: leads.slice(0, 20) },
      { kind: 'subscriptions', ...plain, count: subscriptions.length, names: subscriptions.slice(0, 20) },
      ...rest.map((item) => ({ ...plain, ...item })),
    ];
    return {
      member: { id: member, label: found.name, left: found.state === 'left' },
      items: items.filter(({ count }) => count > 0),
    };
  }

  /** Gives each named kind to its heir. What cannot be given is counted with its reason; the rest goes on. */
  async start(ctx: TenantContext, member: MemberId, body: HandoverBody): Promise<HandoverView> {
    await this.access.require(ctx, 'admin');
    const org = await this.org.of(ctx);
    if (!org.members.has(member)) throw new AppError('not_found');
    for (const { to } of body.items)
      if (to === member || org.members.get(to)?.state !== 'active')
        throw refusal('invalid_request', {
          zh: '接手的成员不存在或已离职，请换一位',
          en: 'the member who takes over does not exist or has left; choose another',
        });
    const forms = await this.registry.all(ctx);
    for (const { kind, formId } of body.items)
      if ((kind === 'records' || kind === 'fields') && !(formId && forms.get(formId)))
        throw refusal('invalid_request', { zh: '要交接的表单不存在', en: 'a form to hand over does not exist' });
    const row: HandoverRow = {
      id: uuid7() as HandoverId,
      member_id: member,
      batch_id: uuid7() as BatchId,
      results: [],
      created_by: memberOf(ctx),
      created_at: this.clock.now().toISOString(),
      undone_at: null,
      undo: null,
    };
    await this.database.withTenant(ctx, (tx) =>
      tx.run(
        'INSERT INTO lianke.handover (tenant_id, id, member_id, batch_id, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6)',
        [ctx.tenantId, row.id, member, row.batch_id, row.created_by, row.created_at],
      ),
    );
    for (const item of body.items) {
      const { done, failed, reason } = await this.one(ctx, row, item);
      const label = item.formId ? (forms.get(item.formId)?.name ?? '') : '';
      const to = { id: item.to, label: org.nameOf(item.to) };
      row.results.push({ kind: item.kind, formId: item.formId, label, count: done, failed, reason, to });
      // Kept after every kind: what was done is known whenever it stops.
      await this.database.withTenant(ctx, (tx) =>
        tx.run('UPDATE lianke.handover SET results = $2::jsonb WHERE id = $1', [row.id, JSON.stringify(row.results)]),
      );
    }
    await this.database.withTenant(ctx, (tx) =>
      writeAudit(tx, ctx, {
        action: 'handover',
        object: member,
        detail: {
          handover: row.id,
          results: row.results.map(({ kind, formId, count, to }) => ({ kind, formId, count, to: to.id })),
        },
      }),
    );
    return this.present(ctx, row);
  }

  async list(ctx: TenantContext): Promise<HandoverView[]> {
    await this.access.require(ctx, 'admin');
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<HandoverRow>(`SELECT * FROM lianke.handover WHERE tenant_id = $1 ORDER BY id DESC LIMIT ${listed}`, [
        ctx.tenantId,
      ]),
    );
    return Promise.all(rows.map((row) => this.present(ctx, row)));
  }

  /** Members who left while records or tasks are still theirs. */
  async leavers(ctx: TenantContext): Promise<{ id: string; label: string; records: number; tasks: number }[]> {
    await this.access.require(ctx, 'admin');
    const gone = [...(await this.org.of(ctx)).members.values()].filter(({ state }) => state === 'left');
    const ids = gone.map(({ id }) => id);
    const owned = await this.records.counts(ctx, ids);
    const tasks = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ member_id: MemberId; n: number }>(
        `SELECT member_id, count(*)::int AS n FROM lianke.task WHERE member_id = ANY($1::uuid[]) AND state IN ('pending','queued','held') GROUP BY 1`,
        [ids],
      ),
    );
    return gone
      .map((member) => ({
        id: member.id,
        label: member.name,
        records: owned.filter(({ owner }) => owner === member.id).reduce((sum, { count }) => sum + count, 0),
        tasks: tasks.find((row) => row.member_id === member.id)?.n ?? 0,
      }))
      .filter(({ records, tasks: open }) => records + open > 0);
  }

  /** Takes a handover back within seven days: what was changed since stays and is counted. */
  async undo(ctx: TenantContext, id: HandoverId): Promise<HandoverView> {
    await this.access.require(ctx, 'admin');
    const row = await this.database.withTenant(ctx, async (tx) => {
      const [found] = await tx.sql<HandoverRow>('SELECT * FROM lianke.handover WHERE id = $1 FOR UPDATE', [id]);
      if (!found) throw new AppError('not_found');
      if (found.undone_at)
        throw refusal('wrong_state', { zh: '这次交接已经撤销过了', en: 'this handover was taken back already' });
      if (this.clock.now().getTime() > new Date(found.created_at).getTime() + undoMs)
        throw refusal('wrong_state', {
          zh: '超过 7 天，不能再撤销，可以再做一次反方向的交接',
          en: 'more than 7 days have passed, so it cannot be taken back; hand over the other way round instead',
        });
      found.undone_at = this.clock.now().toISOString();
      await tx.run('UPDATE lianke.handover SET undone_at = $2 WHERE id = $1', [id, found.undone_at]);
      return found;
    });
    const report = { reversed: 0, kept: 0, failed: 0 };
    if (row.results.some(({ kind, count }) => (kind === 'records' || kind === 'fields') && count > 0)) {
      const records = await this.undoer.undo(ctx, row.batch_id);
      report.reversed += records.reversed;
      report.kept += records.kept;
      report.failed += records.failed;
    }
    const items = await this.database.withTenant(ctx, (tx) =>
      tx.sql<HandedItem>('SELECT * FROM lianke.handover_item WHERE handover_id = $1 ORDER BY id', [id]),
    );
    const count = (back: boolean) => {
      if (back) report.reversed += 1;
      else report.kept += 1;
    };
    const flows = items.filter(({ kind }) => kind === 'flows');
    const kept = await this.flows.giveBack(ctx, flows);
    for (const flow of flows) count(!kept.has(flow.id));
    const tasks = items.filter(({ kind }) => kind === 'tasks');
    const given = await this.tasks.giveBack(
      ctx,
      tasks.map(({ ref, to_id }) => ({ task: ref as TaskId, heir: to_id })),
      row.member_id,
    );
    for (const task of tasks) count(given.has(task.ref as TaskId));
    await this.database.withTenant(ctx, async (tx) => {
      for (const item of items)
        if (item.kind === 'leads') count(await this.departments.giveBack(tx, item, row.member_id));
        else if (item.kind === 'subscriptions') count(await this.subscriptions.giveBack(tx, item));
        else if (item.kind !== 'flows' && item.kind !== 'tasks')
          count(await this.configs.giveBack(tx, item, row.member_id));
      await tx.run('UPDATE lianke.handover SET undo = $2::jsonb WHERE id = $1', [id, JSON.stringify(report)]);
      await writeAudit(tx, ctx, {
        action: 'handover.undo',
        object: row.member_id,
        detail: { handover: id, ...report },
      });
      await bumpAccess(tx, ctx.tenantId);
      await bumpSchema(tx, ctx.tenantId);
    });
    return this.present(await this.fresh(ctx), { ...row, undo: report });
  }

  private async one(
    ctx: TenantContext,
    row: HandoverRow,
    { kind, formId, to }: { kind: Result['kind']; formId: FormId | null; to: MemberId },
  ): Promise<{ done: number; failed: number; reason: string }> {
    const from = row.member_id;
    if (kind === 'records' && formId) return this.records.handOver(ctx, formId, from, to, row.batch_id);
    if (kind === 'fields' && formId) return this.records.replace(ctx, formId, from, to, row.batch_id);
    const plain = { failed: 0, reason: '' };
    if (kind === 'flows') return { ...plain, done: await this.flows.handOver(ctx, row.id, from, to) };
    const scope = { tenantId: ctx.tenantId, handoverId: row.id, now: this.clock.now() };
    if (kind === 'tasks') {
      const given = await this.tasks.give(ctx, from, to);
      await this.database.withTenant(ctx, async (tx) => {
        for (const ref of given) await this.configs.keep(tx, scope, { kind, ref, to_id: to, before: from, after: to });
      });
      return { ...plain, done: given.length };
    }
    return this.database.withTenant(ctx, async (tx) => {
      if (kind === 'leads') {
        const leads = await this.departments.handOver(tx, scope, from, to);
        if (leads > 0) await bumpAccess(tx, ctx.tenantId);
        return { ...plain, done: leads };
      }
      if (kind === 'subscriptions') return { ...plain, done: await this.subscriptions.handOver(tx, scope, from, to) };
      const { done, bumps } = await this.configs.handOver(tx, scope, kind, from, to);
      if (done > 0 && bumps === 'access') await bumpAccess(tx, ctx.tenantId);
      if (done > 0 && bumps === 'schema') await bumpSchema(tx, ctx.tenantId);
      return { ...plain, done };
    });
  }

  private fresh(ctx: TenantContext): Promise<TenantContext> {
    return this.tenants.context(ctx.tenantId, ctx.actor, ctx.cause);
  }

  private async present(ctx: TenantContext, row: HandoverRow): Promise<HandoverView> {
    const org = await this.org.of(ctx);
    const until = new Date(new Date(row.created_at).getTime() + undoMs);
    return {
      id: row.id,
      member: { id: row.member_id, label: org.nameOf(row.member_id) },
      by: row.created_by ? { id: row.created_by, label: org.nameOf(row.created_by) } : null,
      at: new Date(row.created_at).toISOString(),
      results: row.results,
      undoUntil: row.undone_at || until < this.clock.now() ? null : until.toISOString(),
      undoneAt: row.undone_at ? new Date(row.undone_at).toISOString() : null,
      undo: row.undo,
    };
  }
}
