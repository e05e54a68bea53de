import { randomBytes } from 'node:crypto';

/** Source of random bytes; injected so that tests can fix ids and prefixes. */
export interface RandomSource {
  bytes(length: number): Buffer;
}

export const systemRandom: RandomSource = { bytes: (length) => randomBytes(length) };

/** A URL-safe token of about `length × 4 / 3` characters out of `length` random bytes. */
export function randomToken(random: RandomSource, length = 24): string {
  return random.bytes(length).toString('base64url');
}
