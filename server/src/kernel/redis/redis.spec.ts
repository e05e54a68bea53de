import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../clock/clock.js';
import { type Bus, MemoryBus } from './bus.js';
import { connectRedis } from './connect.js';
import { MemoryRateLimiter, type RateLimiter } from './rate-limiter.js';
import { RedisBus } from './redis-bus.js';
import { RedisRateLimiter } from './redis-rate-limiter.js';

const redisUrl = process.env.REDIS_URL;

interface Kind {
  name: string;
  open(): Promise<{ bus: Bus; errors: unknown[]; limiter(clock: ManualClock): RateLimiter; close(): Promise<void> }>;
}

const memory: Kind = {
  name: 'in memory',
  async open() {
    const errors: unknown[] = [];
    return {
      bus: new MemoryBus((error) => errors.push(error)),
      errors,
      limiter: (clock) => new MemoryRateLimiter(clock),
      close: async () => undefined,
    };
  },
};

const redis: Kind = {
  name: 'over Redis',
  async open() {
    const errors: unknown[] = [];
    const onError = (error: unknown) => errors.push(error);
    const connection = await connectRedis(redisUrl ?? '', onError);
    const prefix = `lianke-test-${randomBytes(6).toString('hex')}:`;
    return {
      bus: new RedisBus(connection, prefix, onError),
      errors,
      limiter: (clock) => new RedisRateLimiter(connection, prefix, onError, clock),
      close: async () => {
        connection.disconnect();
      },
    };
  },
};

describe.each(redisUrl ? [memory, redis] : [memory])('$name', (kind) => {
  let opened: Awaited<ReturnType<Kind['open']>>;
  beforeEach(async () => {
    opened = await kind.open();
  });
  afterEach(async () => {
    await opened.bus.close();
    await opened.close();
  });

  /** Collects messages and lets a test wait for the n-th. */
  function collector() {
    const seen: string[] = [];
    let check: () => void = () => undefined;
    return {
      seen,
      listen: (message: string) => {
        seen.push(message);
        check();
      },
      until: (count: number) =>
        new Promise<string[]>((resolve) => {
          check = () => {
            if (seen.length >= count) resolve([...seen]);
          };
          check();
        }),
    };
  }

  describe('Bus', () => {
    it('delivers in order to every subscriber of the channel, the publisher’s own included', async () => {
      const [one, two, other] = [collector(), collector(), collector()];
      await opened.bus.subscribe('a', one.listen);
      await opened.bus.subscribe('a', two.listen);
      await opened.bus.subscribe('b', other.listen);
      await opened.bus.publish('a', '第一');
      await opened.bus.publish('a', '第二');
      await opened.bus.publish('b', 'end');
      expect(await one.until(2)).toEqual(['第一', '第二']);
      expect(await two.until(2)).toEqual(['第一', '第二']);
      expect(await other.until(1)).toEqual(['end']);
    });

    it('stops delivering to who left, and only to them', async () => {
      const [gone, stays] = [collector(), collector()];
      const leave = await opened.bus.subscribe('a', gone.listen);
      await opened.bus.subscribe('a', stays.listen);
      await leave();
      await opened.bus.publish('a', 'x');
      await stays.until(1);
      expect(gone.seen).toEqual([]);
    });

    it('keeps delivering when one listener throws', async () => {
      const good = collector();
      await opened.bus.subscribe('a', () => {
        throw new Error('listener failed');
      });
      await opened.bus.subscribe('a', good.listen);
      await opened.bus.publish('a', 'x');
      expect(await good.until(1)).toEqual(['x']);
      expect(opened.errors).toEqual([expect.objectContaining({ message: 'listener failed' })]);
    });
  });

  describe('RateLimiter', () => {
    const rule = { limit: 3, windowMs: 10_000 };

    it('allows the limit at once, refuses the next with the time to wait, and refills evenly', async () => {
      const clock = new ManualClock('2025-03-01T00:00:00Z');
      const limiter = opened.limiter(clock);
      expect(await limiter.take('k', rule)).toEqual({ allowed: true, remaining: 2, retryAfterMs: 0 });
      expect(await limiter.take('k', rule)).toEqual({ allowed: true, remaining: 1, retryAfterMs: 0 });
      expect(await limiter.take('k', rule)).toEqual({ allowed: true, remaining: 0, retryAfterMs: 0 });
      expect(await limiter.take('k', rule)).toEqual({ allowed: false, remaining: 0, retryAfterMs: 3_334 });
      clock.advance(3_334);
      expect(await limiter.take('k', rule)).toMatchObject({ allowed: true });
      expect(await limiter.take('k', rule)).toMatchObject({ allowed: false });
      clock.advance(10_000);
      expect(await limiter.take('k', rule)).toMatchObject({ allowed: true, remaining: 2 });
    });

    it('counts keys apart and forgets one on reset', async () => {
      const limiter = opened.limiter(new ManualClock('2025-03-01T00:00:00Z'));
      for (let round = 0; round < 3; round += 1) await limiter.take('a', rule);
      expect(await limiter.take('a', rule)).toMatchObject({ allowed: false });
      expect(await limiter.take('b', rule)).toMatchObject({ allowed: true });
      await limiter.reset('a');
      expect(await limiter.take('a', rule)).toMatchObject({ allowed: true, remaining: 2 });
    });

    it('lets exactly the limit through when all come at once', async () => {
      const limiter = opened.limiter(new ManualClock('2025-03-01T00:00:00Z'));
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => limiter.take('k', { limit: 20, windowMs: 60_000 })),
      );
      expect(answers.filter((answer) => answer.allowed)).toHaveLength(20);
    });
  });
});

describe('connectRedis', () => {
  it('says in one line that nobody answers, without the password', async () => {
    const refusal = await connectRedis('redis://user:hunter2@127.0.0.1:1', () => undefined).catch(
      (error: Error) => error,
    );
    expect(refusal).toMatchObject({ name: 'StartupError' });
    expect((refusal as Error).message).toContain('127.0.0.1:1');
    expect((refusal as Error).message).not.toContain('hunter2');
  });
});

describe.runIf(redisUrl)('without an answer from Redis', () => {
  let connection: Redis;
  beforeAll(async () => {
    connection = await connectRedis(redisUrl ?? '', () => undefined);
    connection.disconnect();
  });
  afterAll(() => connection.disconnect());

  it('limits by itself and drops messages silently', async () => {
    const errors: unknown[] = [];
    const onError = (error: unknown) => errors.push(error);
    const limiter = new RedisRateLimiter(connection, 'x:', onError, new ManualClock('2025-03-01T00:00:00Z'));
    const rule = { limit: 1, windowMs: 1_000 };
    expect(await limiter.take('k', rule)).toMatchObject({ allowed: true });
    expect(await limiter.take('k', rule)).toMatchObject({ allowed: false });
    const bus = new RedisBus(connection, 'x:', onError);
    await bus.publish('a', 'x');
    await bus.close();
    expect(errors.length).toBeGreaterThanOrEqual(3);
  });
});
