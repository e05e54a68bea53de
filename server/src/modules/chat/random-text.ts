import { randomInt } from 'node:crypto';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Letters and digits, from a source that nobody can guess. */
export function randomText(length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/** A callback's token and EncodingAESKey, as long as the platforms' consoles take them (WW/90930). */
export function callbackKeys(): { callbackToken: string; callbackAesKey: string } {
  return { callbackToken: randomText(32), callbackAesKey: randomText(43) };
}
