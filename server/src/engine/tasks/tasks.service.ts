import type { RecordId } from '@lianke/shared/ids';
import type { TaskItem, TaskPage } from '@lianke/shared/tasks/api';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { groupBy } from '../../kernel/group-by.js';
import { memberOf, type TenantContext } from '../context.js';
import { OrgDirectory } from '../org/org-directory.js';
import { RecordReader } from '../records/record-reader.js';
import { approvalItem, type TaskRow } from './task-view.js';
import { TodosService } from './todos.service.js';

const urgencyRank = { overdue: 0, today: 1, later: 2, none: 3 } as const;
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
  ) {}

  async list(
    ctx: TenantContext,
    query: {
      state: 'pending' | 'done';
      kind?: TaskItem['kind'] | undefined;
      limit: number;
      cursor?: string | undefined;
    },
  ): Promise<TaskPage> {
    const offset = query.cursor === undefined ? 0 : Number(query.cursor);
    if (!Number.isInteger(offset) || offset < 0) throw new AppError('invalid_cursor');
    const approvals = query.kind === 'todo' ? { items: [], total: 0 } : await this.approvals(ctx, query.state);
    const todos = query.kind === 'approval' ? { items: [], total: 0 } : await this.todos.list(ctx, query.state, most);
    const all = [...approvals.items, ...todos.items].sort(query.state === 'pending' ? byUrgency : byNewest);
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

  /** The member's next open approval and how many there are. */
  async nextApproval(ctx: TenantContext): Promise<{ next: { id: string } | null; left: number }> {
    const { items, total } = await this.approvals(ctx, 'pending');
    return { next: items[0] ? { id: items[0].id } : null, left: total };
  }

  private async approvals(
    ctx: TenantContext,
    state: 'pending' | 'done',
  ): Promise<{ items: TaskItem[]; total: number }> {
    const condition = state === 'pending' ? `state = 'pending'` : `state IN ('approved','rejected','transferred')`;
    const { rows, total } = await this.database.withTenant(ctx, async (tx) => {
      const [rows, counts] = await Promise.all([
        tx.sql<TaskRow>(
          `SELECT * FROM lianke.task WHERE member_id = $1 AND ${condition} ORDER BY ${state === 'pending' ? 'created_at' : 'decided_at DESC'}, id LIMIT ${most}`,
          [memberOf(ctx)],
        ),
        tx.sql<{ n: number }>(`SELECT count(*)::int AS n FROM lianke.task WHERE member_id = $1 AND ${condition}`, [
          memberOf(ctx),
        ]),
      ]);
      return { rows, total: counts[0]?.n ?? 0 };
    });
    const labels = new Map<string, string>();
    for (const [formId, group] of groupBy(rows, (row) => row.form_id)) {
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
    return { items: rows.map((row) => approvalItem(row, labels.get(row.record_id) ?? '', org)), total };
  }
}

function byUrgency(a: TaskItem, b: TaskItem): number {
  const urgency = urgencyRank[a.urgency] - urgencyRank[b.urgency];
  if (urgency !== 0) return urgency;
  return (a.due ?? a.createdAt) < (b.due ?? b.createdAt) ? -1 : 1;
}

function byNewest(a: TaskItem, b: TaskItem): number {
  return a.createdAt > b.createdAt ? -1 : 1;
}
