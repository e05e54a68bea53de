import type { FlowDefinition } from '@lianke/shared/flows/definition';
import type { FlowId, FormId, RecordId } from '@lianke/shared/ids';
import type { TaskItem } from '@lianke/shared/tasks/api';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { groupBy } from '../../kernel/group-by.js';
import { CLOCK } from '../../kernel/tokens.js';
import { languageIn, memberOf, type TenantContext } from '../context.js';
import { needsPage } from '../flows/approval-tasks.js';
import { PublishedFlows } from '../flows/published-flows.js';
import { FormRegistry } from '../forms/form-registry.js';
import { OrgDirectory } from '../org/org-directory.js';
import { RecordReader } from '../records/record-reader.js';
import { absentees, activeAways, substituteOf } from './aways.js';
import type { SourceList } from './merge-lists.js';
import { sealedTold } from './sealed-told.js';
import { type Filters, filterSql, searchSql, Values } from './task-filters.js';
import type { Listed } from './task-order.js';
import { hasVoice, type TaskRow, type TaskState } from './task-row.js';
import { approvalItem } from './task-view.js';
import { ToldCuts } from './told-cuts.js';

type ListedTask = TaskRow & { flow_id: FlowId; version: number };
type OpenTask = Pick<ListedTask, 'id' | 'member_id' | 'flow_id'>;

/** Approvals of one member as a list of a merge, and how many they are. */
export interface ApprovalList {
  total: number;
  list: SourceList<Listed>;
}

const columns = { flow: 'r.flow_id', form: 't.form_id', at: 't.created_at' };
const from = `lianke.task t JOIN lianke.run r ON r.tenant_id = t.tenant_id AND r.id = t.run_id
  LEFT JOIN lianke.flow f ON f.tenant_id = r.tenant_id AND f.id = r.flow_id`;
const handledStates: readonly TaskState[] = ['approved', 'rejected', 'transferred', 'returned', 'done', 'held'];

