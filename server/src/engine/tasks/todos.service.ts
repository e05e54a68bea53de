import type { TaskMapping } from '@lianke/shared/forms/definition';
import type { FormId, RecordId } from '@lianke/shared/ids';
import type { RecordView } from '@lianke/shared/records/query';
import type { TaskItem } from '@lianke/shared/tasks/api';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { CLOCK } from '../../kernel/tokens.js';
import { memberOf, type TenantContext } from '../context.js';
import type { FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { OrgDirectory } from '../org/org-directory.js';
import { Notifier } from '../ports.js';
import { RecordReader } from '../records/record-reader.js';
import { RecordWriter } from '../records/record-writer.js';
import { doneBy } from './answer.js';
import { taskMappingOf } from './task-mapping.js';
import { todoItem } from './todo-item.js';

/** Records of task forms as to-dos of their owner; doing one anywhere writes the record. */
@Injectable()
export class TodosService {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly reader: RecordReader,
    private readonly writer: RecordWriter,
    private readonly org: OrgDirectory,
    private readonly notifier: Notifier,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

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
      const outcome = doneBy(who, { zh: '已完成', en: 'Done' });
      await this.database.withTenant(ctx, (tx) =>
        this.notifier.update(tx, ctx, { about: { kind: 'record', id }, outcome, by: memberOf(ctx) }),
      );
    }
    const shown = { timeZone: ctx.timeZone, now: this.clock.now() };
    return todoItem(form, mapping, await this.reader.get(ctx, formId, id), shown);
  }
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
