import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import type { Json } from '@lianke/shared/json';
import { type SecretBox, UndecryptableError } from '../../kernel/secrets/secret-box.js';

const format = 'e1';
const hashBytes = 16;

interface TenantKeys {
  hash: Buffer;
  cipher: Buffer;
}

/**
 * Ciphers of fields that are stored encrypted. Keys are derived for each tenant from LIANKE_SECRET_KEY.
 *
 * A value is stored as `e1.<key id>.<base64url(hash ‖ ciphertext)>`: `hash` is the first 128 bits of HMAC-SHA-256 over the
 * field and the value, and the counter that AES-256-CTR begins with. Equal values of a field are stored alike, so that
 * they are found by equality and kept unique by an index; nothing else can be told without the key. On opening the hash
 * shows whether anything was changed.
 */
export class FieldVault {
  private readonly keys = new Map<string, TenantKeys>();

  constructor(private readonly box: Pick<SecretBox, 'derive' | 'keyId'>) {}

  /** The cipher of one field. Another tenant's or another field's values do not open with it. */
  cipher(tenantId: string, fieldId: string): FieldCipher {
    let keys = this.keys.get(tenantId);
    if (!keys) {
      keys = {
        hash: this.box.derive(`field hash:${tenantId}`),
        cipher: this.box.derive(`field cipher:${tenantId}`),
      };
      this.keys.set(tenantId, keys);
    }
    return new KeyedCipher(keys, this.box.keyId, fieldId);
  }
}

/** Seals and opens the values of one field. */
export interface FieldCipher {
  /** What is stored for a canonical value; the elements of a list one by one. */
  seal(value: Json): Json;
  /** The canonical value of what is stored. `structured`: it is no text but an object. @throws UndecryptableError */
  open(stored: unknown, structured: boolean): Json;
  sealText(plain: string): string;
  openText(sealed: string): string;
}

class KeyedCipher implements FieldCipher {
  constructor(
    private readonly keys: TenantKeys,
    private readonly keyId: string,
    private readonly fieldId: string,
  ) {}

  seal(value: Json): Json {
    if (value === null) return null;
    if (Array.isArray(value)) return value.map((item) => this.sealText(textOf(item)));
    return this.sealText(textOf(value));
  }

  open(stored: unknown, structured: boolean): Json {
    if (stored === null || stored === undefined) return null;
    if (Array.isArray(stored)) return stored.map((item) => this.openText(String(item)));
    const text = this.openText(String(stored));
    return structured ? (JSON.parse(text) as Json) : text;
  }

  sealText(plain: string): string {
    const hash = this.hash(plain);
    const cipher = createCipheriv('aes-256-ctr', this.keys.cipher, hash);
    const body = Buffer.concat([hash, cipher.update(plain, 'utf8'), cipher.final()]);
    return `${format}.${this.keyId}.${body.toString('base64url')}`;
  }

  openText(sealed: string): string {
    const [version, keyId, body] = sealed.split('.');
    if (version !== format || body === undefined) throw new UndecryptableError('not an encrypted value');
    if (keyId !== this.keyId)
      throw new UndecryptableError(`encrypted with another key (${keyId}, the current one is ${this.keyId})`);
    const bytes = Buffer.from(body, 'base64url');
    const hash = bytes.subarray(0, hashBytes);
    const decipher = createDecipheriv('aes-256-ctr', this.keys.cipher, hash);
    const plain = decipher.update(bytes.subarray(hashBytes), undefined, 'utf8') + decipher.final('utf8');
    if (!timingSafeEqual(hash, this.hash(plain))) throw new UndecryptableError('an encrypted value was changed');
    return plain;
  }

  private hash(plain: string): Buffer {
    return createHmac('sha256', this.keys.hash).update(`${this.fieldId}\u0000${plain}`).digest().subarray(0, hashBytes);
  }
}

/** Of fields of forms made without keys (drafts): nothing passes unencrypted. */
export const withoutKeys: FieldCipher = {
  seal: refuse,
  open: refuse,
  sealText: refuse,
  openText: refuse,
};

function refuse(): never {
  throw new Error('an encrypted field has no keys here');
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
