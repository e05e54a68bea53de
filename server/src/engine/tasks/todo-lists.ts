import type { Condition, Filter } from '@lianke/shared/filter/ast';
import type { TaskMapping } from '@lianke/shared/forms/definition';
import type { FormId } from '@lianke/shared/ids';
import type { SortItem } from '@lianke/shared/records/query';
import type { TaskItem } from '@lianke/shared/tasks/api';
import { addDays, dateIn, startOfDate } from '@lianke/shared/time/zone';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { CLOCK } from '../../kernel/tokens.js';
import { AccessService } from '../access/access.service.js';
import type { TenantContext } from '../context.js';
import type { FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { RecordReader } from '../records/record-reader.js';
import type { SourceList } from './merge-lists.js';
import type { Filters } from './task-filters.js';
import { doneFilter, ownerKey, taskMappingOf } from './task-mapping.js';
import type { Listed } from './task-order.js';
import { subjectFormOf, todoItem } from './todo-item.js';

export interface TodoChoice {
  state: 'pending' | 'done';
  filters: Filters;
  urgency?: TaskItem['urgency'] | undefined;
}

/** Subjects found by the words that are looked for; whoever means one of more goes on typing. */
const mostSubjects = 200;

interface TaskForm {
  form: FormMeta;
  mapping: TaskMapping;
}

/** To-dos of one member: the open (or done) records of the task forms that he may read, as lists of a merge. */
@Injectable()
export class TodoLists {
  constructor(
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly reader: RecordReader,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Open ones soonest due first, those without a date after them; done ones latest changed first. */
  async of(ctx: TenantContext, choice: TodoChoice): Promise<SourceList<Listed>[]> {
    const lists: SourceList<Listed>[] = [];
    for (const { form, mapping } of await this.forms(ctx, choice.filters.formId)) {
      const filter = await this.filter(ctx, form, mapping, choice);
      if (!filter) continue;
      const due = mapping.due ? form.field(mapping.due)?.key : undefined;
      if (choice.state === 'done')
        lists.push(this.list(ctx, { form, mapping }, 'done', filter, { field: 'updatedAt', dir: 'desc' }));
      else if (!due) lists.push(this.list(ctx, { form, mapping }, 'open', filter, { field: 'createdAt', dir: 'asc' }));
      else {
        const dated: Filter = { and: [filter, { field: due, op: 'notEmpty' }] };
        const free: Filter = { and: [filter, { field: due, op: 'empty' }] };
        lists.push(this.list(ctx, { form, mapping }, 'due', dated, { field: due, dir: 'asc' }));
        lists.push(this.list(ctx, { form, mapping }, 'free', free, { field: 'createdAt', dir: 'asc' }));
      }
    }
    return lists;
  }

  /** How many there are; from 10,000 on, no more than that is counted. */
  async count(ctx: TenantContext, choice: TodoChoice): Promise<number> {
    let count = 0;
    for (const { form, mapping } of await this.forms(ctx, choice.filters.formId)) {
      const filter = await this.filter(ctx, form, mapping, choice);
      if (!filter) continue;
      const { total } = await this.reader.query(ctx, form.id, { filter, fields: [], limit: 1, total: true });
      count += typeof total === 'number' ? total : (total?.atLeast ?? 0);
    }
    return count;
  }

  private async forms(ctx: TenantContext, only: FormId | undefined): Promise<TaskForm[]> {
    const found: TaskForm[] = [];
    for (const form of await this.registry.forms(ctx)) {
      const mapping = taskMappingOf(form);
      if (!mapping || (only && form.id !== only) || !(await this.access.can(ctx, form.id, 'view'))) continue;
      found.push({ form, mapping });
    }
    return found;
  }

  private list(
    ctx: TenantContext,
    { form, mapping }: TaskForm,
    kind: 'due' | 'free' | 'open' | 'done',
    filter: Filter,
    sort: SortItem,
  ): SourceList<Listed> {
    const shown = { timeZone: ctx.timeZone, now: this.clock.now() };
    return {
      id: `${kind}:${form.id}`,
      part: async (from, limit) => {
        const query = { filter, sort: [sort], limit, total: false, ...(from === null ? {} : { cursor: from }) };
        const page = await this.reader.query(ctx, form.id, query);
        return {
          items: page.items.map((record) => ({
            item: todoItem(form, mapping, record, shown),
            doneAt: String(record.values.updatedAt ?? ''),
          })),
          next: page.cursor,
        };
      },
    };
  }

  /** Undefined where nothing can meet it. */
  private async filter(
    ctx: TenantContext,
    form: FormMeta,
    mapping: TaskMapping,
    { state, filters, urgency }: TodoChoice,
  ): Promise<Filter | undefined> {
    const done = doneFilter(form, mapping);
    const all: Filter[] = [
      { field: ownerKey(form, mapping), op: 'eq', value: { me: true } },
      state === 'done' ? done : { not: done },
    ];
    const { from, to, search } = filters;
    const start = (day: string) => startOfDate(ctx.timeZone, day).toISOString();
    if (from) all.push({ field: 'createdAt', op: 'gte', value: start(from) });
    if (to) all.push({ field: 'createdAt', op: 'lt', value: start(addDays(to, 1)) });
    if (search?.trim()) {
      const either = await this.holding(ctx, form, mapping, search.trim());
      if (either.length === 0) return undefined;
      all.push({ or: either });
    }
    const due = mapping.due ? form.field(mapping.due) : undefined;
    if (urgency && due) all.push(this.dueSoon(ctx, due, urgency));
    else if (urgency && urgency !== 'none') return undefined;
    return { and: all };
  }

  /** The title, or the name of what it is about, holds the words. */
  private async holding(ctx: TenantContext, form: FormMeta, mapping: TaskMapping, words: string): Promise<Condition[]> {
    const either: Condition[] = [];
    const title = form.field(mapping.title);
    if (title?.type.operators.includes('contains')) either.push({ field: title.key, op: 'contains', value: words });
    const about = mapping.subject ? form.field(mapping.subject) : undefined;
    const formId = subjectFormOf(form, mapping);
    if (about && formId) {
      const subjects = await this.found(ctx, formId as FormId, words);
      if (subjects.length > 0) either.push({ field: about.key, op: 'in', value: subjects });
    }
    return either;
  }

  private async found(ctx: TenantContext, formId: FormId, search: string): Promise<string[]> {
    try {
      const query = { search, fields: [], limit: mostSubjects, total: false };
      return (await this.reader.query(ctx, formId, query)).items.map(({ id }) => id);
    } catch (error) {
      if (error instanceof AppError) return [];
      throw error;
    }
  }

  private dueSoon(ctx: TenantContext, due: { key: string; storage: string }, urgency: TaskItem['urgency']): Filter {
    const field = due.key;
    if (urgency === 'none') return { field, op: 'empty' };
    const today = dateIn(ctx.timeZone, this.clock.now());
    const begins = (day: string) => (due.storage === 'date' ? day : startOfDate(ctx.timeZone, day).toISOString());
    const [now, next] = [begins(today), begins(addDays(today, 1))];
    if (urgency === 'overdue') return { field, op: 'lt', value: now };
    if (urgency === 'later') return { field, op: 'gte', value: next };
    return {
      and: [
        { field, op: 'gte', value: now },
        { field, op: 'lt', value: next },
      ],
    };
  }
}
