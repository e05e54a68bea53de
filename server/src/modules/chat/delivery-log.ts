import type { Card } from '@lianke/shared/chat/cards';
import type { Delivery, DeliveryQuery } from '@lianke/shared/chat/deliveries';
import type { Words } from '@lianke/shared/errors/issue-text';
import type { ConnectionId, MemberId, MessageId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { writeAudit } from '../../engine/audit/write-audit.js';
import { languageIn, type TenantContext } from '../../engine/context.js';
import { OrgDirectory } from '../../engine/org/org-directory.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { ConnectionRepository } from './connection.repository.js';
import { MessageService } from './message.service.js';
import { reasonTold } from './reason-told.js';

const pageSize = 50;

interface Row {
  id: MessageId;
  created_at: string;
  member_id: MemberId;
  card: Card;
  state: Delivery['state'];
  connection_id: ConnectionId | null;
  sent_at: string | null;
  attempts: number;
  ready_at: string;
  held_until: string | null;
  error: string | null;
  reason_words: Words | null;
  outcome: string | null;
  outcome_state: 'pending' | 'done' | 'failed' | null;
  maybe_twice: boolean;
  unproven: boolean;
  recall_state: NonNullable<Delivery['recall']>['state'] | null;
  recall_by: MemberId | null;
  recall_at: string | null;
  recall_error: string | null;
  receivers: number;
}

const columns =
  'id, created_at, member_id, card, state, connection_id, sent_at, attempts, ready_at, held_until, error, reason_words, outcome, outcome_state, maybe_twice, unproven, recall_state, recall_by, recall_at, recall_error';
/** How many the same event was told to. */
const receivers =
  '(SELECT count(*)::int FROM lianke.message o WHERE o.tenant_id = message.tenant_id AND o.key = message.key) AS receivers';

/** What was sent to whom and what became of it: the outbox as administrators read it. */
@Injectable()
export class DeliveryLog {
  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionRepository,
    private readonly messages: MessageService,
    private readonly org: OrgDirectory,
  ) {}

  /** Newest first, a page of fifty. */
  async list(ctx: TenantContext, query: DeliveryQuery): Promise<{ items: Delivery[]; cursor: string | null }> {
    if (query.cursor !== undefined && !/^[0-9a-f-]{36}$/.test(query.cursor)) throw new AppError('invalid_cursor');
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<Row>(
        `SELECT ${columns}, ${receivers} FROM lianke.message
         WHERE ($1::uuid IS NULL OR id < $1) AND ($2::text IS NULL OR state = $2) AND ($3::uuid IS NULL OR member_id = $3)
           AND ($4::uuid IS NULL OR connection_id = $4) AND ($5::timestamptz IS NULL OR created_at >= $5)
           AND ($6::timestamptz IS NULL OR created_at < $6) AND (NOT $7::boolean OR maybe_twice)
           AND (NOT $8::boolean OR recall_state IS NOT NULL)
         ORDER BY id DESC LIMIT ${pageSize + 1}`,
        [
          query.cursor ?? null,
          query.state ?? null,
          query.memberId ?? null,
          query.connectionId ?? null,
          query.from ?? null,
          query.to ?? null,
          query.twice === '1',
          query.recalled === '1',
        ],
      ),
    );
    const page = rows.slice(0, pageSize);
    return {
      items: await this.present(ctx, page),
      cursor: rows.length > pageSize ? (page.at(-1)?.id ?? null) : null,
    };
  }

  /**
   * Puts a message that failed or was left out back into the queue. One that had been sent to the platform goes out with
   * the same bytes, so that the platform's own key still holds; one that nobody could be found for looks again.
   */
  async resend(ctx: TenantContext, id: MessageId): Promise<Delivery> {
    const row = await this.database.withTenant(ctx, async (tx) => {
      const found = await this.locked(tx, id);
      if (found.state !== 'failed' && found.state !== 'skipped')
        throw refusal('wrong_state', {
          zh: '只有没发出去的消息可以再发',
          en: 'Only a message that was not sent can be sent again',
        });
      if (found.error === 'only in the app')
        throw refusal('wrong_state', {
          zh: '收件人设置了这类消息只在应用里看',
          en: 'The recipient wants this kind of message in the app only',
        });
      if (found.recall_state !== null)
        throw refusal('wrong_state', { zh: '已经撤回，不再发送', en: 'It was taken back and is not sent any more' });
      if (found.outcome !== null)
        throw refusal('wrong_state', {
          zh: '已经处理过了，不用再发',
          en: 'It has been handled; there is no need to send it again',
        });
      const [again] = await tx.sql<Row>(
        `UPDATE lianke.message SET state = 'queued', attempts = 0, error = NULL, ready_at = clock_timestamp(),
           connection_id = CASE WHEN body IS NULL THEN NULL ELSE connection_id END
         WHERE id = $1 RETURNING ${columns}, ${receivers}`,
        [id],
      );
      await writeAudit(tx, ctx, { action: 'message.resend', object: id, detail: { member: found.member_id } });
      tx.afterCommit(() => this.messages.wake());
      return again;
    });
    const [view] = await this.present(ctx, row ? [row] : []);
    if (!view) throw new AppError('not_found');
    return view;
  }

  private async locked(tx: Tx, id: MessageId): Promise<Row> {
    const [row] = await tx.sql<Row>(`SELECT ${columns}, ${receivers} FROM lianke.message WHERE id = $1 FOR UPDATE`, [
      id,
    ]);
    if (!row) throw new AppError('not_found');
    return row;
  }

  private async present(ctx: TenantContext, rows: readonly Row[]): Promise<Delivery[]> {
    const [org, connections] = await Promise.all([this.org.of(ctx), this.connections.list(ctx)]);
    return rows.map((row) => {
      const connection = connections.find((each) => each.id === row.connection_id);
      return {
        id: row.id,
        createdAt: row.created_at,
        member: { id: row.member_id, label: org.nameOf(row.member_id) },
        kind: row.card.kind,
        title: row.card.title,
        path: row.card.path,
        state: row.state,
        connection: connection ? { id: connection.id, name: connection.name, channel: connection.channel } : null,
        sentAt: row.sent_at,
        attempts: row.attempts,
        nextAt: row.state === 'queued' ? (row.held_until ?? row.ready_at) : null,
        heldUntil: row.held_until,
        error: reasonTold(row.error, row.reason_words, languageIn(ctx)),
        maybeTwice: row.maybe_twice,
        unproven: row.unproven,
        outcome:
          row.outcome === null || row.outcome_state === null ? null : { text: row.outcome, state: row.outcome_state },
        receivers: row.receivers,
        recall:
          row.recall_state === null || row.recall_at === null
            ? null
            : {
                state: row.recall_state,
                by: row.recall_by === null ? null : { id: row.recall_by, label: org.nameOf(row.recall_by) },
                at: row.recall_at,
                error: reasonTold(row.recall_error, row.reason_words, languageIn(ctx)),
              },
      };
    });
  }
}
