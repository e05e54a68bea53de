import type { FlowId, FormId, TaskId } from '@lianke/shared/ids';
import type { TaskItem, TaskPage } from '@lianke/shared/tasks/api';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { memberOf, type TenantContext } from '../context.js';
import { type ApprovalList, ApprovalLists } from './approval-lists.js';
import { mergeLists } from './merge-lists.js';
import type { Filters } from './task-filters.js';
import { byDone, byUrgency } from './task-order.js';
import type { TaskState } from './task-row.js';
import { TodoLists } from './todo-lists.js';

export interface TaskChoice extends Filters {
  state: 'pending' | 'done';
  kind?: TaskItem['kind'] | undefined;
  /** Only with state `done`. */
  outcome?: TaskState | undefined;
  /** Only with state `pending`. */
  urgency?: TaskItem['urgency'] | undefined;
}

/** 任务中心: what waits for one member, approvals and to-dos together. */
@Injectable()
export class TasksService {
  constructor(
    private readonly database: Database,
    private readonly approvals: ApprovalLists,
    private readonly todos: TodoLists,
  ) {}

  /** One page, however long the lists are; the counts are of everything that the filters but the urgency leave. */
  async list(
    ctx: TenantContext,
    query: TaskChoice & { limit: number; cursor?: string | undefined },
  ): Promise<TaskPage> {
    const { state, kind, flowId } = query;
    const urgency = state === 'pending' ? query.urgency : undefined;
    const outcome = state === 'done' ? query.outcome : undefined;
    const approvals = kind === 'todo' ? undefined : await this.asked(ctx, query, outcome);
    // To-dos are of no flow, and end in one way.
    const withTodos = kind !== 'approval' && !flowId && (!outcome || outcome === 'done');
    const choice = { state, filters: query };
    const todos = withTodos ? await this.todos.of(ctx, { ...choice, urgency }) : [];
    const count = (of?: TaskItem['urgency']) => (withTodos ? this.todos.count(ctx, { ...choice, urgency: of }) : 0);
    // Approvals are always for today.
    const asked = approvals && (!urgency || urgency === 'today') ? [approvals.list] : [];
    const page = await mergeLists([...asked, ...todos], state === 'pending' ? byUrgency : byDone, query);
    const [all, overdue, today] =
      state === 'pending' ? await Promise.all([count(), count('overdue'), count('today')]) : [await count(), 0, 0];
    // Approvals are counted on their own: whoever adds the counts up must not find one twice.
    const total = all + (approvals?.total ?? 0);
    return {
      items: page.items.map(({ item }) => item),
      cursor: page.cursor,
      total,
      counts: { overdue, today, approvals: approvals?.total ?? 0, all: total },
    };
  }

  /** Whether a request by key is about one of the key's forms; `not_found` for tasks of others, as for those of others' members. */
  async requireOfKey(ctx: TenantContext, id: TaskId): Promise<void> {
    const forms = ctx.key?.forms;
    if (!forms) return;
    const [task] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ form_id: FormId }>('SELECT form_id FROM lianke.task WHERE id = $1', [id]),
    );
    if (!task || !forms.includes(task.form_id)) throw new AppError('not_found');
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
    const { list, total } = await this.approvals.waiting(ctx);
    const [first] = (await list.part(null, 1)).items;
    return { next: first ? { id: first.item.id } : null, left: total };
  }

  private asked(ctx: TenantContext, query: TaskChoice, outcome: TaskState | undefined): Promise<ApprovalList> {
    return query.state === 'pending' ? this.approvals.waiting(ctx, query) : this.approvals.handled(ctx, query, outcome);
  }
}
