import type { Filter } from '@lianke/shared/filter/ast';
import type { TaskMapping } from '@lianke/shared/forms/definition';
import type { FormId, RecordId } from '@lianke/shared/ids';
import type { RecordView } from '@lianke/shared/records/query';
import type { TaskItem } from '@lianke/shared/tasks/api';
import { dateIn } from '@lianke/shared/time/zone';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { CLOCK } from '../../kernel/tokens.js';
import { AccessService } from '../access/access.service.js';
import { memberOf, type TenantContext } from '../context.js';
import type { FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { OrgDirectory } from '../org/org-directory.js';
import { Notifier } from '../ports.js';
import { RecordReader } from '../records/record-reader.js';
import { RecordWriter } from '../records/record-writer.js';
import { doneFilter, ownerKey, taskMappingOf } from './task-mapping.js';

/** Open records of task forms, as to-dos of their owner; doing one anywhere writes the record. */
@Injectable()
export class TodosService {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly reader: RecordReader,
    private readonly writer: RecordWriter,
    private readonly org: OrgDirectory,
    private readonly notifier: Notifier,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The member's open (or done) to-dos of every task form he may read (or of one), soonest due first. */
  async list(
    ctx: TenantContext,
    state: 'pending' | 'done',
    limit: number,
    formId?: FormId,
  ): Promise<{ items: TaskItem[]; total: number }> {
    const items: TaskItem[] = [];
    let total = 0;
    for (const form of await this.registry.forms(ctx)) {
      const mapping = taskMappingOf(form);
      if (!mapping || (formId && form.id !== formId) || !(await this.access.can(ctx, form.id, 'view'))) continue;
      const done = doneFilter(form, mapping);
      const owner = ownerKey(form, mapping);
      const filter: Filter = {
        and: [{ field: owner, op: 'eq', value: { me: true } }, state === 'done' ? done : { not: done }],
      };
      const due = mapping.due ? form.field(mapping.due)?.key : undefined;
      const page = await this.reader.query(ctx, form.id, {
        filter,
        sort: state === 'done' || !due ? [{ field: 'updatedAt', dir: 'desc' }] : [{ field: due, dir: 'asc' }],
        limit,
        total: true,
      });
      items.push(...page.items.map((record) => this.present(ctx, form, mapping, record)));
      total += typeof page.total === 'number' ? page.total : (page.total?.atLeast ?? page.items.length);
    }
    return { items, total };
  }

  async complete(ctx: TenantContext, formId: FormId, id: RecordId): Promise<TaskItem> {
    return this.set(ctx, formId, id, true);
  }

  async reopen(ctx: TenantContext, formId: FormId, id: RecordId): Promise<TaskItem> {
    return this.set(ctx, formId, id, false);
  }

  private async set(ctx: TenantContext, formId: FormId, id: RecordId, done: boolean): Promise<TaskItem> {
    const form = await this.registry.form(ctx, formId);
    const mapping = taskMappingOf(form);
    if (!mapping) throw new AppError('not_found');
    const record = await this.reader.get(ctx, formId, id);
    const field = form.field(mapping.done);
    if (!field)
      throw refusal('wrong_state', {
        zh: '任务表单的“完成”字段已删除',
        en: 'the field that marks a task as done was deleted from its form',
      });
    await this.writer.writeOne(ctx, {
      formId,
      op: 'update',
      row: { id, values: { [field.key]: doneValue(form, mapping, done, record) } },
    });
    if (done) {
      const who = (await this.org.of(ctx)).nameOf(memberOf(ctx));
      await this.database.withTenant(ctx, (tx) =>
        this.notifier.update(tx, ctx, { about: { kind: 'record', id }, outcome: `${who} 已完成`, by: memberOf(ctx) }),
      );
    }
    return this.present(ctx, form, mapping, await this.reader.get(ctx, formId, id));
  }

  private present(ctx: TenantContext, form: FormMeta, mapping: TaskMapping, record: RecordView): TaskItem {
    const value = (ref: string | undefined) => (ref ? (record.values[form.field(ref)?.key ?? ''] ?? null) : null);
    const subject = value(mapping.subject) as { id: string; label: string } | null;
    const subjectForm = mapping.subject
      ? (form.field(mapping.subject)?.config as { formId?: string } | undefined)?.formId
      : undefined;
    const due = value(mapping.due) as string | null;
    return {
      id: record.id,
      kind: 'todo',
      title: String(value(mapping.title) ?? record.label),
      facts: [],
      subject: subject && subjectForm ? { formId: subjectForm, id: subject.id, label: subject.label } : null,
      record: { formId: form.id, id: record.id },
      starter: null,
      due,
      urgency: urgencyOf(due, ctx.timeZone, this.clock.now()),
      createdAt: String(record.values.createdAt ?? ''),
      state: isDone(form, mapping, record) ? 'done' : 'pending',
    };
  }
}

function isDone(form: FormMeta, mapping: TaskMapping, record: RecordView): boolean {
  const field = form.field(mapping.done);
  const value = field && record.values[field.key];
  return field?.storage === 'boolean' ? value === true : value === mapping.doneOption;
}

/** Opening a task of options again puts it back to the first option that is not the done one. */
function doneValue(form: FormMeta, mapping: TaskMapping, done: boolean, record: RecordView) {
  const field = form.field(mapping.done);
  if (field?.storage === 'boolean') return done;
  if (done) return mapping.doneOption ?? null;
  const options = (field?.config as { options?: { id: string }[] } | undefined)?.options ?? [];
  const current = field && record.values[field.key];
  return current === mapping.doneOption
    ? (options.find((option) => option.id !== mapping.doneOption)?.id ?? null)
    : (current ?? null);
}

/** Overdue means before today in the tenant's zone. */
function urgencyOf(due: string | null, zone: string, now: Date): TaskItem['urgency'] {
  if (!due) return 'none';
  const day = due.length === 10 ? due : dateIn(zone, new Date(due));
  const today = dateIn(zone, now);
  return day < today ? 'overdue' : day === today ? 'today' : 'later';
}
