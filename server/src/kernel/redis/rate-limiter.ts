import { type Clock, systemClock } from '../clock/clock.js';

/** At most `limit` in any stretch of `windowMs` on average; up to `limit` at once after a pause. */
export interface RateRule {
  limit: number;
  windowMs: number;
}

export interface RateAnswer {
  allowed: boolean;
  /** How many more would be allowed right now. */
  remaining: number;
  /** Milliseconds until one would be allowed; 0 when allowed. */
  retryAfterMs: number;
}

/** Counts attempts by key. Losing its memory lets attempts through again and nothing else. */
export interface RateLimiter {
  /** Takes one from the key's allowance; a refused attempt takes nothing. */
  take(key: string, rule: RateRule): Promise<RateAnswer>;
  /** Gives the key its full allowance back, for example after a correct password. */
  reset(key: string): Promise<void>;
}

/**
 * The generic cell rate algorithm (ITU-T I.371): one number per key, the time at which the allowance is full again.
 * @param fullAt milliseconds, or undefined for a key never seen
 */
export function decide(
  fullAt: number | undefined,
  now: number,
  { limit, windowMs }: RateRule,
): RateAnswer & { fullAt: number } {
  const interval = windowMs / limit;
  const from = Math.max(now, fullAt ?? now);
  const next = from + interval;
  // Half a millisecond of tolerance keeps sums of fractions from refusing the last one.
  const excess = next - now - windowMs;
  if (excess > 0.5) return { allowed: false, remaining: 0, retryAfterMs: Math.ceil(excess), fullAt: from };
  return {
    allowed: true,
    remaining: Math.floor((windowMs - (next - now) + 0.5) / interval),
    retryAfterMs: 0,
    fullAt: next,
  };
}

const sweepAt = 10_000;

/** The limiter of a single process. */
export class MemoryRateLimiter implements RateLimiter {
  private readonly fullAt = new Map<string, number>();

  constructor(private readonly clock: Clock = systemClock) {}

  async take(key: string, rule: RateRule): Promise<RateAnswer> {
    const now = this.clock.now().getTime();
    const { fullAt, ...answer } = decide(this.fullAt.get(key), now, rule);
    if (answer.allowed) this.fullAt.set(key, fullAt);
    if (this.fullAt.size > sweepAt) this.sweep(now);
    return answer;
  }

  async reset(key: string): Promise<void> {
    this.fullAt.delete(key);
  }

  // Keys whose allowance is full again are as good as never seen.
  private sweep(now: number): void {
    for (const [key, fullAt] of this.fullAt) if (fullAt <= now) this.fullAt.delete(key);
  }
}
