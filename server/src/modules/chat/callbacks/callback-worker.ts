import type { Language } from '@lianke/shared/errors/issue-text';
import { isUuid, type MemberId } from '@lianke/shared/ids';
import type { TenantContext } from '../../../engine/context.js';
import type { TenantDirectory } from '../../../engine/org/tenant-directory.js';
import type { CardActions, ChatWords } from '../../../engine/ports.js';
import type { Database } from '../../../kernel/database/database.js';
import type { Tx } from '../../../kernel/database/tx.js';
import { AppError, sentenceOf } from '../../../kernel/errors/app-error.js';
import type { Logger } from '../../../kernel/logging/logger.js';
import type { ChatAccounts } from '../chat-accounts.js';
import type { Connection } from '../connection.js';
import type { ConnectionRepository } from '../connection.repository.js';
import type { MessageService } from '../message.service.js';
import type { MessageRow } from '../message-row.js';
import type { OrgSync } from '../org/org-sync.js';
import type { ChatEvent } from '../port/platform.js';
import type { ChatPlatforms } from '../port/platforms.js';
import { both } from '../texts.js';
import type { CallbackInbox, InboxRow } from './callback-inbox.js';

const maxAttempts = 8;

type SaidWords = Extract<ChatEvent, { kind: 'words' }>;
type Press = Extract<ChatEvent, { kind: 'press' }>;

export interface CallbackWorkerParts {
  inbox: CallbackInbox;
  connections: ConnectionRepository;
  accounts: ChatAccounts;
  messages: MessageService;
  actions: CardActions;
  words: ChatWords;
  tenants: TenantDirectory;
  platforms: ChatPlatforms;
  sync: OrgSync;
  database: Database;
  logger: Logger;
}

const tellsOfPeople: ReadonlySet<string> = new Set(['leavers', 'people', 'departments']);

/** Works on pushes: presses of buttons, words, and changes of the contacts. Everything else is closed unread. */
export class CallbackWorker {
  constructor(private readonly parts: CallbackWorkerParts) {}

  /** One round of the loop; true when more may be waiting. */
  async round(): Promise<boolean> {
    const rows = await this.parts.inbox.claim();
    await Promise.all(rows.map((row) => this.work(row)));
    return rows.length > 0;
  }

  private async work(row: InboxRow): Promise<void> {
    try {
      const connection = await this.parts.connections.ofTenant({ tenantId: row.tenant_id }, row.connection_id);
      const note = connection ? await this.handle(connection, row) : 'the connection is gone';
      await this.parts.inbox.close(row, 'done', note);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.parts.logger.error({ err: error, inboxId: row.id, tenantId: row.tenant_id }, 'callback not handled');
      if (row.attempts + 1 >= maxAttempts) await this.parts.inbox.close(row, 'failed', text);
      else await this.parts.inbox.postpone(row, 2 ** row.attempts, text);
    }
  }

  /** The check-list of the connection shows that leavers are told. */
  private async notePeople(connection: Connection): Promise<void> {
    if (connection.state.peopleSeenAt !== undefined) return;
    await this.parts.database.withTenant(connection, (tx) =>
      this.parts.connections.note(tx, connection.id, { peopleSeenAt: new Date().toISOString() }),
    );
  }

  /** Null, or why nothing was done. */
  private async handle(connection: Connection, row: InboxRow): Promise<string | null> {
    const { sync } = this.parts;
    const event = this.parts.platforms.of(connection).read(row.body);
    if (tellsOfPeople.has(event.kind)) await this.notePeople(connection);
    switch (event.kind) {
      case 'press':
        return this.press(connection, event, row);
      case 'leavers': {
        const notes: (string | null)[] = [];
        for (const userid of event.userids) notes.push(await sync.leave(connection, userid));
        return notes.filter(Boolean).join('; ') || null;
      }
      case 'people':
        if (event.renamedFrom !== undefined && event.userids[0] !== undefined) {
          await sync.rename(connection, event.renamedFrom, event.userids[0]);
        }
        for (const userid of event.userids) await sync.refresh(connection, userid);
        return null;
      case 'departments':
        await sync.runSince(connection, row.received_at);
        return null;
      case 'words':
        return this.words(connection, event);
      case 'other':
        return null;
    }
  }

