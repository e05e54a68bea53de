import { isUuid } from '@lianke/shared/ids';
import type { Database } from '../../../kernel/database/database.js';
import type { Connection } from '../connection.js';
import type { MessageRow } from '../message-row.js';
import type { ChatEvent } from '../port/platform.js';
import { followingButtons } from './questions.js';
import { outcomeValues } from './render.js';

type Press = Extract<ChatEvent, { kind: 'press' }>;

/**
 * What is answered to a press within the platform's two seconds. The decision is made afterwards; but whoever presses a card
 * that was decided before sees so at once, and whoever is asked something first sees the answers.
 */
export class PressReply {
  constructor(private readonly database: Database) {}

  async of(
    connection: Connection,
    { messageId, action }: Pick<Press, 'messageId' | 'action'>,
  ): Promise<Record<string, unknown>> {
    if (!isUuid(messageId)) return {};
    const [message] = await this.database.withTenant(connection, (tx) =>
      tx.sql<Pick<MessageRow, 'outcome' | 'card' | 'language'>>(
        'SELECT outcome, card, language FROM lianke.message WHERE id = $1 AND connection_id = $2',
        [messageId, connection.id],
      ),
    );
    if (!message) return {};
    const shown =
      message.outcome === null
        ? followingButtons(message.card, action, message.language)
        : outcomeValues(message.outcome);
    if (shown === null) return {};
    return {
      cardUpdateOptions: { updateCardDataByKey: true, updatePrivateDataByKey: true },
      cardData: { cardParamMap: shown },
    };
  }
}
