import { createHash } from 'node:crypto';
import type { ConnectionId, TenantId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { claim } from '../../../kernel/database/claim.js';
import { Database } from '../../../kernel/database/database.js';
import type { Tx } from '../../../kernel/database/tx.js';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import type { Connection } from '../connection.js';
import { ConnectionRepository } from '../connection.repository.js';

/** A claimed push. `body` is its plain text. */
export interface InboxRow {
  tenant_id: TenantId;
  id: string;
  connection_id: ConnectionId;
  body: string;
  received_at: string;
  attempts: number;
  epoch: number;
}

const leaseSeconds = 120;
/** The check of a connection wants to know that callbacks come, not when the last one did. */
const seenNoteMs = 60_000;

/** Pushes as rows: written before they are answered, each once, however often the platform repeats it (D8). */
@Injectable()
export class CallbackInbox {
  private ring: () => void = () => undefined;

  constructor(
    private readonly database: Database,
    private readonly connections: ConnectionRepository,
  ) {}

  /** Registers who is told that something came. */
  onReceived(ring: () => void): void {
    this.ring = ring;
  }

  /** Keeps a push; a repeat is dropped. Two are the same when their `key` is, by default the plain text. */
  async put(connection: Connection, body: string, key = body): Promise<void> {
    await this.database.withTenant(connection, async (tx) => {
      await tx.run(
        `INSERT INTO lianke.callback_inbox (tenant_id, id, connection_id, digest, body) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tenant_id, connection_id, digest) DO NOTHING`,
        [connection.tenantId, uuid7(), connection.id, createHash('sha1').update(key).digest(), body],
      );
      await this.noteSeen(tx, connection);
    });
    this.ring();
  }

  /** A check of the callback address succeeded. */
  async seen(connection: Connection): Promise<void> {
    await this.database.withTenant(connection, (tx) => this.noteSeen(tx, connection));
  }

  claim(): Promise<InboxRow[]> {
    return this.database.asSystem((tx) =>
      claim<InboxRow>(tx, {
        table: 'callback_inbox',
        key: ['id'],
        ready: `q.state = 'new' AND q.ready_at <= clock_timestamp()`,
        order: 'received_at, id',
        perTenant: 8,
        limit: 24,
        leaseSeconds,
      }),
    );
  }

  /** Closes a push. `error` says what was wrong with it. */
  async close(row: InboxRow, state: 'done' | 'failed', error: string | null = null): Promise<void> {
    await this.database.withTenant({ tenantId: row.tenant_id }, (tx) =>
      tx.run(
        `UPDATE lianke.callback_inbox SET state = $3, error = $4, lease_until = NULL WHERE id = $1 AND epoch = $2`,
        [row.id, row.epoch, state, error],
      ),
    );
  }

  /** Gives a push back, to be worked on again after so many seconds. */
  async postpone(row: InboxRow, seconds: number, error: string): Promise<void> {
    await this.database.withTenant({ tenantId: row.tenant_id }, (tx) =>
      tx.run(
        `UPDATE lianke.callback_inbox SET attempts = attempts + 1, error = $3, lease_until = NULL,
           ready_at = clock_timestamp() + make_interval(secs => $4)
         WHERE id = $1 AND epoch = $2`,
        [row.id, row.epoch, error, seconds],
      ),
    );
  }

  private async noteSeen(tx: Tx, connection: Connection): Promise<void> {
    const last = connection.state.callbackSeenAt;
    if (last && Date.now() - Date.parse(last) < seenNoteMs) return;
    await this.connections.note(tx, connection.id, { callbackSeenAt: new Date().toISOString() });
  }
}
