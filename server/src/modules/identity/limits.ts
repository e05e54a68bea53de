import { AppError } from '../../kernel/errors/app-error.js';
import type { RateLimiter, RateRule } from '../../kernel/redis/rate-limiter.js';

const minute = 60_000;

/** How often an address may try, by what it tries. */
export const limits = {
  /** One account from one address: enough for a forgotten password, far too few for guessing. */
  passwordOfAccount: { limit: 8, windowMs: 10 * minute },
  /** One account from everywhere: many addresses must not add up to guessing. */
  passwordEverywhere: { limit: 60, windowMs: 60 * minute },
  /** One address, whatever accounts: an office behind one address logs in on Monday morning. */
  passwordFromAddress: { limit: 120, windowMs: 10 * minute },
  /** Starting a log-in at the platform, or handing in its code. */
  chatLogin: { limit: 120, windowMs: 5 * minute },
  /** Opening or accepting invitations. */
  invite: { limit: 30, windowMs: 10 * minute },
} as const satisfies Record<string, RateRule>;

/** Takes one try of each; refuses with `too_many_requests` and the seconds to wait. */
export async function takeOrRefuse(
  limiter: RateLimiter,
  tries: readonly [keyof typeof limits, string][],
): Promise<void> {
  for (const [name, key] of tries) {
    const answer = await limiter.take(`${name}:${key}`, limits[name]);
    if (!answer.allowed) throw new AppError('too_many_requests', { seconds: Math.ceil(answer.retryAfterMs / 1000) });
  }
}
