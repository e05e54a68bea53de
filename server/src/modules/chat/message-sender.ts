import type { Card } from '@lianke/shared/chat/cards';
import type { TenantId } from '@lianke/shared/ids';
import { groupBy } from '../../kernel/group-by.js';
import type { Logger } from '../../kernel/logging/logger.js';
import type { RateLimiter } from '../../kernel/redis/rate-limiter.js';
import { cardUrl } from './card-url.js';
import type { Connection } from './connection.js';
import type { ConnectionRepository } from './connection.repository.js';
import type { Courtesy } from './courtesy.js';
import { merge } from './merge.js';
import type { MessageRow } from './message-row.js';
import { lookSeconds, type MessageStore, outsideRange, type Settled, unknownResult } from './message-store.js';
import type { NotifyPreferences } from './notify-preferences.js';
import type { CardPlace, Recipient, SentCopy } from './port/platform.js';
import { PlatformError } from './port/platform-error.js';
import type { ChatPlatforms } from './port/platforms.js';
import { say } from './texts.js';

/** Attempts before a message whose platform does not answer is given up: about half an hour. */
const maxAttempts = 12;
/** Attempts while the connection is wrongly set up: eight hours for an administrator to mend it. */
const maxConfigAttempts = 96;
const configWaitSeconds = 300;
const longestWaitSeconds = 300;
/** What is held back is looked at again at least so often: business time may have been moved, or the reader's mind. */
const longestHoldSeconds = 300;

