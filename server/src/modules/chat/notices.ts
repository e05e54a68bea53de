import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { Card } from '@lianke/shared/chat/cards';
import type { Notice } from '@lianke/shared/chat/notify';
import type { Language } from '@lianke/shared/errors/issue-text';
import type { MemberId, MessageId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { memberOf, type TenantContext } from '../../engine/context.js';
import { Database } from '../../kernel/database/database.js';
import type { Tx } from '../../kernel/database/tx.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { say } from './texts.js';

const pageSize = 30;
/** Unread messages are counted as far as a badge can show. */
const maxUnread = 99;
const shownFacts = 2;

interface Row {
  id: MessageId;
  created_at: string;
  card: Card;
  topic: Notice['topic'];
  urgent: boolean;
  read_at: string | null;
  outcome: string | null;
  language: Language;
}

interface NoticeQuery {
  unread?: boolean;
  cursor?: string | undefined;
}

/** Messages as their reader finds them in the app, whether they reached his chat or not. */
@Injectable()
export class Notices {
  constructor(private readonly database: Database) {}

  /** The reader's own. Whoever looks as somebody else sees what he may see, not what was written to him. */
  async mine(ctx: TenantContext, query: NoticeQuery): Promise<AnswerOf<'me.notices'>> {
    const memberId = memberOf(ctx);
    if (memberId === null || ctx.previewedBy) return { items: [], cursor: null, unread: 0 };
    return this.list(ctx, memberId, query);
  }

  /** Newest first, a page of thirty. */
  async list(ctx: TenantContext, memberId: MemberId, query: NoticeQuery): Promise<AnswerOf<'me.notices'>> {
    if (query.cursor !== undefined && !/^[0-9a-f-]{36}$/.test(query.cursor)) throw new AppError('invalid_cursor');
    return this.database.withTenant(ctx, async (tx) => {
      const rows = await tx.sql<Row>(
        `SELECT id, created_at, card, topic, urgent, read_at, outcome, language FROM lianke.message
         WHERE member_id = $1 AND in_app AND ($2::uuid IS NULL OR id < $2) AND (NOT $3 OR read_at IS NULL)
         ORDER BY id DESC LIMIT ${pageSize + 1}`,
        [memberId, query.cursor ?? null, query.unread ?? false],
      );
      const page = rows.slice(0, pageSize);
      return {
        items: page.map(present),
        cursor: rows.length > pageSize ? (page.at(-1)?.id ?? null) : null,
        unread: await this.unread(tx, memberId),
      };
    });
  }

  /** Marks the member's own messages as read: those named, or all up to one. Others' ids are passed over. */
  read(
    ctx: TenantContext,
    memberId: MemberId,
    which: { ids: readonly MessageId[] } | { through: MessageId },
  ): Promise<{ unread: number }> {
    return this.database.withTenant(ctx, async (tx) => {
      const [ids, through] = 'ids' in which ? [which.ids, null] : [null, which.through];
      await tx.run(
        `UPDATE lianke.message SET read_at = clock_timestamp()
         WHERE member_id = $1 AND in_app AND read_at IS NULL AND (id = ANY($2::uuid[]) OR id <= $3::uuid)`,
        [memberId, ids, through],
      );
      return { unread: await this.unread(tx, memberId) };
    });
  }

  private async unread(tx: Tx, memberId: MemberId): Promise<number> {
    const [row] = await tx.sql<{ count: number }>(
      `SELECT count(*)::int AS count FROM (
         SELECT 1 FROM lianke.message WHERE member_id = $1 AND in_app AND read_at IS NULL LIMIT ${maxUnread}) AS open`,
      [memberId],
    );
    return row?.count ?? 0;
  }
}

function present(row: Row): Notice {
  const { card } = row;
  const facts = card.facts.slice(0, shownFacts).map((fact) => say('fact', fact, row.language));
  return {
    id: row.id,
    createdAt: row.created_at,
    topic: row.topic,
    kind: card.kind,
    title: card.title,
    line: card.description || facts.join(' · '),
    path: card.path,
    urgent: row.urgent,
    readAt: row.read_at,
    outcome: row.outcome,
  };
}
