import { createCipheriv, createDecipheriv, createHash, timingSafeEqual } from 'node:crypto';

/** Failure of the message crypto, with the number the official samples use (-40001 signature, -40004 key, -40005 receiver, -40007 decrypt). */
export class CryptoError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
    this.name = 'CryptoError';
  }
}

const BLOCK = 32;

function keyOf(aesKey: string): Buffer {
  if (!/^[0-9A-Za-z]{43}$/.test(aesKey)) throw new CryptoError(-40004, 'EncodingAESKey 须是 43 位字母或数字');
  return Buffer.from(`${aesKey}=`, 'base64');
}

/** `hex(sha1(sorted(token, timestamp, nonce, encrypt)))`, lower-case; the sort is by bytes (WW/90968). */
export function signatureOf(token: string, timestamp: string, nonce: string, encrypt: string): string {
  const parts = [token, timestamp, nonce, encrypt].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return createHash('sha1').update(parts.join('')).digest('hex');
}

/** Compares two signatures in constant time. */
export function sameSignature(left: string, right: string): boolean {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}

/**
 * AES-256-CBC over `random16 ‖ length(4, big-endian) ‖ message ‖ receiveId`, padded with 1 to 32 bytes (WW/90968).
 * Lengths are bytes, not characters. `random16` is the 16-byte prefix. Answers one line of base64.
 */
export function encryptMessage(input: {
  aesKey: string;
  receiveId: string;
  message: string;
  random16: Buffer;
}): string {
  const key = keyOf(input.aesKey);
  if (input.random16.length !== 16) throw new CryptoError(-40006, '随机前缀须是 16 字节');
  const message = Buffer.from(input.message);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(message.length);
  const plain = Buffer.concat([input.random16, length, message, Buffer.from(input.receiveId)]);
  const pad = BLOCK - (plain.length % BLOCK);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([cipher.update(plain), cipher.update(Buffer.alloc(pad, pad)), cipher.final()]).toString(
    'base64',
  );
}

/** Reverses {@link encryptMessage}; refuses bad padding, a length beyond the buffer and another receiver. */
export function decryptMessage(input: { aesKey: string; receiveId: string; encrypt: string }): {
  message: string;
  random16: Buffer;
} {
  const key = keyOf(input.aesKey);
  const data = Buffer.from(input.encrypt, 'base64');
  if (data.length === 0 || data.length % 16 !== 0) throw new CryptoError(-40007, '密文长度不是 16 的倍数');
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(data), decipher.final()]);
  const pad = padded[padded.length - 1] ?? 0;
  if (pad < 1 || pad > BLOCK || padded.length - pad < 20)
    throw new CryptoError(-40007, '填充不合法：密钥不对，或密文损坏');
  const plain = padded.subarray(0, padded.length - pad);
  const end = 20 + plain.readUInt32BE(16);
  if (end > plain.length) throw new CryptoError(-40007, '消息长度超出密文');
  const receiveId = plain.subarray(end).toString();
  if (receiveId !== input.receiveId) throw new CryptoError(-40005, `接收方是 ${receiveId}，应为 ${input.receiveId}`);
  return { message: plain.subarray(20, end).toString(), random16: plain.subarray(0, 16) };
}
