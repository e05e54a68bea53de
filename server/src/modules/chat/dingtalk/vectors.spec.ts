import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Envelope, EnvelopeError } from '../envelope.js';
import { DingError } from './ding-error.js';
import { eventKey, readDingEvent } from './event.js';

describe('the platform’s own vectors', () => {
  it('DingCallbackCrypto3: the check of an address', () => {
    const envelope = new Envelope('mryue', 'Yue0EfdN5900c1ce5cf6A152c63DDe1808a60c5ecd7', 'ding6ccabc44d2c8d38b');
    const encrypted =
      '0vJiX6vliEpwG3U45CtXqi+m8PXbQRARJ8p8BbDuD1EMTDf0jKpQ79QS93qEk7XHpP6u+oTTrd15NRPvNvmBKyDCYxxOK+HZeKju4yhELOFchzNukR+t8SB/qk4ROMu3';
    const signed = {
      signature: '03044561471240d4a14bb09372dfcfd4fd0e40cb',
      timestamp: '1608001896814',
      nonce: 'WL4PK6yA',
    };
    expect(envelope.open(signed, encrypted)).toBe('{"EventType":"check_url"}');
    expect(envelope.seal('{"EventType":"check_url"}', Buffer.from('l7Y3EcX2CU5w8av3'))).toBe(encrypted);
    expect(() => envelope.open({ ...signed, nonce: 'WL4PK6yB' }, encrypted)).toThrow(EnvelopeError);
  });

  it('the demo’s check_create_suite_url', () => {
    const envelope = new Envelope('123456', '4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij', 'suite4xxxxxxxxxxxxxxx');
    const encrypted =
      '1a3NBxmCFwkCJvfoQ7WhJHB+iX3qHPsc9JbaDznE1i03peOk1LaOQoRz3+nlyGNhwmwJ3vDMG+OzrHMeiZI7gTRWVdUBmfxjZ8Ej23JVYa9VrYeJ5as7XM/ZpulX8NEQis44w53h1qAgnC3PRzM7Zc/D6Ibr0rgUathB6zRHP8PYrfgnNOS9PhSBdHlegK+AGGanfwjXuQ9+0pZcy0w9lQ==';
    const signed = {
      signature: '5a65ceeef9aab2d149439f82dc191dd6c5cbe2c0',
      timestamp: '1445827045067',
      nonce: 'nEXhMP4r',
    };
    expect(envelope.open(signed, encrypted)).toBe(
      '{"EventType":"check_create_suite_url","Random":"LPIdSnlF","TestSuiteKey":"suite4xxxxxxxxxxxxxxx"}',
    );
  });

  it('a right answer: encrypted success', () => {
    const envelope = new Envelope('123456', '1234567890123456789012345678901234567890123', 'dingsnotzck6pm5veliw');
    const encrypted = envelope.seal('success', Buffer.from('dICkEDLj0eb6yAbc'));
    expect(encrypted).toBe('YvkvaGe4hQxd3VxRmEty0dVlnCOAqwf56xwTRHDHoOURqhalbmBJQk5FNcRk42Gl5T0YQXZNwpwWSm1xAFJ5ZA==');
    expect(envelope.signatureOf('1614767836', 'A7Co0cJLMzIDtMMI', encrypted)).toBe(
      '9a95a004dd16f5c307e849b994173f76aa26e5eb',
    );
  });

  it('the signature of a card’s callback', () => {
    expect(createHmac('sha256', 'example-secret').update('1700000000000').digest('base64')).toBe(
      'I85VWQbGCqbDkjEb7rsCEkTKI9QSL3wzLms54MiwXlg=',
    );
  });
});

describe('events', () => {
  it.each([
    ['of today', { EventType: 'user_leave_org', userId: ['u1', 'u2'], eventId: 'e1' }],
    ['of older pages', { EventType: 'user_leave_org', UserId: ['u1', 'u2'], TimeStamp: '1' }],
  ])('%s are read whatever their spelling', (_, body) => {
    expect(readDingEvent(JSON.stringify(body))).toEqual({ kind: 'leavers', userids: ['u1', 'u2'] });
  });

  it('mean what they mean', () => {
    const kindOf = (EventType: string) => readDingEvent(JSON.stringify({ EventType, userId: ['u'], deptId: [1] })).kind;
    expect(['user_add_org', 'user_modify_org', 'user_active_org'].map(kindOf)).toEqual(['people', 'people', 'people']);
    expect(['org_dept_create', 'org_dept_modify', 'org_dept_remove'].map(kindOf)).toEqual(Array(3).fill('departments'));
    expect(kindOf('bpms_task_change')).toBe('other');
  });

  it('are told apart by their own id, else by all they say', () => {
    expect(eventKey('{"eventId":"a","BizId":"b"}')).toBe('event:a');
    expect(eventKey('{"BizId":"b"}')).toBe('event:b');
    expect(eventKey('{"EventType":"x"}')).toBe('{"EventType":"x"}');
  });

  it.each(['[]', '"text"', '{"outTrackId":"a"}', '{}', 'null'])('%s is none', (body) => {
    expect(() => readDingEvent(body)).toThrow();
  });
});

describe('failures', () => {
  it.each([
    [40014, 'refresh'],
    ['InvalidAuthentication', 'refresh'],
    [90018, 'throttled'],
    ['Forbidden.AccessDenied.QpsLimitForAppkeyAndApi', 'throttled'],
    ['Forbidden.AccessDenied.ApiCountLimitForOrg', 'throttled'],
    ['Forbidden.AccessDenied.AccessTokenPermissionDenied', 'config'],
    ['Forbidden.AccessDenied.IpNotInWhiteList', 'config'],
    [60020, 'config'],
    [-1, 'retry'],
    ['todo.taskCreate.systemError', 'retry'],
    [33012, 'recipient'],
    [60121, 'invisible'],
    [40078, 'code'],
    ['param.cardNotExist', 'card-gone'],
    [null, 'retry'],
  ] as const)('%s is %s', (code, kind) => {
    expect(new DingError(code, '').kind).toBe(kind);
  });

  it('tell an administrator what to mend', () => {
    const ip = new DingError(60020, '访问ip不在白名单之中,request ip=9.30.0.138 appKey(dingx)');
    expect(ip.reason()).toContain('9.30.0.138');
    expect(
      new DingError('Forbidden.AccessDenied.AccessTokenPermissionDenied', '', ['Todo.Todo.Write']).reason(),
    ).toContain('Todo.Todo.Write');
    expect(new DingError(null, 'x: timeout').reason()).toBe('钉钉没有应答（x: timeout）');
  });
});
