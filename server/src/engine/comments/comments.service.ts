import type { Language } from '@lianke/shared/errors/issue-text';
import type { CommentId, FormId, MemberId, RecordId } from '@lianke/shared/ids';
import { type CommentView, mentionPattern, mentionsOf } from '@lianke/shared/records/comments';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Clock } from '../../kernel/clock/clock.js';
import { Database } from '../../kernel/database/database.js';
import { ident, tenantName } from '../../kernel/database/ident.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { groupBy } from '../../kernel/group-by.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { CLOCK } from '../../kernel/tokens.js';
import { AccessService } from '../access/access.service.js';
import { languageIn, memberOf, type TenantContext } from '../context.js';
import { FormRegistry } from '../forms/form-registry.js';
import type { Once } from '../idempotency/answer-once.js';
import { FormChanges } from '../live/form-changes.js';
import { type Org, OrgDirectory } from '../org/org-directory.js';
import { TenantDirectory } from '../org/tenant-directory.js';
import { Notifier } from '../ports.js';
import { RecordReader } from '../records/record-reader.js';

interface CommentRow {
  id: CommentId;
  form_id: FormId;
  record_id: RecordId;
  author_id: MemberId | null;
  /** Name of the flow that said it, when no member did. */
  by_flow: string | null;
  text: string;
  told: MemberId[];
  at: string;
  edited_at: string | null;
}

const pageSize = 50;

