import type { Card } from '@lianke/shared/chat/cards';
import type { Logger } from '../../kernel/logging/logger.js';
import type { RateLimiter, RateRule } from '../../kernel/redis/rate-limiter.js';
import type { Connection } from './connection.js';
import type { ConnectionRepository } from './connection.repository.js';
import { merge } from './merge.js';
import type { MessageRow } from './message-row.js';
import type { MessageStore, Settled } from './message-store.js';
import { say } from './texts.js';
import { reasonOf } from './wecom/reasons.js';
import { cardUrl, renderCard, renderOutcome } from './wecom/render-card.js';
import { sendBody, type WecomClient } from './wecom/wecom-client.js';
import { WecomError } from './wecom/wecom-error.js';

/**
 * Half of what the platform allows one app to send one member (30 a minute, 1,000 an hour, the surplus silently dropped):
 * a limiter of this kind lets up to twice its number through in the worst window.
 */
const memberLimits: readonly [string, RateRule][] = [
  ['minute', { limit: 15, windowMs: 60_000 }],
  ['hour', { limit: 500, windowMs: 3_600_000 }],
];
/** Attempts before a message whose platform does not answer is given up: about half an hour. */
const maxAttempts = 12;
/** Attempts while the connection is wrongly set up: eight hours for an administrator to mend it. */
const maxConfigAttempts = 96;
const configWaitSeconds = 300;
/** The platform's windows end with the minute (A3). */
const throttledWaitSeconds = 60;
const longestWaitSeconds = 300;
/** Noted on a message whose last attempt ended without an answer, so that nobody knows whether it worked. */
const unknownResult = 'unknown result';

export interface MessageSenderParts {
  store: MessageStore;
  connections: ConnectionRepository;
  client: WecomClient;
  limiter: RateLimiter;
  logger: Logger;
  publicUrl: string;
  /** 0 ≤ x < 1, for jitter. */
  random: () => number;
}

/** Empties the outbox: sends what is queued, and shows results on the cards that were sent. */
export class MessageSender {
  constructor(private readonly parts: MessageSenderParts) {}

  /** One round of the loop; true when more may be waiting. */
  async round(): Promise<boolean> {
    const rows = await this.parts.store.claim();
    const merging = new Set<string>();
    const own = rows.filter((row) => {
      if (!mayMerge(row)) return true;
      // Whoever decides about one of a member's waiting messages decides about all of them.
      const first = !merging.has(row.member_id);
      merging.add(row.member_id);
      return first;
    });
    await Promise.all(own.map((row) => this.work(row)));
    return rows.length > 0;
  }

  private async work(row: MessageRow): Promise<void> {
    try {
      const settled = row.state === 'queued' ? await this.send(row) : await this.showOutcome(row);
      if (settled) await this.parts.store.settle(row, settled);
    } catch (error) {
      // A bug must not stop the loop or the other messages; the lease ends and the row is tried again.
      this.parts.logger.error({ err: error, messageId: row.id, tenantId: row.tenant_id }, 'message not handled');
    }
  }

  private async send(row: MessageRow): Promise<Settled | null> {
    if (mayMerge(row) && (await merge(this.parts.store, row)) === 'settled') return null;
    const prepared = await this.prepare(row);
    if (prepared === null || 'as' in prepared) return prepared;
    const { connection, body } = prepared;
    const wait = await this.limitedFor(connection, prepared.userid);
    if (wait > 0) return { as: 'waiting', seconds: wait, error: row.error, counted: false };
    try {
      return { as: 'sent', ...(await this.parts.client.send(connection, body)) };
    } catch (error) {
      // The task id is the message's own, so its second use means that an attempt without an answer had worked.
      if (error instanceof WecomError && error.errcode === 42014 && row.error === unknownResult) {
        return { as: 'sent', msgid: null, responseCode: null };
      }
      return this.afterFailure(row, connection, error);
    }
  }

