import type { Redis } from 'ioredis';
import { type Bus, Listeners } from './bus.js';

/** The bus between processes, over Redis pub/sub. */
export class RedisBus implements Bus {
  private readonly listeners: Listeners;
  private readonly subscriber: Redis;

  /**
   * @param redis connection for publishing; a second one is opened from it, because a subscribed Redis connection
   *   takes no other commands
   * @param prefix put before every channel, so that several installations can share one Redis
   */
  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
    private readonly onError: (error: unknown) => void,
  ) {
    this.listeners = new Listeners(onError);
    // Without limit of retries: a subscription waits for Redis to come back.
    this.subscriber = redis.duplicate({ maxRetriesPerRequest: null });
    this.subscriber.on('error', onError);
    this.subscriber.on('message', (channel: string, message: string) =>
      this.listeners.deliver(channel.slice(prefix.length), message),
    );
  }

  async publish(channel: string, message: string): Promise<void> {
    await this.redis.publish(this.prefix + channel, message).catch(this.onError);
  }

  async subscribe(channel: string, listener: (message: string) => void): Promise<() => Promise<void>> {
    const own = (message: string) => listener(message);
    this.listeners.add(channel, own);
    await this.subscriber.subscribe(this.prefix + channel);
    return async () => {
      if (this.listeners.remove(channel, own)) await this.subscriber.unsubscribe(this.prefix + channel);
    };
  }

  /** Closes the subscriber; the publishing connection belongs to whoever opened it. */
  async close(): Promise<void> {
    this.listeners.clear();
    this.subscriber.disconnect();
  }
}