/** What members say about a record; whoever may see the record may read it and take part. */
@Injectable()
export class CommentsService {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly reader: RecordReader,
    private readonly access: AccessService,
    private readonly org: OrgDirectory,
    private readonly tenants: TenantDirectory,
    private readonly changes: FormChanges,
    private readonly notifier: Notifier,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** One page of a record's comments, the youngest first. The cursor is the last one's time and id: it may be gone by then. */
  async list(
    ctx: TenantContext,
    formId: FormId,
    recordId: RecordId,
    cursor?: string,
  ): Promise<{ items: CommentView[]; cursor: string | null }> {
    const after = placeOf(cursor);
    await this.reader.get(ctx, formId, recordId);
    const org = await this.org.of(ctx);
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<CommentRow>(
        `SELECT * FROM ${tableOf(ctx)} WHERE record_id = $1 AND form_id = $2
           AND ($3::timestamptz IS NULL OR (at, id) < ($3::timestamptz, $4::uuid))
         ORDER BY at DESC, id DESC LIMIT ${pageSize + 1}`,
        [recordId, formId, after?.at ?? null, after?.id ?? null],
      ),
    );
    const page = rows.slice(0, pageSize);
    const last = rows.length > pageSize ? page.at(-1) : undefined;
    return {
      items: page.map((row) => present(ctx, org, row)),
      cursor: last ? `${new Date(last.at).toISOString()}_${last.id}` : null,
    };
  }

  /** Says something; mentioned members who may see the record get a message that opens it. */
  async create(
    ctx: TenantContext,
    formId: FormId,
    recordId: RecordId,
    text: string,
    once?: Once<CommentView>,
  ): Promise<CommentView> {
    const author = this.author(ctx);
    await this.reader.get(ctx, formId, recordId);
    const org = await this.org.of(ctx);
    const reached = await this.reachable(ctx, org, formId, recordId, mentionsOf(text), author);
    const told = [...reached.keys()];
    const row: CommentRow = {
      id: uuid7() as CommentId,
      form_id: formId,
      record_id: recordId,
      author_id: author,
      by_flow: null,
      text,
      told,
      at: this.clock.now().toISOString(),
      edited_at: null,
    };
    const { name } = await this.registry.form(ctx, formId);
    const view = present(ctx, org, row);
    await this.database.withTenant(ctx, async (tx) => {
      await once?.open(tx);
      await tx.run(
        `INSERT INTO ${tableOf(ctx)} (id, form_id, record_id, author_id, text, told, at) VALUES ($1, $2, $3, $4, $5, $6::uuid[], $7)`,
        [row.id, formId, recordId, author, text, told, row.at],
      );
      await this.tell(tx, ctx, org, name, row, reached);
      await once?.keep(tx, view);
      tx.afterCommit(() => this.changes.mark(ctx.tenantId, formId, false));
    });
    return view;
  }

  /** What a flow says in its own name, in its step's transaction; answers how many of the mentioned were told. */
  async byFlow(
    tx: Tx,
    ctx: TenantContext,
    org: Org,
    said: {
      formId: FormId;
      recordId: RecordId;
      text: string;
      mention: readonly MemberId[];
      flowName: string;
      now: Date;
    },
  ): Promise<number> {
    const { formId, recordId, flowName } = said;
    await this.reader.get(ctx, formId, recordId, tx);
    const reached = new Map<MemberId, string>();
    for (const id of said.mention) {
      const theirs = await this.tenants.context(ctx.tenantId, { kind: 'member', memberId: id });
      const seen = await this.reader.get(theirs, formId, recordId, tx).catch((error: unknown) => {
        if (error instanceof AppError) return undefined;
        throw error;
      });
      if (seen) reached.set(id, seen.label);
    }
    const told = [...reached.keys()];
    const names = said.mention.map((id) => `@[${id}]`).join(' ');
    const row: CommentRow = {
      id: uuid7() as CommentId,
      ...{ form_id: formId, record_id: recordId, author_id: null, by_flow: flowName, told },
      text: [said.text, names].filter(Boolean).join(' '),
      at: said.now.toISOString(),
      edited_at: null,
    };
    await tx.run(
      `INSERT INTO ${tableOf(ctx)} (id, form_id, record_id, author_id, by_flow, text, told, at) VALUES ($1, $2, $3, NULL, $4, $5, $6::uuid[], $7)`,
      [row.id, formId, recordId, flowName, row.text, told, row.at],
    );
    await this.tell(tx, ctx, org, (await this.registry.form(ctx, formId)).name, row, reached);
    tx.afterCommit(() => this.changes.mark(ctx.tenantId, formId, false));
    return told.length;
  }

  /** Changes one's own comment; members mentioned only now are told. */
  async update(ctx: TenantContext, id: CommentId, text: string): Promise<CommentView> {
    const row = await this.seen(ctx, id);
    const author = this.author(ctx);
    if (row.author_id !== author)
      throw refusal('forbidden', { zh: '修改别人的评论', en: 'edit other people’s comments' });
    const org = await this.org.of(ctx);
    const fresh = mentionsOf(text).filter((member) => !row.told.includes(member as MemberId));
    const reached = await this.reachable(ctx, org, row.form_id, row.record_id, fresh, author);
    const after: CommentRow = {
      ...row,
      text,
      told: [...row.told, ...reached.keys()],
      edited_at: this.clock.now().toISOString(),
    };
    const { name } = await this.registry.form(ctx, row.form_id);
    await this.database.withTenant(ctx, async (tx) => {
      await tx.run(`UPDATE ${tableOf(ctx)} SET text = $2, told = $3::uuid[], edited_at = $4 WHERE id = $1`, [
        id,
        text,
        after.told,
        after.edited_at,
      ]);
      await this.tell(tx, ctx, org, name, after, reached);
      tx.afterCommit(() => this.changes.mark(ctx.tenantId, row.form_id, false));
    });
    return present(ctx, org, after);
  }

  /** Takes a comment away: its author may, and whoever designs the company's forms. */
  async remove(ctx: TenantContext, id: CommentId): Promise<void> {
    const row = await this.seen(ctx, id);
    if (row.author_id !== memberOf(ctx) && !(await this.access.can(ctx, row.form_id, 'design')))
      throw refusal('forbidden', { zh: '删除别人的评论', en: 'delete other people’s comments' });
    await this.database.withTenant(ctx, async (tx) => {
      await tx.run(`DELETE FROM ${tableOf(ctx)} WHERE id = $1`, [id]);
      tx.afterCommit(() => this.changes.mark(ctx.tenantId, row.form_id, false));
    });
  }

  private author(ctx: TenantContext): MemberId {
    const me = memberOf(ctx);
    if (me === null) throw refusal('forbidden', { zh: '发表评论', en: 'comment' });
    return me;
  }

  /** The comment, if the reader may see its record. */
  private async seen(ctx: TenantContext, id: CommentId): Promise<CommentRow> {
    const [row] = await this.database.withTenant(ctx, (tx) =>
      tx.sql<CommentRow>(`SELECT * FROM ${tableOf(ctx)} WHERE id = $1`, [id]),
    );
    if (!row) throw new AppError('not_found');
    await this.reader.get(ctx, row.form_id, row.record_id);
    return row;
  }

  /** Of the mentioned: active members other than the author who may see the record, each with what it is called for him. */
  private async reachable(
    ctx: TenantContext,
    org: Org,
    formId: FormId,
    recordId: RecordId,
    mentioned: readonly string[],
    author: MemberId,
  ): Promise<Map<MemberId, string>> {
    const reached = new Map<MemberId, string>();
    for (const id of mentioned) {
      const member = org.members.get(id as MemberId);
      if (member?.state !== 'active' || member.id === author) continue;
      const theirs = await this.tenants.context(ctx.tenantId, { kind: 'member', memberId: member.id });
      const [found] = await this.reader.getMany(theirs, formId, [recordId]).catch((error: unknown) => {
        if (error instanceof AppError) return [];
        throw error;
      });
      if (found) reached.set(member.id, found.label);
    }
    return reached;
  }

  /** Each is told the record by the name he reads: its title may have stars for one and not for another. */
  private async tell(
    tx: Parameters<Notifier['enqueue']>[0],
    ctx: TenantContext,
    org: Org,
    formName: string,
    row: CommentRow,
    reached: ReadonlyMap<MemberId, string>,
  ): Promise<void> {
    for (const [label, to] of groupBy([...reached], ([, name]) => name))
      await this.notifier.enqueue(tx, ctx, {
        card: {
          kind: 'notice',
          title: {
            zh: `${authorName(org, row, 'zh')}在评论中提到了你`,
            en: `${authorName(org, row, 'en')} mentioned you in a comment`,
          },
          description: row.text.replace(mentionPattern, (_, id: string) => `@${org.nameOf(id as MemberId)}`),
          facts: [{ label: formName, value: label === '' ? '—' : label }],
          path: `/pages/record/index?formId=${row.form_id}&id=${row.record_id}`,
          buttons: [],
        },
        to: to.map(([id]) => id),
        key: `comment:${row.id}`,
        about: { kind: 'record', id: row.record_id },
        mergeable: true,
        topic: 'comment',
      });
  }
}

