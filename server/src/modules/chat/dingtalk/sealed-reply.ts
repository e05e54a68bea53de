import { randomBytes } from 'node:crypto';
import type { Envelope } from '../envelope.js';

/** What the platform takes for an answer to a push (B11): `success`, or what it asked to hear, encrypted and signed. */
export function sealedReply(envelope: Envelope, words = 'success'): Record<string, string> {
  const timeStamp = String(Date.now());
  const nonce = randomBytes(8).toString('hex');
  const encrypt = envelope.seal(words);
  return { msg_signature: envelope.signatureOf(timeStamp, nonce, encrypt), timeStamp, nonce, encrypt };
}
