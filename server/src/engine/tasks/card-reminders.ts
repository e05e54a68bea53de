import type { CardWords } from '@lianke/shared/chat/cards';
import type { Words } from '@lianke/shared/errors/issue-text';
import { evaluate } from '@lianke/shared/filter/evaluate';
import type { FormId, MemberId, RecordId } from '@lianke/shared/ids';
import { timeIn } from '@lianke/shared/time/zone';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { saidIn } from '../../kernel/errors/said.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import type { Logger } from '../../kernel/logging/logger.js';
import { CLOCK, LOGGER } from '../../kernel/tokens.js';
import { memberOf, type TenantContext } from '../context.js';
import { FlowWorkers } from '../flows/flow-workers.js';
import { FormRegistry, type TenantForms } from '../forms/form-registry.js';
import { type Org, OrgDirectory } from '../org/org-directory.js';
import { TenantDirectory } from '../org/tenant-directory.js';
import { Notifier } from '../ports.js';
import { RecordReader } from '../records/record-reader.js';
import { filterFieldOf } from '../records/sql/read-scope.js';
import { taskButtons } from './reminder-plan.js';
import { doneFilter, taskMappingOf } from './task-mapping.js';

/** 稍后: comes again after so long. */
const laterMinutes = 120;
const round = 100;

interface ReminderRow {
  id: string;
  form_id: FormId;
  record_id: RecordId;
  member_id: MemberId;
  card: CardWords;
  sent: number;
  times: number;
  every_minutes: number;
  manager: boolean;
}

/** Cards about tasks that come again, by a flow's plan or because their reader pressed 稍后, until the task is done. */
@Injectable()
export class CardReminders {
  constructor(
    private readonly database: Database,
    private readonly tenants: TenantDirectory,
    private readonly registry: FormRegistry,
    private readonly reader: RecordReader,
    private readonly org: OrgDirectory,
    private readonly notifier: Notifier,
    workers: FlowWorkers,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    workers.also('reminders', () => this.work(), 10_000);
  }

  /** 稍后 by the reader: his own card comes again in two hours. Answers what the card says meanwhile. */
  async later(ctx: TenantContext, formId: FormId, recordId: RecordId): Promise<Words> {
    const record = await this.reader.get(ctx, formId, recordId);
    const me = memberOf(ctx);
    const due = new Date(this.clock.now().getTime() + laterMinutes * 60_000);
    const card = taskCard(formId, recordId, record.label);
    await this.database.withTenant(ctx, (tx) =>
      tx.run(
        `INSERT INTO lianke.reminder (tenant_id, id, form_id, record_id, member_id, card, due_at, times, every_minutes, manager)
         VALUES ($1,$2,$3,$4,$5,$6,$7,1,$8,false)
         ON CONFLICT (tenant_id, record_id, member_id) DO UPDATE SET due_at = excluded.due_at,
           times = greatest(lianke.reminder.times, lianke.reminder.sent + 1)`,
        [ctx.tenantId, uuid7(), formId, recordId, me, { ...card } as never, due, laterMinutes],
      ),
    );
    const at = timeIn(ctx.timeZone, due);
    return { zh: `${at} 再提醒`, en: `Later, at ${at}` };
  }

  /** One round over all companies; answers whether anybody was reminded. */
  async work(): Promise<boolean> {
    let any = false;
    for (const tenant of await this.tenants.list()) {
      try {
        const ctx = await this.tenants.context(tenant.id, { kind: 'system', name: 'flow' }, { door: 'system' });
        any = (await this.remind(ctx)) || any;
      } catch (error) {
        this.logger.error({ err: error, tenantId: tenant.id }, 'reminders failed; they are tried again');
      }
    }
    return any;
  }

  private async remind(ctx: TenantContext): Promise<boolean> {
    const now = this.clock.now();
    const [forms, org] = await Promise.all([this.registry.all(ctx), this.org.of(ctx)]);
    return this.database.withTenant(ctx, async (tx) => {
      const rows = await tx.sql<ReminderRow>(
        `SELECT id, form_id, record_id, member_id, card, sent, times, every_minutes, manager FROM lianke.reminder
         WHERE due_at <= $1 ORDER BY due_at, id LIMIT ${round} FOR UPDATE SKIP LOCKED`,
        [now],
      );
      for (const row of rows) await this.one(tx, ctx, forms, org, row, now);
      return rows.length > 0;
    });
  }

  private async one(
    tx: Tx,
    ctx: TenantContext,
    forms: TenantForms,
    org: Org,
    row: ReminderRow,
    now: Date,
  ): Promise<void> {
    const over = org.members.get(row.member_id)?.state !== 'active' || !(await this.open(tx, ctx, forms, row, now));
    const last = row.sent >= row.times;
    if (!over) {
      const manager = last && row.manager ? org.managerOf(row.member_id) : null;
      const title = manager ? undone(org.nameOf(row.member_id), row.card.title) : row.card.title;
      const to = last ? manager : row.member_id;
      if (to)
        await this.notifier.enqueue(tx, ctx, {
          // Whoever is told about another's task cannot do it for him.
          card: manager ? { ...row.card, kind: 'notice', title, buttons: [] } : row.card,
          to: [to],
          key: `reminder:${row.id}:${now.getTime()}`,
          about: { kind: 'record', id: row.record_id },
          topic: 'reminder',
        });
    }
    const ends = over || last || (row.sent + 1 >= row.times && !row.manager);
    if (ends) await tx.run('DELETE FROM lianke.reminder WHERE id = $1', [row.id]);
    else
      await tx.run('UPDATE lianke.reminder SET sent = sent + 1, due_at = $2 WHERE id = $1', [
        row.id,
        new Date(now.getTime() + row.every_minutes * 60_000),
      ]);
  }

  /** Whether the task is still there and not done. */
  private async open(tx: Tx, ctx: TenantContext, forms: TenantForms, row: ReminderRow, now: Date): Promise<boolean> {
    const form = forms.get(row.form_id);
    const mapping = form && taskMappingOf(form);
    if (!form || !mapping) return false;
    const [record] = await this.reader.stored(tx, ctx, form.id, [row.record_id]);
    if (!record) return false;
    const lookup = (ref: string) => {
      const field = form.field(ref);
      return field && { field: filterFieldOf(field), value: record.values[field.id] };
    };
    return !evaluate(doneFilter(form, mapping), lookup, { timeZone: ctx.timeZone, now, me: null, myDepartments: [] });
  }
}

function taskCard(formId: FormId, recordId: RecordId, title: string): CardWords {
  return {
    kind: 'task',
    title: title || { zh: '待办', en: 'Task' },
    facts: [],
    path: `/pages/record/index?formId=${formId}&id=${recordId}`,
    buttons: taskButtons(formId, recordId),
  };
}

/** What a manager is told of a member's task. */
function undone(name: string, title: CardWords['title']): Words {
  return {
    zh: `${name} 还没有完成：${saidIn(title, 'zh')}`,
    en: `${name} has not done this yet: ${saidIn(title, 'en')}`,
  };
}
