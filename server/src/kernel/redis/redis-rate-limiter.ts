import type { Redis } from 'ioredis';
import { type Clock, systemClock } from '../clock/clock.js';
import { MemoryRateLimiter, type RateAnswer, type RateLimiter, type RateRule } from './rate-limiter.js';

// `decide` of rate-limiter.ts, run inside Redis so that processes cannot overtake each other.
const script = `
local now, limit, window = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local interval = window / limit
local from = math.max(now, tonumber(redis.call('GET', KEYS[1]) or now))
local next = from + interval
local excess = next - now - window
if excess > 0.5 then return {0, 0, math.ceil(excess)} end
redis.call('SET', KEYS[1], string.format('%.3f', next), 'PX', math.max(1, math.ceil(next - now)))
return {1, math.floor((window - (next - now) + 0.5) / interval), 0}
`;

/** The limiter shared by processes. While Redis does not answer, each process limits by itself. */
export class RedisRateLimiter implements RateLimiter {
  private readonly fallback: MemoryRateLimiter;

  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
    private readonly onError: (error: unknown) => void,
    private readonly clock: Clock = systemClock,
  ) {
    this.fallback = new MemoryRateLimiter(clock);
  }

  async take(key: string, rule: RateRule): Promise<RateAnswer> {
    try {
      const now = this.clock.now().getTime();
      const answer = await this.redis.eval(script, 1, this.prefix + key, now, rule.limit, rule.windowMs);
      const [allowed, remaining, retryAfterMs] = answer as [number, number, number];
      return { allowed: allowed === 1, remaining, retryAfterMs };
    } catch (error) {
      this.onError(error);
      return this.fallback.take(key, rule);
    }
  }

  async reset(key: string): Promise<void> {
    await this.fallback.reset(key);
    await this.redis.del(this.prefix + key).catch(this.onError);
  }
}
