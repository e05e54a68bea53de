import type { Channel, Connection } from '../connection.js';
import type { ChatPlatform } from './platform.js';

/** The platforms this server speaks with; who needs one asks by connection and never by name. */
export class ChatPlatforms {
  private readonly byChannel: ReadonlyMap<Channel, ChatPlatform>;

  constructor(private readonly all: readonly ChatPlatform[]) {
    this.byChannel = new Map(all.map((platform) => [platform.channel, platform]));
  }

  of(connection: Pick<Connection, 'channel'>): ChatPlatform {
    const platform = this.byChannel.get(connection.channel);
    if (!platform) throw new Error(`no adapter for ${connection.channel}`);
    return platform;
  }

  /** In whose client a page is shown; null in a plain browser. */
  around(userAgent: string): ChatPlatform | null {
    return this.all.find((platform) => platform.isInside(userAgent)) ?? null;
  }
}
