import { describe, expect, it } from 'vitest';
import { Envelope, EnvelopeError, encryptedPart } from './envelope.js';

// Official sample of WXBizMsgCrypt and WW/90968 (reference E1, E2).
const token = 'QDG6eK';
const aesKey = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C';
const corp = 'wx5823bf96d3bd56c7';
const official = new Envelope(token, aesKey, corp);

const echo = {
  timestamp: '1409659589',
  nonce: '263014780',
  signature: '5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3',
  encrypted: 'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==',
};
const push = { timestamp: '1409659813', nonce: '1372623149', signature: '477715d11cdb4164915debcba66cb864d751f3e6' };
const pushEncrypted =
  'RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==';
const pushPlain = `<xml><ToUserName><![CDATA[wx5823bf96d3bd56c7]]></ToUserName>
<FromUserName><![CDATA[mycreate]]></FromUserName>
<CreateTime>1409659813</CreateTime>
<MsgType><![CDATA[text]]></MsgType>
<Content><![CDATA[hello]]></Content>
<MsgId>4561255354251345929</MsgId>
<AgentID>218</AgentID>
</xml>`;

const reasonOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof EnvelopeError) return error.reason;
    throw error;
  }
  return 'opened';
};

describe('the official vectors', () => {
  it('E1: opens the verification of a callback address', () => {
    expect(official.open(echo, echo.encrypted)).toBe('1616140317555161061');
  });

  it('E2: opens a pushed message, and seals it to the same bytes', () => {
    expect(official.open(push, pushEncrypted)).toBe(pushPlain);
    expect(official.seal(pushPlain, Buffer.from('0960688932c47ef1'))).toBe(pushEncrypted);
  });

  it('E3: counts bytes, not characters', () => {
    const envelope = new Envelope('t', 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG', 'wxb11529c136998cb6');
    const sealed = 'jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg==';
    expect(envelope.seal('我是中文abcd123', Buffer.from('aaaabbbbccccdddd'))).toBe(sealed);
  });

  it.each([
    [
      'success',
      'sKqRbbiSUnDhFHOvPjtUMbWS28WQJEcq+Mzda1Jz7/48f8S/Ty+bA9T4kUGo9xXppbi6Xb5CJDNdGLzlBP6xcQ==',
      'c6700a4d26ea694b666a1d78933ea5cca2bdb6ba',
    ],
    [
      '<xml>审批已同意 ✅😀</xml>',
      'sKqRbbiSUnDhFHOvPjtUMb127CfWbQAEKbanEtbURfZbxrzaCMbxx8W9kqGzOTrLlDNOE7bUYnE+Urjz9cbKP9TsDa4VU//XIhSa19vNM8px9iFiApUMJvJP3eYxl3Pc',
      '2792d1c967df692f6b7eacdbca6383a1d16da7c4',
    ],
    [
      'a'.repeat(26),
      'sKqRbbiSUnDhFHOvPjtUMS1Nd7fI/rcjsVC1btvu0fmrCwNN39ALC5WIhyzhiSe/DJmXnNV7eRA2j6lJACJANf5Uwcqjd6aUyfMJBUYulBZJHjfzchd14r1SiKn7O/aK',
      '5e45228bb73ccf6599b992b817a891ac945215a0',
    ],
  ])('E6: %s', (plain, sealed, signature) => {
    expect(official.seal(plain, Buffer.from('0123456789abcdef'))).toBe(sealed);
    expect(official.signatureOf(push.timestamp, push.nonce, sealed)).toBe(signature);
    expect(official.open({ ...push, signature }, sealed)).toBe(plain);
  });
});

describe('what is not the platform’s', () => {
  const signed = (encrypted: string) => ({
    ...push,
    signature: official.signatureOf(push.timestamp, push.nonce, encrypted),
  });

  it.each([
    ['another signature', { ...echo, signature: echo.signature.replace('5', '6') }, echo.encrypted],
    ['no signature', { ...echo, signature: '' }, echo.encrypted],
    ['another time', { ...echo, timestamp: '1409659590' }, echo.encrypted],
    ['another text', echo, pushEncrypted],
  ])('is refused before it is decrypted: %s', (_, query, encrypted) => {
    expect(reasonOf(() => official.open(query, encrypted))).toBe('signature');
  });

  it('is refused for another receiver', () => {
    const other = new Envelope(token, aesKey, 'wwsomebodyelse').seal('<xml/>');
    expect(reasonOf(() => official.open(signed(other), other))).toBe('receiver');
  });

  it.each([
    ['encoding', ''],
    ['encoding', 'QUJD'],
    ['padding', Buffer.alloc(32, 1).toString('base64')],
  ])('is refused when damaged: %s', (reason, encrypted) => {
    expect(reasonOf(() => official.open(signed(encrypted), encrypted))).toBe(reason);
  });
});

describe('encryptedPart', () => {
  it('finds the ciphertext whatever the order and quoting', () => {
    expect(encryptedPart('<xml><AgentID>1</AgentID><Encrypt><![CDATA[QUJD+/==]]></Encrypt></xml>')).toBe('QUJD+/==');
    expect(encryptedPart('<xml><Encrypt>QUJD</Encrypt><ToUserName>x</ToUserName></xml>')).toBe('QUJD');
  });

  it('finds nothing in anything else', () => {
    expect(encryptedPart('<!DOCTYPE x [<!ENTITY e "QUJD">]><xml><Encrypt>&e;</Encrypt></xml>')).toBeNull();
    expect(encryptedPart('{"Encrypt":"QUJD"}')).toBeNull();
  });
});
