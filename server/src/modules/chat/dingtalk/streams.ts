import type { ConnectionId, TenantId } from '@lianke/shared/ids';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Database } from '../../../kernel/database/database.js';
import type { Said } from '../../../kernel/errors/said.js';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import type { Logger } from '../../../kernel/logging/logger.js';
import { Loop } from '../../../kernel/loop.js';
import { OutboundError, type OutboundSockets } from '../../../kernel/outbound/outbound-http.js';
import type { CallbackInbox } from '../callbacks/callback-inbox.js';
import type { Connection } from '../connection.js';
import type { ConnectionRepository } from '../connection.repository.js';
import { PlatformError } from '../port/platform-error.js';
import type { DingApi } from './ding-api.js';
import { eventKey, readPress, readWords } from './event.js';
import type { PressReply } from './press-reply.js';
import { isAsking } from './questions.js';
import { StreamClient } from './stream-client.js';

const lookEveryMs = 3000;
/** A process that died leaves its streams to another one after so long: long before the platform gives up an event. */
const leaseSeconds = 15;
const longestPauseMs = 60_000;

interface Held {
  client: StreamClient;
  /** Credentials it was opened with: changed ones mean another connection. */
  credentials: string;
}

export interface StreamsParts {
  database: Database;
  connections: ConnectionRepository;
  inbox: CallbackInbox;
  replies: PressReply;
  api: DingApi;
  sockets: OutboundSockets;
  logger: Logger;
  /** Whether this process keeps streams open. */
  enabled: boolean;
  /** 0 ≤ x < 1, for jitter. */
  random: () => number;
}

/**
 * Keeps one stream open for every connection in STREAM mode. Of several processes one holds a connection's lease; when it
 * stops or dies, the next one takes over.
 */
export class DingtalkStreams implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly holder = uuid7();
  private readonly held = new Map<ConnectionId, Held>();
  /** After failures: how many in a row, and when the next attempt is allowed. */
  private readonly failures = new Map<ConnectionId, { count: number; notBefore: number }>();
  private readonly loop: Loop;

  constructor(private readonly parts: StreamsParts) {
    this.loop = new Loop('dingtalk-streams', () => this.round(), lookEveryMs, parts.logger);
  }

  onApplicationBootstrap(): void {
    if (this.parts.enabled) this.loop.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loop.stop();
    await this.release();
  }

  /** Opens what this process may hold, and lets go of what it may not. */
  async round(): Promise<boolean> {
    const rows = await this.parts.database.control<{ tenant_id: TenantId; connection_id: ConnectionId }>(
      'SELECT * FROM lianke.stream_connections()',
    );
    const wanted = new Set(rows.map((row) => row.connection_id));
    for (const [id, { client }] of [...this.held]) if (!wanted.has(id)) client.close();
    await Promise.all(rows.map((row) => this.keep({ tenantId: row.tenant_id }, row.connection_id)));
    return false;
  }

  /** How many streams this process has open. */
  get open(): number {
    return this.held.size;
  }

  /** Closes all streams and leaves them to others. */
  async release(): Promise<void> {
    for (const { client } of [...this.held.values()]) client.close();
    const rows = await this.parts.database.control<{ tenant_id: TenantId; connection_id: ConnectionId }>(
      'SELECT * FROM lianke.stream_connections()',
    );
    for (const row of rows) {
      await this.parts.database.withTenant({ tenantId: row.tenant_id }, (tx) =>
        tx.run('DELETE FROM lianke.chat_stream WHERE connection_id = $1 AND holder = $2', [
          row.connection_id,
          this.holder,
        ]),
      );
    }
  }

  private async keep(ctx: { tenantId: TenantId }, id: ConnectionId): Promise<void> {
    const held = this.held.get(id);
    if (!(await this.lease(ctx, id))) {
      held?.client.close();
      return;
    }
    const connection = await this.parts.connections.ofTenant(ctx, id);
    if (!connection) return;
    if (held && held.credentials === credentialsOf(connection)) return;
    held?.client.close();
    if ((this.failures.get(id)?.notBefore ?? 0) <= Date.now()) await this.connect(connection);
  }

  private async lease(ctx: { tenantId: TenantId }, id: ConnectionId): Promise<boolean> {
    const taken = await this.parts.database.withTenant(ctx, (tx) =>
      tx.run(
        `INSERT INTO lianke.chat_stream AS s (tenant_id, connection_id, holder, lease_until)
         VALUES ($1, $2, $3, clock_timestamp() + make_interval(secs => $4))
         ON CONFLICT (tenant_id, connection_id) DO UPDATE SET holder = excluded.holder, lease_until = excluded.lease_until
         WHERE s.holder = excluded.holder OR s.lease_until < clock_timestamp()`,
        [ctx.tenantId, id, this.holder, leaseSeconds],
      ),
    );
    return taken === 1;
  }

  private async connect(connection: Connection): Promise<void> {
    const client = new StreamClient(this.parts.api, this.parts.sockets, connection, {
      event: async (body) => this.parts.inbox.put(connection, body, eventKey(body)),
      press: async (body, messageId) => {
        const press = readPress(JSON.parse(body));
        if (!isAsking(press.action)) await this.parts.inbox.put(connection, body, `press:${messageId}`);
        return this.parts.replies.of(connection, press);
      },
      // Pictures and the like are answered and dropped: the platform would only push them again.
      words: async (body) => {
        if (readWords(JSON.parse(body))) await this.parts.inbox.put(connection, body, eventKey(body));
      },
      ended: (reason) => this.ended(connection, client, reason),
    });
    try {
      await client.open();
      this.held.set(connection.id, { client, credentials: credentialsOf(connection) });
      this.failures.delete(connection.id);
      await this.note(connection, { streamSince: new Date().toISOString(), streamProblem: null });
    } catch (error) {
      if (!(error instanceof PlatformError) && !(error instanceof OutboundError)) throw error;
      const count = (this.failures.get(connection.id)?.count ?? 0) + 1;
      const pause = Math.min(1000 * 2 ** count, longestPauseMs) * (0.5 + this.parts.random() / 2);
      this.failures.set(connection.id, { count, notBefore: Date.now() + pause });
      const problem = error instanceof PlatformError ? error.words() : error.message;
      this.parts.logger.warn({ err: error, connectionId: connection.id }, 'the stream does not open');
      await this.note(connection, { streamSince: null, streamProblem: problem });
    }
  }

  private ended(connection: Connection, client: StreamClient, reason: string): void {
    if (this.held.get(connection.id)?.client !== client) return;
    this.held.delete(connection.id);
    this.parts.logger.info({ connectionId: connection.id, reason }, 'a stream ended');
    // Opened anew at once: the platform asks for it now and then, and pushes nothing meanwhile.
    this.loop.ring();
  }

  private async note(
    connection: Connection,
    change: { streamSince: string | null; streamProblem: Said | null },
  ): Promise<void> {
    await this.parts.database.withTenant(connection, (tx) => this.parts.connections.note(tx, connection.id, change));
  }
}

/** What a stream was opened with. */
function credentialsOf({ appKey, secret, proxy }: Connection): string {
  return `${appKey}\n${secret}\n${proxy}`;
}
