import { createHash, randomBytes } from 'node:crypto';

/** 32 random bytes as base64url: what a browser or link holds, never stored. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored of a token. Tokens are random, so a plain hash tells nothing about them. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Random letters and digits of about 6 bits each (62 of 64 values), for platforms that take nothing else. */
export function newPlainToken(length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length * 2)) {
      // Bytes beyond the largest multiple would make some letters likelier.
      if (byte < 248 && text.length < length) text += letters[byte % letters.length];
    }
  }
  return text;
}
