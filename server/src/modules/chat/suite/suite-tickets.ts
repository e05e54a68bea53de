import { Injectable } from '@nestjs/common';
import { Database } from '../../../kernel/database/database.js';
import { SecretBox } from '../../../kernel/secrets/secret-box.js';
import type { SuiteId } from './suite-tokens.js';

/** The ticket that a platform pushes to an app of its directory, by which it proves itself together with its secret. */
@Injectable()
export class SuiteTickets {
  constructor(
    private readonly database: Database,
    private readonly secrets: SecretBox,
  ) {}

  /** Keeps a ticket unless a newer one is there: pushes come out of order (D5). `at` is the platform's own time in ms. */
  async put(suite: SuiteId, ticket: string, at: number): Promise<void> {
    await this.database.control(
      `INSERT INTO lianke.suite_ticket AS t (channel, suite_id, ticket_cipher, ticket_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (channel, suite_id) DO UPDATE
         SET ticket_cipher = excluded.ticket_cipher, ticket_at = excluded.ticket_at, received_at = clock_timestamp()
         WHERE excluded.ticket_at >= t.ticket_at`,
      [suite.channel, suite.id, this.secrets.encrypt(ticket, contextOf(suite)), at],
    );
  }

  /** The newest ticket; null before the platform has pushed one. */
  async get(suite: SuiteId): Promise<string | null> {
    const [row] = await this.database.control<{ ticket_cipher: string }>(
      'SELECT ticket_cipher FROM lianke.suite_ticket WHERE channel = $1 AND suite_id = $2',
      [suite.channel, suite.id],
    );
    return row ? this.secrets.decrypt(row.ticket_cipher, contextOf(suite)) : null;
  }
}

function contextOf({ channel, id }: SuiteId): string {
  return `suite_ticket:${channel}/${id}`;
}
