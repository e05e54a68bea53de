import { createHash } from 'node:crypto';

/**
 * What proves to a chat client that a page belongs to the app (reference A8, B5). The address goes in without its fragment
 * and not encoded again; seconds since 1970.
 */
export function signatureOf(
  algorithm: 'sha1' | 'sha256',
  ticket: string,
  page: { url: string; timestamp: number; nonceStr: string },
): string {
  const url = page.url.split('#')[0];
  const plain = `jsapi_ticket=${ticket}&noncestr=${page.nonceStr}&timestamp=${page.timestamp}&url=${url}`;
  return createHash(algorithm).update(plain).digest('hex');
}
