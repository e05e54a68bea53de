import type { CardWords } from '@lianke/shared/chat/cards';
import type { Filter } from '@lianke/shared/filter/ast';
import type { TaskMapping } from '@lianke/shared/forms/definition';
import type { MemberId, RecordId } from '@lianke/shared/ids';
import type { RecordView } from '@lianke/shared/records/query';
import { addDays, dateIn, type IsoDate, startOfDate, timeIn } from '@lianke/shared/time/zone';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import type { Logger } from '../../kernel/logging/logger.js';
import { CLOCK, LOGGER } from '../../kernel/tokens.js';
import { AccessService } from '../access/access.service.js';
import type { TenantContext } from '../context.js';
import { FlowWorkers } from '../flows/flow-workers.js';
import type { FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { OrgDirectory } from '../org/org-directory.js';
import { TenantDirectory, type TenantEntry } from '../org/tenant-directory.js';
import { type NotificationSubject, Notifier } from '../ports.js';
import { RecordReader } from '../records/record-reader.js';
import { taskButtons } from './reminder-plan.js';
import { doneFilter, ownerKey, taskMappingOf } from './task-mapping.js';

/** From this time of the company's own day. */
const morning = '09:00';
/** To-dos that a card names before it only counts the rest. */
const named = 5;
/** Owners told a day of one form, more than any company has members who own tasks. */
const maxOwners = 1000;

interface DueForm {
  form: FormMeta;
  mapping: TaskMapping;
  due: string;
}

interface DueItem {
  form: FormMeta;
  record: RecordView;
  title: string;
  day: IsoDate;
}

/**
 * At nine each owner is told once what falls due that day, or fell due on days nobody was told about; on Mondays also what
 * is still overdue. One card a person: of a single to-do with its button, of several as a digest.
 */
@Injectable()
export class TaskReminders {
  /** Companies that need no look before the next day: saves a statement each round. */
  private readonly told = new Map<string, IsoDate>();

  constructor(
    private readonly database: Database,
    private readonly tenants: TenantDirectory,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly reader: RecordReader,
    private readonly org: OrgDirectory,
    private readonly notifier: Notifier,
    workers: FlowWorkers,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    workers.also('due tasks', () => this.work(), 10_000);
  }

  /** One round over all companies; answers whether anybody was told something. */
  async work(): Promise<boolean> {
    const now = this.clock.now();
    let any = false;
    for (const tenant of await this.tenants.list()) {
      const today = dateIn(tenant.timeZone, now);
      if (this.told.get(tenant.id) === today || timeIn(tenant.timeZone, now) < morning) continue;
      try {
        any = (await this.tell(tenant, today)) || any;
        this.told.set(tenant.id, today);
      } catch (error) {
        this.logger.error({ err: error, tenantId: tenant.id }, 'reminders of due tasks failed; they are tried again');
      }
    }
    return any;
  }

  private async tell(tenant: TenantEntry, today: IsoDate): Promise<boolean> {
    const ctx = await this.tenants.context(tenant.id, { kind: 'system', name: 'flow' }, { door: 'system' });
    const since = await this.since(ctx, today);
    if (since >= today) return false;
    const forms = await this.dueForms(ctx);
    const cards: { member: MemberId; card: CardWords; about: NotificationSubject }[] = [];
    for (const member of await this.owners(ctx, forms, since, today)) {
      const told = await this.cardOf({ ...ctx, actor: { kind: 'member', memberId: member } }, forms, today);
      if (told) cards.push({ member, ...told });
    }
    return this.database.withTenant(ctx, async (tx) => {
      const mine = await tx.sql(
        'UPDATE lianke.task_reminder SET told_on = $2 WHERE tenant_id = $1 AND told_on < $2 RETURNING 1',
        [tenant.id, today],
      );
      if (mine.length === 0) return false;
      for (const { member, card, about } of cards)
        await this.notifier.enqueue(tx, ctx, { card, to: [member], key: `due:${today}`, about, topic: 'reminder' });
      return cards.length > 0;
    });
  }

  /** The last day told about; a company seen for the first time begins with what falls due today. */
  private async since(ctx: TenantContext, today: IsoDate): Promise<IsoDate> {
    return this.database.withTenant(ctx, async (tx) => {
      await tx.run('INSERT INTO lianke.task_reminder (tenant_id, told_on) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
        ctx.tenantId,
        addDays(today, -1),
      ]);
      const [row] = await tx.sql<{ day: IsoDate }>(
        `SELECT to_char(told_on, 'YYYY-MM-DD') AS day FROM lianke.task_reminder WHERE tenant_id = $1`,
        [ctx.tenantId],
      );
      return row?.day ?? today;
    });
  }

  private async dueForms(ctx: TenantContext): Promise<DueForm[]> {
    return (await this.registry.forms(ctx)).flatMap((form) => {
      const mapping = taskMappingOf(form);
      const due = mapping?.due ? form.field(mapping.due)?.key : undefined;
      return mapping && due && mapping.remind !== false ? [{ form, mapping, due }] : [];
    });
  }

  private async owners(
    ctx: TenantContext,
    forms: readonly DueForm[],
    since: IsoDate,
    today: IsoDate,
  ): Promise<MemberId[]> {
    const weekly = new Date(`${today}T00:00:00Z`).getUTCDay() === 1;
    const owners = new Set<string>();
    for (const due of forms) {
      const owner = ownerKey(due.form, due.mapping);
      const groups = await this.reader.aggregate(ctx, due.form.id, {
        filter: { and: [open(ctx, due, today), ...(weekly ? [] : [from(ctx, due, addDays(since, 1))])] },
        groupBy: [{ field: owner }],
        metrics: [{ fn: 'count', as: 'n' }],
        sort: [],
        limit: maxOwners,
      });
      for (const { groups: keys } of groups) {
        const key = keys[0];
        if (key && typeof key === 'object') owners.add(key.id);
      }
    }
    const org = await this.org.of(ctx);
    return [...owners].filter((id) => org.members.get(id as MemberId)?.state === 'active').sort() as MemberId[];
  }

  /** What the member himself may see of his due to-dos; null when that is nothing. */
  private async cardOf(ctx: TenantContext, forms: readonly DueForm[], today: IsoDate) {
    const items: DueItem[] = [];
    let total = 0;
    for (const due of forms) {
      if (!(await this.access.can(ctx, due.form.id, 'view'))) continue;
      const mine: Filter = { field: ownerKey(due.form, due.mapping), op: 'eq', value: { me: true } };
      const page = await this.reader.query(ctx, due.form.id, {
        filter: { and: [mine, open(ctx, due, today)] },
        // The newest first: what fell due today must not stand behind years of leftovers.
        sort: [{ field: due.due, dir: 'desc' }],
        limit: named,
        total: true,
      });
      items.push(...page.items.map((record) => itemOf(ctx, due, record)));
      total += typeof page.total === 'number' ? page.total : (page.total?.atLeast ?? page.items.length);
    }
    items.sort((a, b) => b.day.localeCompare(a.day));
    const [first] = items;
    if (!first) return null;
    return total === 1 ? single(first, today) : digest(items.slice(0, named), total, today);
  }
}

