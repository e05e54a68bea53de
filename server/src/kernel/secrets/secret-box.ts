import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/** A ciphertext that this key cannot open: another key's, damaged, or moved to another place. */
export class UndecryptableError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'UndecryptableError';
  }
}

const format = 'v1';
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Encrypts credentials at rest and derives keys, all from LIANKE_SECRET_KEY.
 *
 * Keys come from HKDF-SHA-256 (RFC 5869), one per purpose; ciphertexts are AES-256-GCM with a random 96-bit nonce as
 * `v1.<key id>.<base64url(nonce ‖ ciphertext ‖ tag)>`. The key id tells a ciphertext of an earlier key apart from damage.
 */
export class SecretBox {
  private readonly keys: Map<string, Buffer>;
  /** Eight hexadecimal characters that name the current key without telling anything about it. */
  readonly keyId: string;

  /**
   * @param secretKey the current LIANKE_SECRET_KEY
   * @param earlierKeys former values, which still decrypt
   */
  constructor(
    private readonly secretKey: string,
    earlierKeys: string[] = [],
  ) {
    this.keyId = keyIdOf(secretKey);
    this.keys = new Map(
      [secretKey, ...earlierKeys].map((key) => [keyIdOf(key), deriveKey(key, 'encryption', 32)] as const),
    );
  }

  /**
   * @param context what the secret belongs to (for example `connection:<id>:secret`); it is authenticated, so a
   *   ciphertext copied to another row does not decrypt there
   */
  encrypt(plain: string, context: string): string {
    const key = this.keys.get(this.keyId);
    if (!key) throw new Error('the current key is missing');
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${format}.${this.keyId}.${sealed.toString('base64url')}`;
  }

  /** @throws UndecryptableError */
  decrypt(sealed: string, context: string): string {
    const [version, keyId, body, ...rest] = sealed.split('.');
    if (version !== format || keyId === undefined || body === undefined || rest.length > 0) {
      throw new UndecryptableError('not a ciphertext of this program');
    }
    const key = this.keys.get(keyId);
    if (!key) throw new UndecryptableError(`encrypted with another key (${keyId}, the current one is ${this.keyId})`);
    const bytes = Buffer.from(body, 'base64url');
    if (bytes.length < nonceBytes + tagBytes) throw new UndecryptableError('the ciphertext is cut off');
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
      .setAAD(Buffer.from(context))
      .setAuthTag(bytes.subarray(-tagBytes));
    try {
      return decipher.update(bytes.subarray(nonceBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      throw new UndecryptableError('the ciphertext was changed or belongs elsewhere');
    }
  }

  /** A key for one purpose, the same at every start; `bytes` long. */
  derive(purpose: string, bytes = 32): Buffer {
    return deriveKey(this.secretKey, `derive:${purpose}`, bytes);
  }

  /** Keyed hash (HMAC-SHA-256, hexadecimal) for values that must be found again but not read: tokens, codes. */
  hash(purpose: string, value: string): string {
    return createHmac('sha256', this.derive(`hash:${purpose}`))
      .update(value)
      .digest('hex');
  }
}

/** Compares two texts in time that depends on their lengths only. */
export function equalSecrets(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

function deriveKey(secretKey: string, purpose: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secretKey, 'lianke', purpose, bytes));
}

function keyIdOf(secretKey: string): string {
  return deriveKey(secretKey, 'key id', 4).toString('hex');
}
