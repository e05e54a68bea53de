import { afterEach, beforeEach, expect, it } from 'vitest';
import { NAMED_ERRORS } from '../core/named-errors.js';
import { AGENT, type Bench, bench, CORP } from '../testing/support.js';

let sandbox: Bench;
beforeEach(async () => {
  sandbox = await bench();
});
afterEach(() => sandbox.close());

it('every number of the platform’s documents can be provoked, and says what it is', async () => {
  const silent: number[] = [];
  for (const errcode of NAMED_ERRORS.wecom) {
    await sandbox.api('POST', 'faults', { path: 'department/list', times: 1, effect: { kind: 'errcode', errcode } });
    const answer = await sandbox.wecom('department/list');
    expect(answer.errcode).toBe(errcode);
    if (/^error\b/.test(String(answer.errmsg))) silent.push(errcode);
  }
  expect(silent).toEqual([]);
});

it('a group robot’s wrong key and a code too old have the number that the switches name', async () => {
  await sandbox.api('PATCH', 'switches', { wrongRobotKeyError: 40058, expiredCodeError: 40029 });
  const sent = await fetch(`${sandbox.url}/cgi-bin/webhook/send?key=nobody`, { method: 'POST', body: '{}' });
  expect(await sent.json()).toMatchObject({ errcode: 40058 });
  const minted = await sandbox.api('POST', `corps/${CORP}/codes`, { kind: 'oauth', userid: 'boss', agentId: AGENT });
  sandbox.clock.advance(300_001);
  expect(await sandbox.wecom('auth/getuserinfo', { query: { code: String(minted.json.code) } })).toMatchObject({
    errcode: 40029,
  });
});

it('names of people are there, or withheld from every app', async () => {
  const one = () => sandbox.wecom('user/get', { query: { userid: 'boss' } });
  const all = () => sandbox.wecom('user/list', { query: { department_id: '1' } });
  expect(await one()).toMatchObject({ name: expect.any(String) });
  await sandbox.api('PATCH', 'switches', { hideNames: true });
  for (const answer of [await one(), await all()]) {
    expect(answer.errcode).toBe(0);
    expect(JSON.stringify(answer)).not.toContain('"name"');
  }
});