  /** The bytes to send, made and kept once. */
  private async prepare(
    row: MessageRow,
  ): Promise<{ connection: Connection; userid: string; body: string } | Settled | null> {
    const target = await this.parts.store.withRow(row, async (tx, current) => {
      if (current.outcome !== null && current.body === null) return 'decided' as const;
      return this.parts.store.addressOf(tx, current);
    });
    if (target === 'decided') return { as: 'skipped', error: 'decided before it was sent' };
    if (target === null) return { as: 'skipped', error: 'no chat account' };
    const connection = await this.parts.connections.ofTenant({ tenantId: row.tenant_id }, target.connectionId);
    if (!connection) return { as: 'skipped', error: 'the connection is gone' };
    const userid = row.userid ?? target.userid;
    if (row.body !== null) return { connection, userid, body: row.body };
    const body = sendBody(connection, userid, renderCard(row.card, this.placeOf(row, connection)));
    return this.parts.store.withRow(row, async (tx, current) => {
      await this.parts.store.intend(tx, current, { connectionId: connection.id, userid, body });
      return { connection, userid, body };
    });
  }

  private async showOutcome(row: MessageRow): Promise<Settled> {
    if (row.card.buttons.length === 0) return { as: 'updated' };
    const connection =
      row.connection_id && (await this.parts.connections.ofTenant({ tenantId: row.tenant_id }, row.connection_id));
    if (!connection) return { as: 'not-updated', error: 'the connection is gone' };
    const card = renderOutcome(row.card, row.outcome ?? '', say('outcome'), this.placeOf(row, connection));
    const presses = (await this.parts.store.pressCodes(row)).map((responseCode) => ({
      responseCode,
      userid: row.userid ?? '',
    }));
    const codes = [...presses, ...(row.response_code ? [{ responseCode: row.response_code }] : [])];
    for (const code of codes) {
      try {
        await this.parts.client.updateCard(connection, { ...code, card });
        return { as: 'updated' };
      } catch (error) {
        if (!(error instanceof WecomError) || error.kind !== 'card-gone')
          return this.afterFailure(row, connection, error);
        // A code refused after an attempt without an answer was used up by that attempt.
        if (row.error === unknownResult) return { as: 'updated' };
      }
    }
    return this.tellAnew(row);
  }

  /** No code is left to change the card: the result comes as a message of its own. */
  private async tellAnew(row: MessageRow): Promise<Settled> {
    const card: Card = {
      kind: 'notice',
      title: say('updateTitle', { title: row.card.title }),
      facts: [...row.card.facts.slice(0, 5), { label: say('outcome'), value: row.outcome ?? '' }],
      path: row.card.path,
      buttons: [],
    };
    await this.parts.store.withRow(row, (tx, current) =>
      this.parts.store.follow(tx, current, `outcome:${row.id}`, card),
    );
    return { as: 'updated' };
  }

  private async afterFailure(row: MessageRow, connection: Connection, error: unknown): Promise<Settled> {
    if (!(error instanceof WecomError)) throw error;
    const giveUp: Settled =
      row.state === 'queued' ? { as: 'failed', error: error.message } : { as: 'not-updated', error: error.message };
    this.parts.logger.warn({ err: error, messageId: row.id, connectionId: connection.id }, 'message refused');
    switch (error.kind) {
      case 'throttled':
        return {
          as: 'waiting',
          seconds: throttledWaitSeconds * (1 + this.parts.random() / 2),
          error: error.message,
          counted: false,
        };
      case 'config':
        await this.parts.connections.noteProblem(connection, reasonOf(error));
        if (row.attempts >= maxConfigAttempts) return giveUp;
        return { as: 'waiting', seconds: configWaitSeconds, error: error.message, counted: true };
      case 'refresh':
      case 'retry': {
        if (row.attempts >= maxAttempts) return giveUp;
        const seconds = Math.min(2 ** row.attempts, longestWaitSeconds) * (0.5 + this.parts.random() / 2);
        return { as: 'waiting', seconds, error: error.errcode === null ? unknownResult : error.message, counted: true };
      }
      default:
        return giveUp;
    }
  }

  /** Seconds until the member may be written to again; 0 for now. */
  private async limitedFor(connection: Connection, userid: string): Promise<number> {
    for (const [window, rule] of memberLimits) {
      const answer = await this.parts.limiter.take(`message:${window}:${connection.id}:${userid.toLowerCase()}`, rule);
      if (!answer.allowed) return answer.retryAfterMs / 1000;
    }
    return 0;
  }

  private placeOf(row: MessageRow, connection: Connection) {
    return {
      source: say('appName'),
      url: cardUrl(this.parts.publicUrl, connection.id, row.card.path),
      taskId: row.id,
    };
  }
}

/** Whether the message may still become part of a digest. */
function mayMerge(row: MessageRow): boolean {
  return row.state === 'queued' && row.mergeable && row.body === null && row.outcome === null;
}
