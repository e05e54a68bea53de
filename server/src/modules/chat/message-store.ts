import type { Card } from '@lianke/shared/chat/cards';
import { standInFor } from '@lianke/shared/chat/stand-in';
import type { ConnectionId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { claim } from '../../kernel/database/claim.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { type Said, saidIn } from '../../kernel/errors/said.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { ChatAccounts } from './chat-accounts.js';
import type { Connection } from './connection.js';
import type { MessageRow } from './message-row.js';
import type { Recipient, Sent } from './port/platform.js';
import type { StandIn } from './stand-in.js';

const perTenant = 8;
const perClaim = 24;
/** Longer than a send with its token refresh can take. */
const leaseSeconds = 60;

/** Noted on a message whose last attempt ended without an answer, so that nobody knows whether it worked. */
export const unknownResult = 'unknown result';
/** Noted on a message whose receiver the platform does not know, or not for this app. */
export const outsideRange = 'outside the visible range';
/** When the platform is asked again about a message of which it did not say whether it arrived, in seconds from the last time. */
export const lookSeconds = [5, 30, 120, 600] as const;
/** Noted on a message that was taken back in time. */
export const neverSent = 'recalled before it was sent';

const nobodyKnows = ({ error }: { error: Said | null }): string =>
  error === unknownResult ? ', unknown_since = coalesce(unknown_since, clock_timestamp())' : '';

/** How a claimed message goes on. Seconds count from now, by the database's clock. */
export type Settled =
  /** `remembered`: seconds for which the platform knows a message that is sent again. */
  | ({ as: 'sent'; remembered: number } & Omit<Sent, 'problem'>)
  | { as: 'skipped' | 'failed'; error: Said }
  | { as: 'waiting'; seconds: number; error: Said | null; counted: boolean }
  /** Until `until` its reader does not want it; looked at again after `seconds`. */
  | { as: 'held'; until: Date; seconds: number }
  /** The platform held back what it had taken: sent again after `seconds`. */
  | { as: 'returned'; seconds: number; error: Said }
  /** Nothing speaks against it having arrived. */
  | { as: 'proven' }
  | { as: 'updated' | 'recalled' | 'marked' }
  | { as: 'not-updated' | 'not-recalled'; error: Said };

/** Rows of the outbox as the sender works on them. Every write names the epoch of the claim: an older claim is fenced out. */
@Injectable()
export class MessageStore {
  constructor(
    private readonly database: Database,
    private readonly accounts: ChatAccounts,
  ) {}

  /** Takes messages to send and copies to update, to take back or to ask about, a few of every tenant in turn. */
  claim(): Promise<MessageRow[]> {
    return this.database.asSystem((tx) =>
      claim<MessageRow>(tx, {
        table: 'message',
        key: ['id'],
        ready: `(q.state = 'queued' OR q.outcome_state = 'pending' OR q.recall_state = 'pending' OR q.unproven) AND q.ready_at <= clock_timestamp()`,
        order: 'ready_at, id',
        perTenant,
        limit: perClaim,
        leaseSeconds,
      }),
    );
  }

  /** Runs `work` in the message's tenant, with the row locked; null when another claim has taken it over. */
  withRow<T>(row: MessageRow, work: (tx: Tx, current: MessageRow) => Promise<T>): Promise<T | null> {
    return this.database.withTenant({ tenantId: row.tenant_id }, (tx) => this.lockedRow(tx, row, work));
  }

  /** The same for decisions about all that waits for one member: they are made one after the other, by any process. */
  withMember<T>(row: MessageRow, work: (tx: Tx, current: MessageRow) => Promise<T>): Promise<T | null> {
    return this.database.withTenant({ tenantId: row.tenant_id }, async (tx) => {
      await tx.run('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`merge:${row.member_id}`]);
      return this.lockedRow(tx, row, work);
    });
  }

  /** Where the message goes: through the connection it was queued for, else through any its member has. */
  async addressOf(tx: Tx, row: MessageRow): Promise<({ connectionId: ConnectionId } & Recipient) | null> {
    if (row.connection_id === null) return this.accounts.addressIn(tx, row.member_id);
    const [account] = await tx.sql<Recipient>(
      'SELECT userid, unionid FROM lianke.chat_account WHERE connection_id = $1 AND member_id = $2 ORDER BY created_at LIMIT 1',
      [row.connection_id, row.member_id],
    );
    return account ? { connectionId: row.connection_id, ...account } : null;
  }

  /** Keeps the exact bytes before the first attempt, so that whoever repeats it sends the same. */
  async intend(
    tx: Tx,
    row: MessageRow,
    sending: { connectionId: ConnectionId; userid: string; body: string },
  ): Promise<void> {
    await tx.run(
      `UPDATE lianke.message SET body = $2, connection_id = $3, userid = $4, intended_at = clock_timestamp() WHERE id = $1`,
      [row.id, sending.body, sending.connectionId, sending.userid],
    );
  }

  /** Writes down what became of the claim and gives the row back. */
  async settle(row: MessageRow, settled: Settled): Promise<void> {
    const [change, values] = changeOf(settled);
    await this.database.withTenant({ tenantId: row.tenant_id }, async (tx) => {
      const set = `UPDATE lianke.message SET ${change}, lease_until = NULL WHERE id = $1 AND epoch = $2`;
      const known = await tx.run(set, [row.id, row.epoch, ...values]);
      const words = 'error' in settled && typeof settled.error === 'object' ? settled.error : null;
      if (known > 0 && words !== null)
        await tx.run('UPDATE lianke.message SET reason_words = $2 WHERE id = $1', [row.id, { ...words }]);
      if (known > 0 && row.state === 'queued' && settled.as !== 'sent') await notSentAfterAll(tx, row);
    });
  }

  /** Codes of the recipient's own presses, newest first. */
  async pressCodes(row: MessageRow): Promise<string[]> {
    const rows = await this.database.withTenant({ tenantId: row.tenant_id }, (tx) =>
      tx.sql<{ response_code: string }>(
        'SELECT response_code FROM lianke.card_press WHERE message_id = $1 AND member_id = $2 ORDER BY at DESC, response_code',
        [row.id, row.member_id],
      ),
    );
    return rows.map((press) => press.response_code);
  }

  /**
   * Queues another message to the same member through the same connection; a repeat changes nothing. The app's list shows
   * what it follows and not the follower. It is in the language of what it follows.
   */
  async follow(tx: Tx, row: MessageRow, key: string, card: Card, topic: MessageRow['topic']): Promise<string> {
    const id = uuid7();
    await tx.run(
      `INSERT INTO lianke.message (tenant_id, id, key, member_id, card, about_kind, about_id, connection_id, topic, language, in_app)
       VALUES ($1, $2, $3, $4, $5, 'none', NULL, $6, $7, $8, false) ON CONFLICT (tenant_id, key, member_id) DO NOTHING`,
      [row.tenant_id, id, key, row.member_id, { ...card }, row.connection_id, topic, row.language],
    );
    return id;
  }

  /** Userids of a connection's people that `text` holds and that are their names here too: the platform shows it no others. */
  async namelessIn(connection: Pick<Connection, 'tenantId' | 'id'>, text: string): Promise<StandIn[]> {
    const rows = await this.database.withTenant(connection, (tx) =>
      tx.sql<StandIn>(
        `SELECT a.userid, m.name AS text FROM lianke.chat_account a
         JOIN lianke.member m ON m.tenant_id = a.tenant_id AND m.id = a.member_id
         WHERE a.connection_id = $1 AND strpos($2, m.name) > 0`,
        [connection.id, text],
      ),
    );
    return rows.filter((row) => row.text === standInFor(row.userid));
  }

  private async lockedRow<T>(
    tx: Tx,
    row: MessageRow,
    work: (tx: Tx, current: MessageRow) => Promise<T>,
  ): Promise<T | null> {
    const [current] = await tx.sql<MessageRow>('SELECT * FROM lianke.message WHERE id = $1 AND epoch = $2 FOR UPDATE', [
      row.id,
      row.epoch,
    ]);
    return current ? work(tx, current) : null;
  }
}

/** Whoever wanted a message back while it was on its way: it is not sent any more, unless nobody knows whether it was. */
async function notSentAfterAll(tx: Tx, { id }: MessageRow): Promise<void> {
  await tx.run(
    `UPDATE lianke.message SET state = 'skipped', outcome_state = NULL, error = '${neverSent}', recall_state = 'done',
       in_app = in_app AND recall_by IS NULL
     WHERE id = $1 AND recall_state = 'pending' AND unknown_since IS NULL`,
    [id],
  );
  await tx.run(
    `UPDATE lianke.message SET recall_state = 'failed', recall_error = '${unknownResult}'
     WHERE id = $1 AND recall_state = 'pending' AND state = 'failed'`,
    [id],
  );
}

/** What a column of the log holds: our own notes, and a platform's words in Chinese. */
const kept = (error: Said | null): string | null => error && saidIn(error, 'zh');

function changeOf(settled: Settled): [string, (string | number | boolean | Date | null)[]] {
  switch (settled.as) {
    case 'sent':
      return [
        `state = 'sent', sent_at = clock_timestamp(), msgid = $3, response_code = $4, receipt = $5, error = NULL, attempts = 0,
         unproven = $7, ready_at = clock_timestamp() + make_interval(secs => CASE WHEN $7 THEN ${lookSeconds[0]} ELSE 0 END),
         maybe_twice = maybe_twice OR coalesce(clock_timestamp() - unknown_since > make_interval(secs => $6), false)`,
        [
          settled.msgid,
          settled.responseCode,
          JSON.stringify(settled.receipt ?? null),
          settled.remembered,
          settled.unproven ?? false,
        ],
      ];
    case 'skipped':
    case 'failed':
      return [
        `state = '${settled.as}', outcome_state = NULL, unproven = false, error = $3${nobodyKnows(settled)}`,
        [kept(settled.error)],
      ];
    case 'returned':
      // Decided or taken back meanwhile, it asks for nothing any more.
      return [
        `state = CASE WHEN outcome IS NULL AND recall_state IS DISTINCT FROM 'pending' THEN 'queued' ELSE 'skipped' END,
         recall_state = CASE WHEN recall_state = 'pending' THEN 'done' ELSE recall_state END, unproven = false, outcome_state = NULL,
         sent_at = NULL, msgid = NULL, receipt = NULL, response_code = NULL, attempts = 0, error = $3,
         ready_at = clock_timestamp() + make_interval(secs => $4)`,
        [kept(settled.error), settled.seconds],
      ];
    case 'proven':
      return ['unproven = false, attempts = 0', []];
    case 'waiting':
      return [
        `ready_at = clock_timestamp() + make_interval(secs => $3), error = $4, attempts = attempts + ${settled.counted ? 1 : 0}${nobodyKnows(settled)}`,
        [settled.seconds, kept(settled.error)],
      ];
    case 'held':
      return [
        `ready_at = clock_timestamp() + make_interval(secs => $3), held_until = $4`,
        [settled.seconds, settled.until],
      ];
    case 'updated':
      return [`outcome_state = 'done', error = NULL`, []];
    case 'not-updated':
      return [`outcome_state = 'failed', error = $3`, [kept(settled.error)]];
    case 'recalled':
    case 'marked':
      return [
        `recall_state = '${settled.as === 'recalled' ? 'done' : 'marked'}', recall_error = NULL, error = NULL, attempts = 0, unproven = false,
         outcome_state = ${settled.as === 'marked' ? `CASE WHEN outcome IS NULL THEN NULL ELSE 'done' END` : 'NULL'},
         in_app = in_app AND recall_by IS NULL`,
        [],
      ];
    case 'not-recalled':
      // What nobody can take back says how it ended, as if it had never been tried.
      return [
        `recall_state = 'failed', recall_error = $3, error = NULL, attempts = 0, ready_at = clock_timestamp(),
         outcome_state = CASE WHEN outcome IS NULL THEN NULL ELSE coalesce(outcome_state, 'pending') END`,
        [kept(settled.error)],
      ];
  }
}
