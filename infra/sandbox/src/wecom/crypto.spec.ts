import * as official from '@wecom/crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CryptoError, decryptMessage, encryptMessage, sameSignature, signatureOf } from './crypto.js';

const token = 'QDG6eK';
const aesKey = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C';
const receiveId = 'wx5823bf96d3bd56c7';

interface Vector {
  name: string;
  aesKey: string;
  receiveId: string;
  random16: string;
  message: string;
  encrypt: string;
  signed?: { timestamp: string; nonce: string; signature: string };
}

const E2_MESSAGE = `<xml><ToUserName><![CDATA[wx5823bf96d3bd56c7]]></ToUserName>
<FromUserName><![CDATA[mycreate]]></FromUserName>
<CreateTime>1409659813</CreateTime>
<MsgType><![CDATA[text]]></MsgType>
<Content><![CDATA[hello]]></Content>
<MsgId>4561255354251345929</MsgId>
<AgentID>218</AgentID>
</xml>`;

const derived = { aesKey, receiveId, random16: '0123456789abcdef' };
const e2Time = { timestamp: '1409659813', nonce: '1372623149' };

const VECTORS: Vector[] = [
  {
    name: 'E1 URL verification',
    aesKey,
    receiveId,
    random16: 'c41b64491c2468d0',
    message: '1616140317555161061',
    encrypt: 'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==',
    signed: { timestamp: '1409659589', nonce: '263014780', signature: '5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3' },
  },
  {
    name: 'E2 message',
    aesKey,
    receiveId,
    random16: '0960688932c47ef1',
    message: E2_MESSAGE,
    encrypt:
      'RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==',
    signed: { ...e2Time, signature: '477715d11cdb4164915debcba66cb864d751f3e6' },
  },
  {
    name: 'E3 Chinese text',
    aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
    receiveId: 'wxb11529c136998cb6',
    random16: 'aaaabbbbccccdddd',
    message: '我是中文abcd123',
    encrypt: 'jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg==',
  },
  {
    name: 'E6 success',
    ...derived,
    message: 'success',
    encrypt: 'sKqRbbiSUnDhFHOvPjtUMbWS28WQJEcq+Mzda1Jz7/48f8S/Ty+bA9T4kUGo9xXppbi6Xb5CJDNdGLzlBP6xcQ==',
    signed: { ...e2Time, signature: 'c6700a4d26ea694b666a1d78933ea5cca2bdb6ba' },
  },
  {
    name: 'E6 emoji',
    ...derived,
    message: '<xml>审批已同意 ✅😀</xml>',
    encrypt:
      'sKqRbbiSUnDhFHOvPjtUMb127CfWbQAEKbanEtbURfZbxrzaCMbxx8W9kqGzOTrLlDNOE7bUYnE+Urjz9cbKP9TsDa4VU//XIhSa19vNM8px9iFiApUMJvJP3eYxl3Pc',
    signed: { ...e2Time, signature: '2792d1c967df692f6b7eacdbca6383a1d16da7c4' },
  },
  {
    name: 'E6 aligned',
    ...derived,
    message: 'a'.repeat(26),
    encrypt:
      'sKqRbbiSUnDhFHOvPjtUMS1Nd7fI/rcjsVC1btvu0fmrCwNN39ALC5WIhyzhiSe/DJmXnNV7eRA2j6lJACJANf5Uwcqjd6aUyfMJBUYulBZJHjfzchd14r1SiKn7O/aK',
    signed: { ...e2Time, signature: '5e45228bb73ccf6599b992b817a891ac945215a0' },
  },
];

describe('message crypto against the published vectors', () => {
  it.each(VECTORS)('$name: decrypts', (vector) => {
    const opened = decryptMessage(vector);
    expect(opened.message).toBe(vector.message);
    expect(opened.random16.toString()).toBe(vector.random16);
  });

  it.each(VECTORS)('$name: encrypts to the same bytes', (vector) => {
    expect(encryptMessage({ ...vector, random16: Buffer.from(vector.random16) })).toBe(vector.encrypt);
  });

  it.each(VECTORS.filter((vector) => vector.signed))('$name: signs', (vector) => {
    const { timestamp = '', nonce = '', signature } = vector.signed ?? {};
    expect(signatureOf(token, timestamp, nonce, vector.encrypt)).toBe(signature);
  });
});

describe('message crypto in general', () => {
  it('agrees with @wecom/crypto both ways for any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        (message, random) => {
          const ours = encryptMessage({ aesKey, receiveId, message, random16: Buffer.from(random) });
          expect(official.decrypt(aesKey, ours)).toMatchObject({ message, id: receiveId });
          const theirs = official.encrypt(aesKey, message, receiveId, Buffer.from(random));
          expect(theirs).toBe(ours);
          expect(decryptMessage({ aesKey, receiveId, encrypt: theirs }).message).toBe(message);
        },
      ),
    );
  });

  const sealed = encryptMessage({ aesKey, receiveId, message: 'x', random16: Buffer.alloc(16) });
  it.each([
    ['another receiver', () => decryptMessage({ aesKey, receiveId: 'ww-other', encrypt: sealed }), -40005],
    ['a key that is too short', () => decryptMessage({ aesKey: 'short', receiveId, encrypt: sealed }), -40004],
    ['a broken length', () => decryptMessage({ aesKey, receiveId, encrypt: 'AAAA' }), -40007],
    [
      'a prefix that is not 16 bytes',
      () => encryptMessage({ aesKey, receiveId, message: 'x', random16: Buffer.alloc(8) }),
      -40006,
    ],
  ])('refuses %s', (_name, run, code) => {
    expect(run).toThrow(CryptoError);
    expect(run).toThrow(expect.objectContaining({ code }));
  });

  it('compares signatures of any length', () => {
    expect(sameSignature('abc', 'abc')).toBe(true);
    expect(sameSignature('abc', 'abd')).toBe(false);
    expect(sameSignature('abc', 'abcd')).toBe(false);
  });
});
