import { languageIn, type TenantContext } from '../../engine/context.js';
import { type MessageFate, MessageFates } from '../../engine/ports.js';
import type { Database } from '../../kernel/database/database.js';
import type { MessageRow } from './message-row.js';
import { reasonTold } from './reason-told.js';
import { type Language, say, type TextKey } from './texts.js';

/** Of the message itself, or of the digest that it went out in. */
interface Row extends Pick<MessageRow, 'state' | 'error' | 'reason_words' | 'held_until' | 'recall_state'> {
  key: string;
  sent_at: string | null;
  ready_at: string;
  via: string | null;
  merged: boolean;
}

/** Our own notes on messages, as people read them; a platform's words stand for themselves. */
const notes: Record<string, TextKey> = {
  'unknown result': 'fateUnknown',
  'decided before it was sent': 'fateDecided',
  'no chat account': 'fateNoAccount',
  'the connection is gone': 'fateNoConnection',
  'only in the app': 'fateInApp',
  'outside the visible range': 'fateOutside',
  'recalled before it was sent': 'fateRecalled',
};

/** What is noted on a message, in words. */
export function noteWords(error: string, language: Language = 'zh'): string {
  const key = notes[error];
  return key ? say(key, {}, language) : error;
}

/** The delivery log, asked by the key of a message. */
export class ChatMessageFates extends MessageFates {
  constructor(private readonly database: Database) {
    super();
  }

  async of(ctx: TenantContext, keys: readonly string[]): Promise<ReadonlyMap<string, MessageFate>> {
    if (keys.length === 0) return new Map();
    const rows = await this.database.withTenant(ctx, (tx) =>
      tx.sql<Row>(
        `SELECT m.key, d.state, d.error, d.reason_words, d.held_until, d.recall_state, d.sent_at, d.ready_at, c.name AS via, d.id <> m.id AS merged
         FROM lianke.message m
         JOIN lianke.message d ON d.tenant_id = m.tenant_id AND d.id = CASE WHEN m.state = 'merged' THEN m.digest_id ELSE m.id END
         LEFT JOIN lianke.chat_connection c ON c.tenant_id = d.tenant_id AND c.id = d.connection_id
         WHERE m.key = ANY($1::text[])`,
        [[...keys]],
      ),
    );
    return new Map(rows.map((row) => [row.key, fateOf(row, languageIn(ctx))]));
  }
}

function fateOf(row: Row, language: Language): MessageFate {
  const { via } = row;
  const error = reasonTold(row.error, row.reason_words, language);
  const reason = error === null ? null : noteWords(error, language);
  switch (row.state) {
    case 'sent':
      return { state: 'delivered', at: row.sent_at, via, reason: noteOf(row, language) };
    case 'skipped':
      return { state: error === 'only in the app' ? 'kept' : 'skipped', at: null, via: null, reason };
    case 'failed':
      return { state: 'failed', at: null, via, reason };
    default:
      return row.held_until === null
        ? { state: 'waiting', at: row.ready_at, via, reason }
        : { state: 'held', at: row.held_until, via: null, reason: say('fateHeld', {}, language) };
  }
}

function noteOf({ recall_state, merged }: Row, language: Language): string | null {
  if (recall_state === 'done' || recall_state === 'marked') return say('fateTakenBack', {}, language);
  return merged ? say('fateMerged', {}, language) : null;
}
