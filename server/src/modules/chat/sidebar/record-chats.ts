import type { RecordChat } from '@lianke/shared/chat/sidebar';
import { type ConnectionId, type FormId, isUuid, type MemberId, type RecordId } from '@lianke/shared/ids';
import { memberOf, type TenantContext } from '../../../engine/context.js';
import type { RecordReader } from '../../../engine/records/record-reader.js';
import type { Database } from '../../../kernel/database/database.js';
import { AppError } from '../../../kernel/errors/app-error.js';
import type { RateLimiter } from '../../../kernel/redis/rate-limiter.js';
import type { Connection } from '../connection.js';
import type { ConnectionRepository } from '../connection.repository.js';
import type { ExternalContact } from '../port/platform.js';
import { PlatformError } from '../port/platform-error.js';
import type { ChatPlatforms } from '../port/platforms.js';
import type { ExternalLinks } from './external-links.js';

/** Contacts of one record that are asked about; a customer with more people is opened in the chat itself. */
const maxContacts = 5;
const asks = { limit: 60, windowMs: 60_000 };

export interface RecordChatsParts {
  database: Database;
  connections: ConnectionRepository;
  platforms: ChatPlatforms;
  reader: RecordReader;
  links: ExternalLinks;
  limiter: RateLimiter;
}

/** With whom the reader of a record may chat about it, in the client that a connection stands for. */
export class RecordChats {
  constructor(private readonly parts: RecordChatsParts) {}

  /**
   * External contacts that belong to the record and whom the reader has added himself, then the record's owner. Nobody for
   * a reader whom the platform does not know. `not_found` for what he may not see.
   */
  async of(
    ctx: TenantContext,
    at: { connectionId: ConnectionId; formId: FormId; recordId: RecordId },
  ): Promise<RecordChat[]> {
    const record = await this.parts.reader.get(ctx, at.formId, at.recordId);
    const connection = await this.parts.connections.ofTenant(ctx, at.connectionId);
    if (!connection) throw new AppError('not_found');
    const me = memberOf(ctx);
    const mine = me === null || ctx.previewedBy ? [] : await this.useridsOf(ctx, connection, me);
    if (mine.length === 0) return [];
    const owner = ownerOf(record.values.owner);
    const [colleague] = owner && owner.id !== me ? await this.useridsOf(ctx, connection, owner.id) : [];
    return [
      ...(await this.contacts(ctx, connection, at, mine)),
      ...(owner && colleague ? [{ kind: 'member' as const, userid: colleague, label: owner.label }] : []),
    ];
  }

  private async contacts(
    ctx: TenantContext,
    connection: Connection,
    { recordId }: { recordId: RecordId },
    mine: readonly string[],
  ): Promise<RecordChat[]> {
    const platform = this.parts.platforms.of(connection);
    if (!platform.externals) return [];
    const linked = await this.parts.database.withTenant(ctx, (tx) =>
      this.parts.links.ofRecord(tx, connection, recordId, maxContacts),
    );
    const found: RecordChat[] = [];
    const keys = new Set(mine.map((userid) => platform.userKey(userid)));
    for (const userid of linked) {
      const rate = await this.parts.limiter.take(`chats:${ctx.tenantId}:${mine[0]}`, asks);
      if (!rate.allowed) break;
      const contact = await this.read(connection, userid);
      if (contact?.followers.some((follower) => keys.has(platform.userKey(follower.userid))))
        found.push({ kind: 'external', userid, label: contact.name });
    }
    return found;
  }

  /** A platform that does not answer offers nobody: the record itself is there all the same. */
  private async read(connection: Connection, userid: string): Promise<ExternalContact | null> {
    try {
      return (await this.parts.platforms.of(connection).externals?.read(connection, userid)) ?? null;
    } catch (error) {
      if (error instanceof PlatformError) return null;
      throw error;
    }
  }

  private async useridsOf(ctx: TenantContext, connection: Connection, memberId: MemberId): Promise<string[]> {
    const rows = await this.parts.database.withTenant(ctx, (tx) =>
      tx.sql<{ userid: string }>(
        `SELECT a.userid FROM lianke.chat_account a JOIN lianke.member m ON m.id = a.member_id AND m.state = 'active'
         WHERE a.connection_id = $1 AND a.member_id = $2 ORDER BY a.created_at, a.userid`,
        [connection.id, memberId],
      ),
    );
    return rows.map((row) => row.userid);
  }
}

function ownerOf(value: unknown): { id: MemberId; label: string } | null {
  const { id, label } = (typeof value === 'object' && value !== null ? value : {}) as { id?: unknown; label?: unknown };
  return typeof id === 'string' && isUuid(id) && typeof label === 'string' ? { id: id as MemberId, label } : null;
}
