import { createCipheriv, createDecipheriv, createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const blockBytes = 32;
const randomPrefixBytes = 16;
const lengthBytes = 4;

/** A callback that is not what the platform would send. `reason` is for the log, never for the caller. */
export class EnvelopeError extends Error {
  constructor(readonly reason: 'signature' | 'encoding' | 'padding' | 'length' | 'receiver') {
    super(reason);
    this.name = 'EnvelopeError';
  }
}

export interface SignedQuery {
  signature: string;
  timestamp: string;
  nonce: string;
}

/**
 * The platforms' callback envelope (WW/90968 加解密方案说明): AES-256-CBC with the key's first 16 bytes as IV over
 * `random16 ‖ uint32 length ‖ message ‖ receiver`, padded to 32 bytes, and a SHA-1 over the sorted parts.
 */
export class Envelope {
  private readonly key: Buffer;

  /**
   * @param aesKey EncodingAESKey, 43 characters
   * @param receiver the corp id for callbacks of an app
   */
  constructor(
    private readonly token: string,
    aesKey: string,
    private readonly receiver: string,
  ) {
    this.key = Buffer.from(`${aesKey}=`, 'base64');
    if (this.key.length !== 32) throw new RangeError('EncodingAESKey must have 43 characters');
  }

  /** Lower-case hexadecimal SHA-1 of the four texts in byte order. */
  signatureOf(timestamp: string, nonce: string, encrypted: string): string {
    const parts = [this.token, timestamp, nonce, encrypted].map((part) => Buffer.from(part)).sort(Buffer.compare);
    return createHash('sha1').update(Buffer.concat(parts)).digest('hex');
  }

  /** Checks the signature in constant time, then decrypts. @throws EnvelopeError */
  open({ signature, timestamp, nonce }: SignedQuery, encrypted: string): string {
    const expected = Buffer.from(this.signatureOf(timestamp, nonce, encrypted));
    const given = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new EnvelopeError('signature');
    return this.decrypt(encrypted);
  }

  /** What a callback carries; `random16` is injected by tests only. */
  seal(message: string, random16: Buffer = randomBytes(randomPrefixBytes)): string {
    const body = Buffer.from(message);
    const length = Buffer.alloc(lengthBytes);
    length.writeUInt32BE(body.length);
    const plain = Buffer.concat([random16, length, body, Buffer.from(this.receiver)]);
    const pad = blockBytes - (plain.length % blockBytes);
    const cipher = createCipheriv('aes-256-cbc', this.key, this.key.subarray(0, 16)).setAutoPadding(false);
    return Buffer.concat([cipher.update(Buffer.concat([plain, Buffer.alloc(pad, pad)])), cipher.final()]).toString(
      'base64',
    );
  }

  private decrypt(encrypted: string): string {
    const bytes = Buffer.from(encrypted, 'base64');
    if (bytes.length === 0 || bytes.length % 16 !== 0) throw new EnvelopeError('encoding');
    const decipher = createDecipheriv('aes-256-cbc', this.key, this.key.subarray(0, 16)).setAutoPadding(false);
    const plain = Buffer.concat([decipher.update(bytes), decipher.final()]);
    const pad = plain[plain.length - 1] ?? 0;
    if (pad < 1 || pad > blockBytes || pad > plain.length) throw new EnvelopeError('padding');
    const content = plain.subarray(0, plain.length - pad);
    const start = randomPrefixBytes + lengthBytes;
    if (content.length < start) throw new EnvelopeError('length');
    const end = start + content.readUInt32BE(randomPrefixBytes);
    if (end > content.length) throw new EnvelopeError('length');
    if (content.subarray(end).toString() !== this.receiver) throw new EnvelopeError('receiver');
    return content.subarray(start, end).toString();
  }
}

/** The ciphertext of a pushed envelope, without parsing what nobody has signed yet; null when there is none. */
export function encryptedPart(xml: string): string | null {
  const found = /<Encrypt>\s*(?:<!\[CDATA\[)?\s*([A-Za-z0-9+/=]+)\s*(?:\]\]>)?\s*<\/Encrypt>/.exec(xml);
  return found?.[1] ?? null;
}