/** What flows ask a member, and what he has answered. */
@Injectable()
export class ApprovalLists {
  constructor(
    private readonly database: Database,
    private readonly org: OrgDirectory,
    private readonly reader: RecordReader,
    private readonly flows: PublishedFlows,
    private readonly registry: FormRegistry,
    private readonly cuts: ToldCuts,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** The member's own, and those of whoever he answers for while they are away; the longest waiting first. */
  async waiting(ctx: TenantContext, filters: Filters = {}): Promise<ApprovalList> {
    const me = memberOf(ctx);
    const now = this.clock.now();
    const open = await this.database.withTenant(ctx, async (tx) => {
      const aways = await activeAways(tx, now);
      const values = new Values();
      const members = values.add(me === null ? [] : [me, ...absentees(aways)]);
      const rows = await tx.sql<OpenTask>(
        `SELECT t.id, t.member_id, r.flow_id FROM ${from}
         WHERE t.member_id = ANY(${members}::uuid[]) AND t.state = 'pending'${await this.narrowed(ctx, filters, values)}
         ORDER BY t.created_at, t.id`,
        values.list,
      );
      return rows.filter((row) => row.member_id === me || substituteOf(aways, row.member_id, row.flow_id) === me);
    });
    const list = this.list(ctx, 'waiting', async (tx, offset, limit) => {
      const ids = open.slice(offset, offset + limit).map(({ id }) => id);
      const rows = await tx.sql<ListedTask>(`SELECT t.*, r.flow_id, r.version FROM ${from} WHERE t.id = ANY($1)`, [
        ids,
      ]);
      return { rows: ids.flatMap((id) => rows.filter((row) => row.id === id)), more: open.length > offset + limit };
    });
    return { total: open.length, list };
  }

  /** What the member has dealt with, the latest first; without him, what ended by itself. */
  async handled(ctx: TenantContext, filters: Filters, outcome?: TaskState): Promise<ApprovalList> {
    const values = new Values();
    const me = values.add(memberOf(ctx));
    const states = values.add(outcome ? [outcome] : [...handledStates]);
    const where = `(t.decided_by = ${me} OR (t.member_id = ${me} AND t.decided_by IS NULL)) AND t.state = ANY(${states}::text[])
      ${await this.narrowed(ctx, filters, values)}`;
    const [count] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ n: number }>(`SELECT count(*)::int AS n FROM ${from} WHERE ${where}`, values.list),
    );
    const list = this.list(ctx, 'handled', async (tx, offset, limit) => {
      const rows = await tx.sql<ListedTask>(
        `SELECT t.*, r.flow_id, r.version FROM ${from} WHERE ${where}
         ORDER BY t.decided_at DESC NULLS LAST, t.id LIMIT ${limit + 1} OFFSET ${offset}`,
        values.list,
      );
      return { rows: rows.slice(0, limit), more: rows.length > limit };
    });
    return { total: count?.n ?? 0, list };
  }

  /** Conditions of the lists' filters, and of a key that is limited to some forms. */
  private async narrowed(ctx: TenantContext, filters: Filters, values: Values): Promise<string> {
    const forms = ctx.key?.forms ? ` AND t.form_id = ANY(${values.add([...ctx.key.forms])}::uuid[])` : '';
    return `${forms}${filterSql(filters, ctx.timeZone, columns, values)}${await this.holding(ctx, filters.search, values)}`;
  }

  /** Title, facts or flow hold the words, or the name of who asked does. */
  private async holding(ctx: TenantContext, search: string | undefined, values: Values): Promise<string> {
    const text = searchSql(search, ['t.title', 't.title_en', 't.facts::text', 'f.name'], values);
    const words = search?.trim().toLowerCase();
    if (!words) return '';
    const org = await this.org.of(ctx);
    const people = [...org.members.values()].filter(({ name }) => name.toLowerCase().includes(words));
    if (people.length === 0) return text;
    const asked = values.add(people.map(({ id }) => id));
    return ` AND (t.starter_id = ANY(${asked}::uuid[]) OR (true${text}))`;
  }

  private list(
    ctx: TenantContext,
    id: string,
    read: (tx: Tx, offset: number, limit: number) => Promise<{ rows: ListedTask[]; more: boolean }>,
  ): SourceList<Listed> {
    return {
      id,
      part: async (place, limit) => {
        const offset = Number(place ?? 0);
        if (!Number.isSafeInteger(offset) || offset < 0) throw new AppError('invalid_cursor');
        const { rows, more } = await this.database.withTenant(ctx, (tx) => read(tx, offset, limit));
        return { items: await this.present(ctx, rows), next: more ? String(offset + limit) : null };
      },
    };
  }

  private async present(ctx: TenantContext, rows: readonly ListedTask[]): Promise<Listed[]> {
    const labels = await this.labels(ctx, rows);
    const org = await this.org.of(ctx);
    const forms = await this.registry.all(ctx);
    const me = memberOf(ctx);
    const language = languageIn(ctx);
    const cut = await this.cuts.of(ctx);
    return Promise.all(
      rows.map(async (row): Promise<Listed> => {
        const definition = await this.flows.version(ctx, row.flow_id, row.version);
        const sealed = sealedTold(definition, row.node, forms);
        const simple = isSimple(definition, row);
        const told = cut(definition, row, row.member_id === me ? 'told' : 'party');
        const item: TaskItem = approvalItem(told, labels.get(row.record_id) ?? '', org, {
          ...{ me, simple, sealed, language },
        });
        return { item, doneAt: row.decided_at ?? '' };
      }),
    );
  }

  /** Names of the records they are about, as far as the reader may see them. */
  private async labels(ctx: TenantContext, rows: readonly ListedTask[]): Promise<Map<string, string>> {
    const labels = new Map<string, string>();
    for (const [formId, group] of groupBy(rows, (row) => row.form_id)) {
      const ids = group.map((row) => row.record_id as RecordId);
      const records = await this.reader.getMany(ctx, formId as FormId, ids).catch(() => []);
      for (const record of records) labels.set(record.id, record.label);
    }
    return labels;
  }
}

/** Can be agreed to without opening it. */
function isSimple(definition: FlowDefinition, row: TaskRow): boolean {
  if (!hasVoice(row) || row.state !== 'pending') return false;
  const node = definition.nodes.find((item) => item.id === row.node);
  return node?.type === 'approval' && !needsPage(node);
}
