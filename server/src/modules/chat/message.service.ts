import { type CardWords, cardIn } from '@lianke/shared/chat/cards';
import type { Topic } from '@lianke/shared/chat/topics';
import { type ConnectionId, isUuid, type MemberId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import type { TenantContext } from '../../engine/context.js';
import { TaskChanges } from '../../engine/live/task-changes.js';
import { type Notification, type NotificationOutcome, Notifier } from '../../engine/ports.js';
import type { Tx } from '../../kernel/database/tx.js';
import { type Said, saidIn } from '../../kernel/errors/said.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { both } from './texts.js';

/** How long a mergeable message waits for others to the same member, in seconds. */
export const mergeQuietSeconds = 1;

/** SQL that is true for a message about something of an app that is tried out: a record's form ($11), or a task's ($12). */
const tried = `EXISTS (
  SELECT 1 FROM lianke.app a JOIN lianke.form f ON f.tenant_id = a.tenant_id AND f.app_id = a.id
  WHERE a.trial IS NOT NULL AND (f.id = $11::uuid OR f.id = (
    SELECT t.form_id FROM lianke.task t WHERE t.id = $12::uuid)))`;

/** SQL that is true for a message about to be taken out of a chat ($6: it should be) to which it went, or may have gone. */
const takenBack = `($6::boolean AND recall_state IS NULL AND (state = 'sent' OR body IS NOT NULL))`;

/** Writes the outbox; {@link MessageSender} empties it. */
@Injectable()
export class MessageService extends Notifier {
  private ring: () => void = () => undefined;

  constructor(private readonly tasks: TaskChanges) {
    super();
  }

  /** Registers who is told that there is something to send. */
  onQueued(ring: () => void): void {
    this.ring = ring;
  }

  /** Something waits in the outbox that another service put there. */
  wake(): void {
    this.ring();
  }

  async enqueue(tx: Tx, ctx: TenantContext, notification: Notification): Promise<void> {
    await this.insert(tx, ctx, notification, { connectionId: null, inApp: true });
    if (notification.about.kind === 'task') tx.afterCommit(() => this.tasks.mark(ctx.tenantId, notification.to));
  }

  /** The same through one connection only; answers the message's id. For test cards. */
  async enqueueVia(
    tx: Tx,
    ctx: TenantContext,
    to: { connectionId: ConnectionId; memberId: MemberId },
    message: { card: CardWords; key: string },
  ): Promise<string> {
    const notification = { ...message, to: [to.memberId], about: { kind: 'none', id: null }, topic: 'direct' } as const;
    const [id] = await this.insert(tx, ctx, notification, { connectionId: to.connectionId, inApp: false });
    if (!id) throw new Error(`the message ${message.key} exists already`);
    return id;
  }

  async update(
    tx: Tx,
    ctx: TenantContext,
    { about, outcome, by, takeBack = false }: NotificationOutcome,
  ): Promise<void> {
    if (about.id === null) return;
    const told = await tx.sql<{ member_id: MemberId }>(
      `UPDATE lianke.message
       SET outcome = CASE language WHEN 'en' THEN $7 ELSE $4 END, outcome_by = $5, attempts = 0, ready_at = clock_timestamp(),
         read_at = coalesce(read_at, clock_timestamp()),
         -- What is out of the chat, or on its way out, shows nothing any more.
         outcome_state = CASE WHEN recall_state IN ('pending','done','marked') OR ${takenBack} THEN NULL ELSE 'pending' END,
         recall_state = CASE WHEN ${takenBack} THEN 'pending' ELSE recall_state END,
         recall_at = CASE WHEN ${takenBack} THEN clock_timestamp() ELSE recall_at END
       WHERE tenant_id = $1 AND about_kind = $2 AND about_id = $3 AND state IN ('queued','sent') RETURNING member_id`,
      [ctx.tenantId, about.kind, about.id, saidIn(outcome, 'zh'), by, takeBack, saidIn(outcome, 'en')],
    );
    // What never reached a chat, or went there in a digest, says in the app's list how it ended.
    const noted = await tx.sql<{ member_id: MemberId }>(
      `UPDATE lianke.message SET outcome = CASE language WHEN 'en' THEN $6 ELSE $4 END, outcome_by = $5, read_at = coalesce(read_at, clock_timestamp())
       WHERE tenant_id = $1 AND about_kind = $2 AND about_id = $3 AND state NOT IN ('queued','sent') RETURNING member_id`,
      [ctx.tenantId, about.kind, about.id, saidIn(outcome, 'zh'), by, saidIn(outcome, 'en')],
    );
    tx.afterCommit(() => this.ring());
    const concerned = [...told, ...noted].map((row) => row.member_id);
    if (about.kind === 'task') tx.afterCommit(() => this.tasks.mark(ctx.tenantId, concerned));
  }

  /** Shows a result on one copy only. */
  async updateOne(tx: Tx, ctx: { tenantId: string }, messageId: string, outcome: Said): Promise<void> {
    await tx.run(
      `UPDATE lianke.message
       SET outcome = CASE language WHEN 'en' THEN $4 ELSE $3 END, outcome_state = 'pending', attempts = 0, ready_at = clock_timestamp()
       WHERE tenant_id = $1 AND id = $2 AND state IN ('queued','sent')`,
      [ctx.tenantId, messageId, saidIn(outcome, 'zh'), saidIn(outcome, 'en')],
    );
    tx.afterCommit(() => this.ring());
  }

  private async insert(
    tx: Tx,
    ctx: TenantContext,
    { card, to, key, about, mergeable = false, topic = topicOf(card), urgent = false }: Notification,
    { connectionId, inApp }: { connectionId: ConnectionId | null; inApp: boolean },
  ): Promise<string[]> {
    const members = [...new Set(to)];
    if (members.length === 0) return [];
    const rows = await tx.sql<{ id: string }>(
      `INSERT INTO lianke.message (tenant_id, id, member_id, key, language, card, about_kind, about_id, mergeable, connection_id,
         ready_at, topic, urgent, in_app)
       SELECT $1, x.id, x.member_id, $4, coalesce(m.language, 'zh'),
         (CASE WHEN ${tried} THEN $16::jsonb ELSE $5::jsonb END)->coalesce(m.language, 'zh'),
         $6, $7, $8, $9,
         clock_timestamp() + CASE WHEN $8 THEN make_interval(secs => $10) ELSE interval '0' END, $13, $14, $15
       FROM unnest($2::uuid[], $3::uuid[]) AS x(id, member_id)
       LEFT JOIN lianke.member m ON m.tenant_id = $1 AND m.id = x.member_id
       ON CONFLICT (tenant_id, key, member_id) DO NOTHING
       RETURNING id`,
      [
        ctx.tenantId,
        members.map(() => uuid7()),
        members,
        key,
        inBoth(card),
        about.kind,
        about.id,
        mergeable,
        connectionId,
        mergeQuietSeconds,
        uuidIn(/[?&]formId=([0-9a-f-]{36})/.exec(card.path)?.[1]),
        about.kind === 'task' ? uuidIn(about.id) : null,
        topic,
        urgent,
        inApp,
        inBoth({ ...card, title: both('trial', { title: card.title }) }),
      ],
    );
    tx.afterCommit(() => this.ring());
    return rows.map((row) => row.id);
  }
}

/** The card by language, as JSON. */
function inBoth(card: CardWords): string {
  return JSON.stringify({ zh: cardIn(card, 'zh'), en: cardIn(card, 'en') });
}

/** What a card is for whose sender does not say. */
function topicOf(card: CardWords): Topic {
  if (card.kind === 'task' || card.kind === 'approval') return 'task';
  return card.kind === 'digest' ? 'reminder' : 'notice';
}

function uuidIn(text: string | null | undefined): string | null {
  return isUuid(text) ? text : null;
}
