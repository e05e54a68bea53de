import type { FlowDefinition } from '@lianke/shared/flows/definition';
import type { FlowId, FormId, RecordId, TaskId } from '@lianke/shared/ids';
import type { TaskItem, TaskPage } from '@lianke/shared/tasks/api';
import { dateIn } from '@lianke/shared/time/zone';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { groupBy } from '../../kernel/group-by.js';
import { CLOCK } from '../../kernel/tokens.js';
import { memberOf, type TenantContext } from '../context.js';
import { needsPage } from '../flows/approval-tasks.js';
import { PublishedFlows } from '../flows/published-flows.js';
import { FormRegistry } from '../forms/form-registry.js';
import { OrgDirectory } from '../org/org-directory.js';
import { RecordReader } from '../records/record-reader.js';
import { absentees, activeAways, substituteOf } from './aways.js';
import { sealedTold } from './sealed-told.js';
import { type Filters, filterSql, Values } from './task-filters.js';
import { hasVoice, type TaskRow, type TaskState } from './task-row.js';
import { approvalItem } from './task-view.js';
import { TodosService } from './todos.service.js';

const urgencyRank = { overdue: 0, today: 1, later: 2, none: 3 } as const;
const columns = { flow: 'r.flow_id', form: 't.form_id', at: 't.created_at' };
/** A person's list is held as a whole: nobody works off more than this by hand. */
const most = 200;

