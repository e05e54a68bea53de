import type { ConnectionId, TenantId } from '@lianke/shared/ids';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Database } from '../../../kernel/database/database.js';
import type { Logger } from '../../../kernel/logging/logger.js';
import { Loop } from '../../../kernel/loop.js';
import type { ConnectionRepository } from '../connection.repository.js';
import { PlatformError } from '../port/platform-error.js';
import type { ChatPlatforms } from '../port/platforms.js';
import type { CallbackInbox } from './callback-inbox.js';

/** Given-up pushes stand on the platform's list after three to five minutes (reference B11). */
const everyMs = 5 * 60_000;

/** Fetches what was pushed while nobody answered here, so that it need not wait for the night's reconciliation. */
export class MissedPushes implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly loop: Loop;

  constructor(
    private readonly parts: {
      database: Database;
      connections: ConnectionRepository;
      platforms: ChatPlatforms;
      inbox: CallbackInbox;
      logger: Logger;
      enabled: boolean;
    },
  ) {
    this.loop = new Loop('missed-pushes', () => this.round(), everyMs, parts.logger);
  }

  onApplicationBootstrap(): void {
    if (this.parts.enabled) this.loop.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  /** Puts into the inbox what it does not know yet. One connection that does not answer keeps no other from it. */
  async round(): Promise<boolean> {
    const { database, connections, platforms, inbox, logger } = this.parts;
    const rows = await database.control<{ tenant_id: TenantId; connection_id: ConnectionId }>(
      'SELECT tenant_id, connection_id FROM lianke.org_syncs()',
    );
    for (const { tenant_id: tenantId, connection_id: connectionId } of rows) {
      const connection = await connections.ofTenant({ tenantId }, connectionId);
      if (!connection) continue;
      try {
        for (const { body, key } of await platforms.of(connection).missedPushes(connection))
          await inbox.put(connection, body, key);
      } catch (error) {
        if (!(error instanceof PlatformError)) throw error;
        logger.warn({ err: error, connectionId }, 'missed pushes could not be read');
      }
    }
    return false;
  }
}
