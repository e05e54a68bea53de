import type { CopyId, FlowId, FormId, MemberId, RecordId, RunId, TaskId } from '@lianke/shared/ids';
import { isUuid } from '@lianke/shared/ids';
import type { CopyItem } from '@lianke/shared/tasks/api';
import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { CLOCK } from '../../kernel/tokens.js';
import { languageIn, memberOf, type TenantContext } from '../context.js';
import { insertCopies } from '../flows/copies.js';
import { PublishedFlows } from '../flows/published-flows.js';
import { type Org, OrgDirectory } from '../org/org-directory.js';
import { Notifier } from '../ports.js';
import { RecordReader } from '../records/record-reader.js';
import { type Fact, factsIn } from './facts.js';
import type { HeldTask } from './held-task.js';
import { type Filters, filterSql, searchSql, Values } from './task-filters.js';
import type { TaskRow } from './task-row.js';
import { titleIn, titleOf } from './task-words.js';
import { type Cut, ToldCuts } from './told-cuts.js';
import { mustOffer } from './transfers.service.js';

interface CopyRow {
  id: CopyId;
  run_id: RunId;
  flow_id: FlowId;
  flow_name: string | null;
  version: number;
  by_id: MemberId | null;
  title: string;
  title_en: string | null;
  facts: Fact[];
  comment: string | null;
  form_id: FormId;
  record_id: RecordId;
  created_at: string;
  read_at: string | null;
  task_id: TaskId | null;
}

const select = `SELECT c.*, f.name AS flow_name,
  (SELECT r.version FROM lianke.run r WHERE r.tenant_id = c.tenant_id AND r.id = c.run_id) AS version,
  (SELECT t.id FROM lianke.task t WHERE t.tenant_id = c.tenant_id AND t.run_id = c.run_id ORDER BY t.state = 'pending' DESC, t.created_at DESC LIMIT 1) AS task_id
  FROM lianke.copy c LEFT JOIN lianke.flow f ON f.tenant_id = c.tenant_id AND f.id = c.flow_id`;