/** 任务中心: what waits for one member, approvals and to-dos together. */
@Injectable()
export class TasksService {
  constructor(
    private readonly database: Database,
    private readonly org: OrgDirectory,
    private readonly reader: RecordReader,
    private readonly todos: TodosService,
    private readonly flows: PublishedFlows,
    private readonly registry: FormRegistry,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list(
    ctx: TenantContext,
    query: Filters & {
      state: 'pending' | 'done';
      kind?: TaskItem['kind'] | undefined;
      outcome?: TaskState | undefined;
      urgency?: TaskItem['urgency'] | undefined;
      limit: number;
      cursor?: string | undefined;
    },
  ): Promise<TaskPage> {
    const offset = query.cursor === undefined ? 0 : Number(query.cursor);
    if (!Number.isInteger(offset) || offset < 0) throw new AppError('invalid_cursor');
    const approvals =
      query.kind === 'todo' ? { items: [], total: 0 } : await this.approvals(ctx, query.state, query, query.outcome);
    const todos =
      query.kind === 'approval' || query.flowId
        ? { items: [], total: 0 }
        : await this.todos.list(ctx, query.state, most, query.formId);
    const words = query.search?.trim().toLowerCase();
    const within = (item: TaskItem) => {
      const day = dateIn(ctx.timeZone, new Date(item.createdAt));
      return (!query.from || day >= query.from) && (!query.to || day <= query.to);
    };
    const wanted = (item: TaskItem) =>
      (!words ||
        [item.title, item.starter?.label, item.subject?.label].some((text) => text?.toLowerCase().includes(words))) &&
      within(item) &&
      (query.state === 'pending' || !query.outcome || item.state === query.outcome) &&
      (query.state === 'done' || !query.urgency || item.urgency === query.urgency);
    const all = [...approvals.items, ...todos.items]
      .filter(wanted)
      .sort(query.state === 'pending' ? byUrgency : byNewest);
    const page = all.slice(offset, offset + query.limit);
    // Approvals are counted on their own: whoever adds the counts up must not find one twice.
    const open = query.state === 'pending' ? todos.items : [];
    return {
      items: page,
      cursor: offset + query.limit < all.length ? String(offset + query.limit) : null,
      total: approvals.total + todos.total,
      counts: {
        overdue: open.filter((item) => item.urgency === 'overdue').length,
        today: open.filter((item) => item.urgency === 'today').length,
        approvals: approvals.total,
        all: approvals.total + todos.total,
      },
    };
  }

  /** Whether a request by key is about one of the key's forms; `not_found` for tasks of others, as for those of others' members. */
  async requireOfKey(ctx: TenantContext, id: TaskId): Promise<void> {
    if (!ctx.key?.forms) return;
    const [task] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ form_id: FormId }>('SELECT form_id FROM lianke.task WHERE id = $1', [id]),
    );
    if (!task || !ofKey(ctx, task.form_id)) throw new AppError('not_found');
  }

  /** Flows that asked the member, that asked others on his behalf, or that sent him copies. */
  async flowsOf(ctx: TenantContext): Promise<{ id: FlowId; name: string }[]> {
    return this.database.withTenant(ctx, (tx) =>
      tx.sql(
        `SELECT f.id, f.name FROM lianke.flow f WHERE f.id IN (
           SELECT r.flow_id FROM lianke.run r WHERE r.id IN (
             SELECT run_id FROM lianke.task WHERE member_id = $1 OR starter_id = $1 OR decided_by = $1)
           UNION SELECT flow_id FROM lianke.copy WHERE member_id = $1) ORDER BY f.name, f.id LIMIT 200`,
        [memberOf(ctx)],
      ),
    );
  }

  /** The member's next open approval and how many there are. */
  async nextApproval(ctx: TenantContext): Promise<{ next: { id: string } | null; left: number }> {
    const { items, total } = await this.approvals(ctx, 'pending');
    return { next: items[0] ? { id: items[0].id } : null, left: total };
  }

  private async approvals(
    ctx: TenantContext,
    state: 'pending' | 'done',
    filters: Filters = {},
    outcome?: TaskState,
  ): Promise<{ items: TaskItem[]; total: number }> {
    const me = memberOf(ctx);
    const found = await this.database.withTenant(ctx, (tx) =>
      state === 'pending' ? this.waiting(tx, ctx, filters) : this.handled(tx, ctx, filters, outcome),
    );
    const rows = found.filter((row) => ofKey(ctx, row.form_id));
    const total = rows.length;
    const shown = rows.slice(0, most);
    const labels = new Map<string, string>();
    for (const [formId, group] of groupBy(shown, (row) => row.form_id)) {
      const records = await this.reader
        .getMany(
          ctx,
          formId,
          group.map((row) => row.record_id as RecordId),
        )
        .catch(() => []);
      for (const record of records) labels.set(record.id, record.label);
    }
    const org = await this.org.of(ctx);
    const forms = await this.registry.all(ctx);
    const items = await Promise.all(
      shown.map(async (row) => {
        const definition = await this.flows.version(ctx, row.flow_id, row.version);
        const sealed = sealedTold(definition, row.node, forms);
        return approvalItem(row, labels.get(row.record_id) ?? '', org, {
          me,
          simple: isSimple(definition, row),
          sealed,
        });
      }),
    );
    return { items, total };
  }

  /** The member's own, and those of whoever he answers for while they are away. */
  private async waiting(tx: Tx, ctx: TenantContext, filters: Filters): Promise<ListedTask[]> {
    const me = memberOf(ctx);
    const aways = await activeAways(tx, this.clock.now());
    const values = new Values();
    const members = values.add(me === null ? [] : [me, ...absentees(aways)]);
    const rows = await tx.sql<ListedTask>(
      `SELECT t.*, r.flow_id, r.version FROM lianke.task t JOIN lianke.run r ON r.tenant_id = t.tenant_id AND r.id = t.run_id
       WHERE t.member_id = ANY(${members}::uuid[]) AND t.state = 'pending'${filterSql(filters, ctx.timeZone, columns, values)}
       ORDER BY t.created_at, t.id LIMIT 5000`,
      values.list,
    );
    return rows.filter((row) => row.member_id === me || substituteOf(aways, row.member_id, row.flow_id) === me);
  }

  private handled(tx: Tx, ctx: TenantContext, filters: Filters, outcome?: TaskState): Promise<ListedTask[]> {
    const values = new Values();
    const me = values.add(memberOf(ctx));
    const states = values.add(
      outcome ? [outcome] : ['approved', 'rejected', 'transferred', 'returned', 'done', 'held'],
    );
    return tx.sql<ListedTask>(
      `SELECT t.*, r.flow_id, r.version FROM lianke.task t JOIN lianke.run r ON r.tenant_id = t.tenant_id AND r.id = t.run_id
       WHERE (t.decided_by = ${me} OR (t.member_id = ${me} AND t.decided_by IS NULL)) AND t.state = ANY(${states}::text[])
         ${filterSql(filters, ctx.timeZone, columns, values)} ORDER BY t.decided_at DESC, t.id LIMIT 5000`,
      values.list,
    );
  }
}

/** A key that is limited to some forms knows nothing of tasks about records of others. */
function ofKey({ key }: TenantContext, formId: FormId): boolean {
  return !key?.forms || key.forms.includes(formId);
}

/** Can be agreed to without opening it. */
function isSimple(definition: FlowDefinition, row: TaskRow): boolean {
  if (!hasVoice(row) || row.state !== 'pending') return false;
  const node = definition.nodes.find((item) => item.id === row.node);
  return node?.type === 'approval' && !needsPage(node);
}

type ListedTask = TaskRow & { flow_id: FlowId; version: number };

function byUrgency(a: TaskItem, b: TaskItem): number {
  const urgency = urgencyRank[a.urgency] - urgencyRank[b.urgency];
  if (urgency !== 0) return urgency;
  return (a.due ?? a.createdAt) < (b.due ?? b.createdAt) ? -1 : 1;
}

function byNewest(a: TaskItem, b: TaskItem): number {
  return a.createdAt > b.createdAt ? -1 : 1;
}
