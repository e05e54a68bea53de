import type { AnswerOf } from '@lianke/shared/api/contracts';
import { type RecallReason, recallSeconds } from '@lianke/shared/chat/deliveries';
import type { MemberId, MessageId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { writeAudit } from '../../engine/audit/write-audit.js';
import { memberOf, type TenantContext } from '../../engine/context.js';
import { OrgDirectory } from '../../engine/org/org-directory.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { MessageService } from './message.service.js';
import { neverSent } from './message-store.js';

interface Row {
  id: MessageId;
  member_id: MemberId;
  state: 'queued' | 'sent' | 'failed' | 'skipped' | 'merged';
  recall_state: 'pending' | 'done' | 'marked' | 'failed' | null;
  /** An attempt to send it is under way, or was broken off, or nobody knows how it ended. */
  may_be_out: boolean;
  too_late: boolean;
}

/** An administrator takes messages back: what waits is not sent, what is out is taken out of the chats by {@link MessageSender}. */
@Injectable()
export class MessageRecalls {
  constructor(
    private readonly database: Database,
    private readonly org: OrgDirectory,
    private readonly messages: MessageService,
  ) {}

  /** `everybody`: all messages that tell of the same event. */
  async ask(ctx: TenantContext, id: MessageId, everybody: boolean): Promise<AnswerOf<'deliveries.recall'>> {
    const org = await this.org.of(ctx);
    return this.database.withTenant(ctx, async (tx) => {
      const [one] = await tx.sql<{ key: string }>('SELECT key FROM lianke.message WHERE id = $1', [id]);
      if (!one) throw new AppError('not_found');
      const rows = await tx.sql<Row>(
        `SELECT id, member_id, state, recall_state,
           unknown_since IS NOT NULL OR (body IS NOT NULL AND lease_until IS NOT NULL) AS may_be_out,
           coalesce(sent_at < clock_timestamp() - make_interval(secs => $4), false) AS too_late
         FROM lianke.message WHERE key = $2 AND ($3 OR id = $1) ORDER BY id FOR UPDATE`,
        [id, one.key, everybody, recallSeconds],
      );
      const answer: AnswerOf<'deliveries.recall'> = { asked: 0, dropped: 0, refused: [] };
      for (const row of rows) {
        const reason = obstacle(row);
        const member = { id: row.member_id, label: org.nameOf(row.member_id) };
        if (reason !== null) answer.refused.push({ member, reason });
        else if (row.state === 'queued' && !row.may_be_out) {
          await drop(tx, row.id, memberOf(ctx));
          answer.dropped += 1;
        } else {
          await want(tx, row.id, memberOf(ctx));
          answer.asked += 1;
        }
      }
      const { asked, dropped, refused } = answer;
      if (asked + dropped > 0) {
        const detail = { messages: asked + dropped, refused: refused.length };
        await writeAudit(tx, ctx, { action: 'message.recall', object: id, detail });
        tx.afterCommit(() => this.messages.wake());
      }
      return answer;
    });
  }
}

/** Why a message is not to be taken back; null when it may be tried. */
function obstacle({ state, recall_state, too_late }: Row): RecallReason | null {
  if (state === 'merged') return 'part of a digest';
  if (recall_state !== null && recall_state !== 'failed') return 'recalled already';
  if (state === 'failed' || state === 'skipped') return 'not sent';
  return too_late ? 'too late to recall' : null;
}

/** Never sent: whoever holds a claim on it is fenced out. */
async function drop(tx: Tx, id: MessageId, by: MemberId | null): Promise<void> {
  await tx.run(
    `UPDATE lianke.message SET state = 'skipped', error = '${neverSent}', outcome_state = NULL, in_app = false,
       recall_state = 'done', recall_by = $2, recall_at = clock_timestamp(), recall_error = NULL,
       epoch = epoch + 1, lease_until = NULL
     WHERE id = $1`,
    [id, by],
  );
}

async function want(tx: Tx, id: MessageId, by: MemberId | null): Promise<void> {
  await tx.run(
    `UPDATE lianke.message SET recall_state = 'pending', recall_by = $2, recall_at = clock_timestamp(), recall_error = NULL,
       attempts = CASE WHEN state = 'sent' THEN 0 ELSE attempts END,
       ready_at = CASE WHEN state = 'sent' THEN clock_timestamp() ELSE ready_at END
     WHERE id = $1`,
    [id, by],
  );
}
