import { createHmac } from 'node:crypto';

/**
 * Signs a call of the older interface by an app of the directory (B2): HMAC-SHA-256 in base64, not yet encoded for an address.
 * @param timestamp milliseconds, as in the call's query
 */
export function suiteSignature(suiteSecret: string, timestamp: string, suiteTicket: string): string {
  return createHmac('sha256', suiteSecret).update(`${timestamp}\n${suiteTicket}`).digest('base64');
}