/** 抄送: copies of approvals, with who has read them. */
@Injectable()
export class CopiesService {
  constructor(
    private readonly database: Database,
    private readonly org: OrgDirectory,
    private readonly reader: RecordReader,
    private readonly notifier: Notifier,
    private readonly flows: PublishedFlows,
    private readonly cuts: ToldCuts,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** A copy of one decision. Members that do not exist or have left are refused. */
  async send(
    tx: Tx,
    ctx: TenantContext,
    org: Org,
    held: { run: Pick<HeldTask['run'], 'id' | 'flow_id'>; task: TaskRow },
    to: readonly MemberId[],
    comment: string | undefined,
  ): Promise<void> {
    if (to.some((member) => org.members.get(member)?.state !== 'active'))
      throw refusal('invalid_request', {
        zh: '抄送的成员不存在或已离职，请换一位',
        en: 'a member to be sent a copy does not exist or has left; choose another',
      });
    const { run, task } = held;
    for (const member of new Set(to)) {
      const theirs = await this.cuts.passedOn(tx, ctx, task, member);
      await insertCopies(this.notifier, tx, ctx, org, {
        runId: run.id,
        flowId: run.flow_id,
        source: `task:${task.id}`,
        to: [member],
        by: memberOf(ctx),
        title: titleOf(theirs),
        facts: theirs.facts,
        comment: comment?.trim() || null,
        formId: task.form_id,
        recordId: task.record_id,
        taskId: task.id,
        now: this.clock.now(),
      });
    }
  }

  /** Whoever has a part in an approval may send copies of it. */
  async copy(ctx: TenantContext, id: TaskId, to: readonly MemberId[], comment: string | undefined): Promise<void> {
    const org = await this.org.of(ctx);
    const me = memberOf(ctx);
    await this.database.withTenant(ctx, async (tx) => {
      const [task] = await tx.sql<TaskRow & { flow_id: FlowId; version: number; part: boolean }>(
        `SELECT t.*, r.flow_id, r.version, EXISTS (SELECT 1 FROM lianke.task o WHERE o.run_id = t.run_id AND (o.member_id = $2 OR o.decided_by = $2 OR o.starter_id = $2)) AS part
         FROM lianke.task t JOIN lianke.run r ON r.tenant_id = t.tenant_id AND r.id = t.run_id WHERE t.id = $1`,
        [id, me],
      );
      if (!task?.part) throw new AppError('not_found');
      const run = { id: task.run_id, flow_id: task.flow_id };
      const { nodes } = await this.flows.version(ctx, task.flow_id, task.version, tx);
      const node = nodes.find((item) => item.id === task.node);
      if (node?.type === 'approval') mustOffer({ node }, 'cc');
      await this.send(tx, ctx, org, { run, task }, to, comment);
    });
  }

  async list(
    ctx: TenantContext,
    query: Filters & { unread?: 'true' | 'false' | undefined; cursor?: string | undefined; limit: number },
  ) {
    if (query.cursor !== undefined && !isUuid(query.cursor)) throw new AppError('invalid_cursor');
    const me = memberOf(ctx);
    const values = new Values();
    const at = [me, query.cursor ?? null, query.unread === 'true'].map((value) => values.add(value));
    const columns = { flow: 'c.flow_id', form: 'c.form_id', at: 'c.created_at' };
    const narrow =
      filterSql(query, ctx.timeZone, columns, values) +
      searchSql(query.search, ['c.title', 'c.title_en', 'f.name', 'c.comment'], values);
    const { rows, unread } = await this.database.withTenant(ctx, async (tx) => {
      const [rows, count] = await Promise.all([
        tx.sql<CopyRow>(
          `${select} WHERE c.member_id = ${at[0]} AND (${at[1]}::uuid IS NULL OR c.id < ${at[1]}) AND (NOT ${at[2]} OR c.read_at IS NULL)${narrow} ORDER BY c.id DESC LIMIT ${query.limit + 1}`,
          values.list,
        ),
        tx.sql<{ n: number }>('SELECT count(*)::int AS n FROM lianke.copy WHERE member_id = $1 AND read_at IS NULL', [
          me,
        ]),
      ]);
      return { rows, unread: count[0]?.n ?? 0 };
    });
    const page = rows.slice(0, query.limit);
    return {
      items: await this.present(ctx, page),
      cursor: rows.length > query.limit ? (page.at(-1)?.id ?? null) : null,
      unread,
    };
  }

  /** Notes that its receiver has read it; the first time counts. */
  async read(ctx: TenantContext, id: CopyId): Promise<CopyItem> {
    const rows = await this.database.withTenant(ctx, async (tx) => {
      await tx.run('UPDATE lianke.copy SET read_at = $3 WHERE id = $1 AND member_id = $2 AND read_at IS NULL', [
        id,
        memberOf(ctx),
        this.clock.now(),
      ]);
      return tx.sql<CopyRow>(`${select} WHERE c.id = $1 AND c.member_id = $2`, [id, memberOf(ctx)]);
    });
    const [item] = await this.present(ctx, rows);
    if (!item) throw new AppError('not_found');
    return item;
  }

  private async present(ctx: TenantContext, rows: readonly CopyRow[]): Promise<CopyItem[]> {
    const org = await this.org.of(ctx);
    const labels = new Map<string, string>();
    for (const formId of new Set(rows.map((row) => row.form_id))) {
      const ids = rows.filter((row) => row.form_id === formId).map((row) => row.record_id);
      for (const record of await this.reader.getMany(ctx, formId, ids).catch(() => []))
        labels.set(record.id, record.label);
    }
    const cut = await this.cuts.of(ctx);
    return Promise.all(rows.map((row) => this.item(ctx, org, cut, row, labels)));
  }

  private async item(
    ctx: TenantContext,
    org: Org,
    cut: Cut,
    row: CopyRow,
    labels: ReadonlyMap<string, string>,
  ): Promise<CopyItem> {
    const definition = await this.flows.version(ctx, row.flow_id, row.version);
    const told = cut(definition, { ...row, node: '' }, 'told');
    return {
      id: row.id,
      title: titleIn(told, languageIn(ctx)),
      facts: factsIn(told.facts, languageIn(ctx)),
      flowName: row.flow_name ?? '',
      by: row.by_id ? { id: row.by_id, label: org.nameOf(row.by_id) } : null,
      comment: row.comment,
      subject: { formId: row.form_id, id: row.record_id, label: labels.get(row.record_id) ?? '' },
      taskId: row.task_id,
      at: row.created_at,
      readAt: row.read_at,
    };
  }
}
