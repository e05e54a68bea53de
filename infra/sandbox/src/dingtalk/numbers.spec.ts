import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NAMED_ERRORS } from '../core/named-errors.js';
import { type DingBench, dingBench } from '../testing/ding-support.js';
import { NEW_CODES } from './new-codes.js';

let sandbox: DingBench;
beforeEach(async () => {
  sandbox = await dingBench();
});
afterEach(() => sandbox.close());

it('every number of the older interface can be provoked, and says what it is', async () => {
  const silent: number[] = [];
  const token = await sandbox.dingToken();
  for (const errcode of NAMED_ERRORS.dingtalk) {
    await sandbox.api('POST', 'faults', { path: 'department/listsub', times: 1, effect: { kind: 'errcode', errcode } });
    const answer = await sandbox.oapi('topapi/v2/department/listsub', {}, token);
    expect(Number(answer.sub_code ?? answer.errcode)).toBe(errcode);
    if (/^错误/.test(String(answer.errmsg))) silent.push(errcode);
  }
  expect(silent).toEqual([]);
});

it('every code of the newer interface can be provoked with its status', async () => {
  for (const [code, [status]] of Object.entries(NEW_CODES)) {
    expect((await sandbox.api('POST', 'faults', { code, times: 1 })).status).toBe(200);
    expect(await sandbox.acs('PUT', 'card/instances', {})).toMatchObject({ status, json: { code } });
  }
  const refused = await sandbox.api('POST', 'faults', { code: 'param.none' });
  expect(refused.status).toBe(400);
  expect(JSON.stringify(refused.json)).toContain('param.cardNotExist');
});

describe('group robots', () => {
  it.each([
    ['wecom', '/cgi-bin/webhook/send?key=x', NAMED_ERRORS.wecomRobots],
    ['dingtalk', '/robot/send?access_token=x', NAMED_ERRORS.dingtalkRobots],
  ] as const)('of %s answer every number that a fault names', async (platform, path, numbers) => {
    for (const errcode of numbers) {
      await sandbox.api('POST', 'faults', { platform, times: 1, effect: { kind: 'errcode', errcode } });
      const answer = await fetch(`${sandbox.url}${path}`, { method: 'POST', body: '{}' });
      expect(await answer.json()).toMatchObject({ errcode });
    }
  });
});

describe('a signed call of an app of the directory', () => {
  const suiteKey = 'suitelianke00000001';
  const call = async (timestamp: string, { accessKey = suiteKey, secret = 'sandbox-ding-suite-secret' } = {}) => {
    const signature = createHmac('sha256', secret).update(`${timestamp}\nticket`).digest('base64');
    const query = new URLSearchParams({ accessKey, timestamp, suiteTicket: 'ticket', signature });
    const answer = await fetch(`${sandbox.url}/service/get_corp_token?${query}`, { method: 'POST', body: '{}' });
    return ((await answer.json()) as { errcode: number }).errcode;
  };

  it('is refused for its app, its time and its signature, each by its own number', async () => {
    const now = String(sandbox.clock.now());
    expect(await call(now, { accessKey: 'suitenobody00000001' })).toBe(853003);
    expect(await call(now.slice(0, 10))).toBe(853001);
    expect(await call(String(sandbox.clock.now() - 60_001))).toBe(853002);
    expect(await call(now, { secret: 'other' })).toBe(853004);
    await sandbox.ding('PATCH', 'switches', { signatureError: 900005 });
    expect(await call(now, { secret: 'other' })).toBe(900005);
    expect(await call(now)).toBe(40085);
  });
});