  /** The sender is whoever the signed push names; words that nobody waits for stay without effect. */
  private async words(connection: Connection, event: SaidWords): Promise<string | null> {
    const memberId = await this.parts.database.withTenant(connection, (tx) =>
      this.memberIn(tx, connection, event.userid),
    );
    if (!memberId) return 'the sender is no active member';
    const ctx = await this.contextOf(connection, memberId);
    const key = `${connection.id}:${event.key}`;
    return (await this.parts.words.handle(ctx, { kind: event.by, text: event.text, key }))
      ? null
      : 'nobody waits for it';
  }

  private async memberIn(tx: Tx, connection: Connection, userid: string): Promise<MemberId | null> {
    const { accounts } = this.parts;
    // Apps of the directory may be told people by the other of their ids.
    return (
      (await accounts.memberIn(tx, connection, userid)) ??
      (connection.suiteId === null ? null : await accounts.memberOfUnion(tx, connection, userid))
    );
  }

  /** Whoever acts in the chat is answered in his language. */
  private async contextOf(connection: Connection, memberId: MemberId): Promise<TenantContext> {
    const { tenants, database } = this.parts;
    const ctx = await tenants.context(connection.tenantId, { kind: 'member', memberId }, { door: 'chat' });
    const [member] = await database.withTenant(connection, (tx) =>
      tx.sql<{ language: Language | null }>('SELECT language FROM lianke.member WHERE id = $1', [memberId]),
    );
    return { ...ctx, language: member?.language ?? 'zh' };
  }

  /** Only the signed event's sender counts as the presser; whether he may do it is for the handler to say. */
  private async press(connection: Connection, event: Press, row: InboxRow): Promise<string | null> {
    const found = await this.parts.database.withTenant(connection, async (tx) => {
      const [message] = isUuid(event.messageId)
        ? await tx.sql<MessageRow>('SELECT * FROM lianke.message WHERE id = $1 AND connection_id = $2', [
            event.messageId,
            connection.id,
          ])
        : [];
      const memberId = await this.memberIn(tx, connection, event.userid);
      if (message && memberId && event.responseCode) {
        await tx.run(
          `INSERT INTO lianke.card_press (tenant_id, message_id, member_id, response_code) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
          [connection.tenantId, message.id, memberId, event.responseCode],
        );
      }
      return { message, memberId };
    });
    const { message, memberId } = found;
    if (!message) return 'no such card';
    if (!memberId) return 'the presser is no active member';
    const ctx = await this.contextOf(connection, memberId);
    const action = {
      messageId: message.id,
      action: event.action,
      memberId,
      ...(event.chosen ? { chosen: event.chosen } : {}),
      raw: event.raw,
      responseCode: event.responseCode,
      about: { kind: message.about_kind, id: message.about_id },
    };
    try {
      const handled = await this.parts.actions.handle(ctx, action);
      if (typeof handled === 'object' && message.member_id === memberId)
        await this.parts.database.withTenant(ctx, (tx) =>
          this.parts.messages.updateOne(tx, ctx, message.id, handled.said),
        );
      return handled ? null : 'nobody knows this button';
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      await this.refuse(ctx, message, memberId, error, row);
      return error.message;
    }
  }

  /** What came too late is shown on the card itself; any other refusal comes as a message and leaves the buttons. */
  private async refuse(
    ctx: TenantContext,
    message: MessageRow,
    memberId: MemberId,
    error: AppError,
    row: InboxRow,
  ): Promise<void> {
    const text = sentenceOf(error);
    const final = error.code === 'already_handled' || error.code === 'not_found';
    await this.parts.database.withTenant(ctx, async (tx) => {
      if (final && message.member_id === memberId) {
        const [decided] = await tx.sql<{ outcome: string }>(
          'SELECT outcome FROM lianke.message WHERE id = $1 AND outcome IS NOT NULL AND outcome_by = $2',
          [message.id, memberId],
        );
        // Pressed again by whoever decided, or delivered again: his copy goes on saying what he did.
        return this.parts.messages.updateOne(tx, ctx, message.id, decided?.outcome ?? text);
      }
      await this.parts.messages.enqueue(tx, ctx, {
        card: {
          kind: 'notice',
          title: both('failedTitle'),
          description: both('failedText', { reason: text, hint: both('failedHint') }),
          facts: [{ label: both('outcome'), value: message.card.title }],
          path: message.card.path,
          buttons: [],
        },
        to: [memberId],
        key: `press:${row.id}`,
        topic: 'direct',
        about: { kind: 'none', id: null },
      });
    });
  }
}
