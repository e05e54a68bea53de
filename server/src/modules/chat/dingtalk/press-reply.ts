import { isUuid } from '@lianke/shared/ids';
import type { Database } from '../../../kernel/database/database.js';
import type { Connection } from '../connection.js';
import { outcomeValues } from './render.js';

/**
 * What is answered to a press within the platform's two seconds. The decision is made afterwards; but whoever presses a card
 * that was decided before sees so at once.
 */
export class PressReply {
  constructor(private readonly database: Database) {}

  async of(connection: Connection, messageId: string): Promise<Record<string, unknown>> {
    if (!isUuid(messageId)) return {};
    const [message] = await this.database.withTenant(connection, (tx) =>
      tx.sql<{ outcome: string }>(
        'SELECT outcome FROM lianke.message WHERE id = $1 AND connection_id = $2 AND outcome IS NOT NULL',
        [messageId, connection.id],
      ),
    );
    if (!message) return {};
    return {
      cardUpdateOptions: { updateCardDataByKey: true, updatePrivateDataByKey: true },
      cardData: { cardParamMap: outcomeValues(message.outcome) },
    };
  }
}
