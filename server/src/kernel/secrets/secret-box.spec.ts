import { describe, expect, it } from 'vitest';
import { equalSecrets, SecretBox, UndecryptableError } from './secret-box.js';

const box = new SecretBox('a'.repeat(43));

describe('SecretBox', () => {
  it('opens what it sealed, and never seals the same way twice', () => {
    const sealed = box.encrypt('企业应用的密钥', 'connection:1');
    expect(box.decrypt(sealed, 'connection:1')).toBe('企业应用的密钥');
    expect(box.encrypt('企业应用的密钥', 'connection:1')).not.toBe(sealed);
    expect(box.decrypt(box.encrypt('', 'x'), 'x')).toBe('');
  });

  it('names the key, and refuses another key by its id', () => {
    const sealed = box.encrypt('secret', 'x');
    expect(sealed.split('.')[1]).toBe(box.keyId);
    const other = new SecretBox('b'.repeat(43));
    expect(() => other.decrypt(sealed, 'x')).toThrow(box.keyId);
    expect(new SecretBox('b'.repeat(43), ['a'.repeat(43)]).decrypt(sealed, 'x')).toBe('secret');
  });

  it('refuses a ciphertext moved to another place, changed, cut off or foreign', () => {
    const sealed = box.encrypt('secret', 'x');
    expect(() => box.decrypt(sealed, 'y')).toThrow(UndecryptableError);
    const [version, keyId, body = ''] = sealed.split('.');
    const bytes = Buffer.from(body, 'base64url');
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => box.decrypt(`${version}.${keyId}.${changed.toString('base64url')}`, 'x')).toThrow(
        UndecryptableError,
      );
    }
    expect(() => box.decrypt(`${version}.${keyId}.AAAA`, 'x')).toThrow('cut off');
    expect(() => box.decrypt('secret', 'x')).toThrow(UndecryptableError);
  });

  it('derives independent keys that survive a restart', () => {
    expect(box.derive('cookies')).toEqual(new SecretBox('a'.repeat(43)).derive('cookies'));
    expect(box.derive('cookies')).not.toEqual(box.derive('database'));
    expect(box.derive('database', 24)).toHaveLength(24);
  });

  it('hashes per purpose', () => {
    expect(box.hash('session', 't')).toMatch(/^[0-9a-f]{64}$/);
    expect(box.hash('session', 't')).not.toBe(box.hash('api-key', 't'));
  });
});

describe('equalSecrets', () => {
  it('compares', () => {
    expect(equalSecrets('abc', 'abc')).toBe(true);
    expect(equalSecrets('abc', 'abd')).toBe(false);
    expect(equalSecrets('abc', 'abcd')).toBe(false);
  });
});