/** Where a page of comments begins; undefined for the first one. */
function placeOf(cursor: string | undefined): { at: string; id: string } | undefined {
  if (cursor === undefined) return undefined;
  const [, at = '', id = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)_([0-9a-f-]{36})$/.exec(cursor) ?? [];
  if (Number.isNaN(Date.parse(at)) || !z.uuid().safeParse(id).success) throw new AppError('invalid_cursor');
  return { at, id };
}

function tableOf(ctx: TenantContext): string {
  return `${ident(tenantName(ctx.tenantId))}.record_comment`;
}

/** 「王芳」, or 「流程“新客户跟进”」. */
function authorName(org: Org, row: CommentRow, language: Language): string {
  if (row.author_id !== null) return org.nameOf(row.author_id);
  const flow = row.by_flow ?? '';
  return { zh: `流程“${flow}”`, en: `Flow "${flow}"` }[language];
}

function present(ctx: TenantContext, org: Org, row: CommentRow): CommentView {
  return {
    id: row.id,
    author: { id: row.author_id ?? '', label: authorName(org, row, languageIn(ctx)) },
    text: row.text,
    mentions: mentionsOf(row.text).flatMap((id) => {
      const member = org.members.get(id as MemberId);
      return member ? [{ id, label: member.name, told: row.told.includes(member.id) }] : [];
    }),
    at: new Date(row.at).toISOString(),
    editedAt: row.edited_at ? new Date(row.edited_at).toISOString() : null,
    mine: row.author_id !== null && row.author_id === memberOf(ctx),
  };
}
