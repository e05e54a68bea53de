import { randomBytes } from 'node:crypto';
import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { ConnectionId } from '@lianke/shared/ids';
import type { TenantContext } from '../../../engine/context.js';
import type { Clock } from '../../../kernel/clock/clock.js';
import { systemClock } from '../../../kernel/clock/clock.js';
import { AppError } from '../../../kernel/errors/app-error.js';
import type { ConnectionRepository } from '../connection.repository.js';
import { channelFailed, PlatformError } from '../port/platform-error.js';
import type { ChatPlatforms } from '../port/platforms.js';

/** Signs our own pages, and no others, for the chat client around them. */
export class PageSigner {
  constructor(
    private readonly parts: {
      connections: ConnectionRepository;
      platforms: ChatPlatforms;
      publicUrl: string;
      /** The platforms compare with their own clock: never the moved one of business time. */
      clock?: Clock;
    },
  ) {}

  async sign(
    ctx: TenantContext,
    { connectionId, path }: { connectionId: ConnectionId; path: string },
  ): Promise<AnswerOf<'pages.sign'>> {
    const connection = await this.parts.connections.ofTenant(ctx, connectionId);
    if (!connection || connection.secret === null) throw new AppError('not_found');
    const platform = this.parts.platforms.of(connection);
    const timestamp = Math.floor((this.parts.clock ?? systemClock).now().getTime() / 1000);
    const page = { url: `${this.parts.publicUrl}${path}`, timestamp, nonceStr: randomBytes(12).toString('hex') };
    try {
      const signed = await platform.signPage(connection, page);
      const { channel, corpId, agentId } = connection;
      return { channel, corpId, agentId, ...signed };
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      throw channelFailed(platform.name, error.words());
    }
  }
}