function open(ctx: TenantContext, { form, mapping, due }: DueForm, today: IsoDate): Filter {
  return {
    and: [
      { not: doneFilter(form, mapping) },
      { field: due, op: 'lt', value: bound(ctx, form, due, addDays(today, 1)) },
      { field: ownerKey(form, mapping), op: 'notEmpty' },
    ],
  };
}

function from(ctx: TenantContext, { form, due }: DueForm, day: IsoDate): Filter {
  return { field: due, op: 'gte', value: bound(ctx, form, due, day) };
}

/** The first moment of a day as the field keeps it. */
function bound(ctx: TenantContext, form: FormMeta, due: string, day: IsoDate): string {
  return form.field(due)?.storage === 'date' ? day : startOfDate(ctx.timeZone, day).toISOString();
}

function itemOf(ctx: TenantContext, { form, mapping, due }: DueForm, record: RecordView): DueItem {
  const at = String(record.values[due]);
  const title = form.field(mapping.title);
  return {
    form,
    record,
    title: String((title && record.values[title.key]) ?? record.label),
    day: at.length === 10 ? at : dateIn(ctx.timeZone, new Date(at)),
  };
}

function single(
  { form, record, title, day }: DueItem,
  today: IsoDate,
): { card: CardWords; about: NotificationSubject } {
  return {
    card: {
      kind: 'task',
      title:
        day < today
          ? { zh: `待办已逾期：${title}`, en: `Task overdue: ${title}` }
          : { zh: `待办今天到期：${title}`, en: `Task due today: ${title}` },
      facts: [
        { label: { zh: '截止日期', en: 'Due' }, value: day },
        { label: { zh: '来自', en: 'Form' }, value: form.name },
      ],
      path: `/pages/record/index?formId=${form.id}&id=${record.id}`,
      buttons: taskButtons(form.id, record.id as RecordId),
    },
    about: { kind: 'record', id: record.id },
  };
}

function digest(
  items: readonly DueItem[],
  total: number,
  today: IsoDate,
): { card: CardWords; about: NotificationSubject } {
  const facts: CardWords['facts'] = items.map(({ day, title }) => ({
    label: day < today ? { zh: `${day} 逾期`, en: `Due ${day}` } : { zh: '今天', en: 'Today' },
    value: title,
  }));
  const left = total - items.length;
  if (left > 0) facts.push({ label: { zh: '还有', en: 'More' }, value: { zh: `${left} 项`, en: `${left}` } });
  return {
    card: {
      kind: 'digest',
      title: { zh: `${total} 项待办到期`, en: `${total} tasks due` },
      description: { zh: '点开查看全部待办', en: 'Open to see all of your tasks' },
      facts,
      path: '/pages/tasks/index',
      buttons: [],
    },
    about: { kind: 'none', id: null },
  };
}