export interface MessageSenderParts {
  store: MessageStore;
  preferences: NotifyPreferences;
  connections: ConnectionRepository;
  platforms: ChatPlatforms;
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
    const courtesies = await this.courtesies(rows);
    const merging = new Set<string>();
    const own = rows.flatMap((row) => {
      const courtesy = courtesies.get(row.tenant_id);
      const unwanted = courtesy && mayWait(row) ? unwantedNow(row, courtesy) : null;
      // Whoever decides about one of a member's waiting messages decides about all of them.
      if (!unwanted && mayMerge(row)) {
        if (merging.has(row.member_id)) return [];
        merging.add(row.member_id);
      }
      return [this.work(row, unwanted, courtesy)];
    });
    await Promise.all(own);
    return rows.length > 0;
  }

  /** How the readers of what is to be sent want to be told, by company. */
  private async courtesies(rows: readonly MessageRow[]): Promise<Map<TenantId, Courtesy>> {
    const waiting = groupBy(rows.filter(mayWait), (row) => row.tenant_id);
    const found = await Promise.all(
      [...waiting].map(async ([tenantId, own]) => {
        const members = [...new Set(own.map((row) => row.member_id))];
        return [tenantId, await this.parts.preferences.courtesy({ tenantId }, members)] as const;
      }),
    );
    return new Map(found);
  }

  private async work(row: MessageRow, unwanted: Settled | null, courtesy: Courtesy | undefined): Promise<void> {
    try {
      const settled = unwanted ?? (await this.next(row, courtesy));
      if (settled) await this.parts.store.settle(row, settled);
    } catch (error) {
      // A bug must not stop the loop or the other messages; the lease ends and the row is tried again.
      this.parts.logger.error({ err: error, messageId: row.id, tenantId: row.tenant_id }, 'message not handled');
    }
  }

  private next(row: MessageRow, courtesy: Courtesy | undefined): Promise<Settled | null> {
    if (row.state === 'queued') return this.send(row, courtesy);
    return row.recall_state === 'pending' || row.outcome_state === 'pending' ? this.change(row) : this.look(row);
  }

  private async send(row: MessageRow, courtesy: Courtesy | undefined): Promise<Settled | null> {
    if (courtesy && mayMerge(row) && (await merge(this.parts.store, row, courtesy)) === 'settled') return null;
    const prepared = await this.prepare(row);
    if (prepared === null || 'as' in prepared) return prepared;
    const { connection, to, body } = prepared;
    const wait = await this.limitedFor(connection, to.userid);
    if (wait > 0) return { as: 'waiting', seconds: wait, error: row.error, counted: false };
    try {
      const platform = this.parts.platforms.of(connection);
      const { problem, ...sent } = await platform.send(connection, to, body, row.unknown_since !== null);
      if (problem !== undefined) await this.parts.connections.noteProblem(connection, problem);
      return { as: 'sent', remembered: platform.remembersSeconds, ...sent };
    } catch (error) {
      return this.afterFailure(row, connection, error, 'failed');
    }
  }

  /** The bytes to send, made and kept once. */
  private async prepare(
    row: MessageRow,
  ): Promise<{ connection: Connection; to: Recipient; body: string } | Settled | null> {
    const target = await this.parts.store.withRow(row, async (tx, current) => {
      if (current.outcome !== null && current.body === null) return 'decided' as const;
      return this.parts.store.addressOf(tx, current);
    });
    if (target === 'decided') return { as: 'skipped', error: 'decided before it was sent' };
    if (target === null) return { as: 'skipped', error: 'no chat account' };
    const connection = await this.parts.connections.ofTenant({ tenantId: row.tenant_id }, target.connectionId);
    if (!connection) return { as: 'skipped', error: 'the connection is gone' };
    const to = { userid: row.userid ?? target.userid, unionid: target.unionid };
    if (row.body !== null) return { connection, to, body: row.body };
    const place = await this.placeOf(row, connection);
    const body = this.parts.platforms.of(connection).compose(connection, to, row.card, place);
    return this.parts.store.withRow(row, async (tx, current) => {
      await this.parts.store.intend(tx, current, { connectionId: connection.id, userid: to.userid, body });
      return { connection, to, body };
    });
  }

  /** A message that is out is taken back or shows its outcome. */
  private async change(row: MessageRow): Promise<Settled> {
    const failed = row.recall_state === 'pending' ? 'not-recalled' : 'not-updated';
    const connection =
      row.connection_id && (await this.parts.connections.ofTenant({ tenantId: row.tenant_id }, row.connection_id));
    if (!connection) return { as: failed, error: 'the connection is gone' };
    const platform = this.parts.platforms.of(connection);
    try {
      const copy = await this.copyOf(row, connection);
      if (failed === 'not-updated')
        return (await platform.showOutcome(connection, copy)) === 'shown'
          ? { as: 'updated' }
          : await this.tellAnew(row);
      const recalled = await platform.recall(connection, copy);
      return typeof recalled === 'string' ? { as: recalled } : { as: failed, error: recalled.refused };
    } catch (error) {
      return this.afterFailure(row, connection, error, failed);
    }
  }

  /** A second look at a message that the platform took without saying whether the person gets it. */
  private async look(row: MessageRow): Promise<Settled> {
    const connection =
      row.connection_id && (await this.parts.connections.ofTenant({ tenantId: row.tenant_id }, row.connection_id));
    if (!connection) return { as: 'proven' };
    const recipient = await this.recipientOf(row);
    try {
      const there = await this.parts.platforms.of(connection).arrived(connection, { recipient, receipt: row.receipt });
      const seconds = lookSeconds[row.attempts + 1];
      // What the platform never tells is no reason to write to somebody twice.
      if (there || seconds === undefined) return { as: 'proven' };
      return { as: 'waiting', seconds, error: row.error, counted: true };
    } catch (error) {
      const settled = await this.afterFailure(row, connection, error, 'failed');
      return settled.as === 'waiting'
        ? { as: 'returned', seconds: settled.seconds, error: settled.error ?? '' }
        : settled;
    }
  }

  private async copyOf(row: MessageRow, connection: Connection): Promise<SentCopy & { msgid: string | null }> {
    return {
      recipient: await this.recipientOf(row),
      card: row.card,
      place: await this.placeOf(row, connection),
      outcome: row.outcome ?? say('recalled', {}, row.language),
      label: say('outcome', {}, row.language),
      msgid: row.msgid,
      responseCode: row.response_code,
      receipt: row.receipt,
      pressCodes: await this.parts.store.pressCodes(row),
      unknownBefore: row.error === unknownResult,
    };
  }

  private async recipientOf(row: MessageRow): Promise<Recipient> {
    const account = await this.parts.store.withRow(row, (tx, current) => this.parts.store.addressOf(tx, current));
    return { userid: row.userid ?? '', unionid: account?.unionid ?? null };
  }

  /** Nothing changes the card any more: the result comes as a message of its own. */
  private async tellAnew(row: MessageRow): Promise<Settled> {
    const card: Card = {
      kind: 'notice',
      title: say('updateTitle', { title: row.card.title }, row.language),
      facts: [...row.card.facts.slice(0, 5), { label: say('outcome', {}, row.language), value: row.outcome ?? '' }],
      path: row.card.path,
      buttons: [],
    };
    await this.parts.store.withRow(row, (tx, current) =>
      this.parts.store.follow(tx, current, `outcome:${row.id}`, card, current.topic),
    );
    return { as: 'updated' };
  }

  private async afterFailure(
    row: MessageRow,
    connection: Connection,
    error: unknown,
    givenUp: 'failed' | 'not-updated' | 'not-recalled',
  ): Promise<Settled> {
    if (!(error instanceof PlatformError)) throw error;
    const reason = error.words();
    const giveUp: Settled = { as: givenUp, error: reason };
    this.parts.logger.warn({ err: error, messageId: row.id, connectionId: connection.id }, 'message refused');
    switch (error.kind) {
      case 'throttled':
        return {
          as: 'waiting',
          seconds: error.waitSeconds * (1 + this.parts.random() / 2),
          error: reason,
          counted: false,
        };
      case 'config':
        await this.parts.connections.noteProblem(connection, error.words());
        if (row.attempts >= maxConfigAttempts) return giveUp;
        return { as: 'waiting', seconds: configWaitSeconds, error: reason, counted: true };
      case 'refresh':
      case 'retry': {
        if (row.attempts >= maxAttempts) return giveUp;
        const seconds = Math.min(2 ** row.attempts, longestWaitSeconds) * (0.5 + this.parts.random() / 2);
        return { as: 'waiting', seconds, error: error.unanswered ? unknownResult : reason, counted: true };
      }
      default:
        return error.outside && givenUp === 'failed' ? { as: 'failed', error: outsideRange } : giveUp;
    }
  }

  /** Seconds until the member may be written to again through this connection; 0 for now. */
  private async limitedFor(connection: Connection, userid: string): Promise<number> {
    const platform = this.parts.platforms.of(connection);
    const { limits } = platform;
    const member = `${connection.id}:${platform.userKey(userid)}`;
    const rules = [
      ...limits.connection.map(([window, rule]) => [`message:${window}:${connection.id}`, rule] as const),
      ...limits.member.map(([window, rule]) => [`message:${window}:${member}`, rule] as const),
    ];
    for (const [key, rule] of rules) {
      const answer = await this.parts.limiter.take(key, rule);
      if (!answer.allowed) return answer.retryAfterMs / 1000;
    }
    return 0;
  }

  private async placeOf(row: MessageRow, connection: Connection): Promise<CardPlace> {
    const withheld = connection.suiteId === null ? [] : await this.parts.store.namelessIn(connection, textsOf(row));
    return {
      ...(withheld.length > 0 ? { withheld } : {}),
      source: say('appName', {}, row.language),
      language: row.language,
      url: cardUrl(this.parts.publicUrl, connection.id, row.card.path),
      taskId: row.id,
      pending: row.about_kind === 'task',
    };
  }
}

/** Every word that a message may show. */
function textsOf({ card, outcome }: MessageRow): string {
  return [card.title, card.description, ...card.facts.map((fact) => fact.value), outcome].join('\n');
}

/** Whether nothing speaks against sending the message later or not at all: nobody decided, and it is not out already. */
function mayWait(row: MessageRow): boolean {
  return row.state === 'queued' && row.outcome === null && row.error !== unknownResult;
}

/** What becomes of a message that its reader does not want in his chat now; null when he does. */
function unwantedNow(row: MessageRow, courtesy: Courtesy): Settled | null {
  const wish = courtesy.wish(row);
  if (wish.as === 'send') return null;
  if (wish.as === 'keep') return { as: 'skipped', error: 'only in the app' };
  const seconds = (wish.until.getTime() - courtesy.now.getTime()) / 1000;
  return { as: 'held', until: wish.until, seconds: Math.min(seconds, longestHoldSeconds) };
}

/** Whether the message may still become part of a digest. */
function mayMerge(row: MessageRow): boolean {
  return row.state === 'queued' && row.mergeable && row.body === null && row.outcome === null;
}
