import { afterEach, beforeEach, expect, it } from 'vitest';
import { AGENT, type Bench, bench, CORP } from '../testing/support.js';

let sandbox: Bench;
beforeEach(async () => {
  sandbox = await bench();
});
afterEach(() => sandbox.close());

/** Numbers that the reference gives a meaning (A2, A4, A5, A7–A11, A15–A17). */
const named = [
  ...[
    -1, 40001, 40003, 40004, 40007, 40008, 40013, 40014, 40029, 40031, 40032, 40033, 40035, 40050, 40056, 40058, 40063,
  ],
  ...[40066, 40077, 40078, 40080, 40082, 40083, 40084, 40085, 40091, 40093, 40096, 41001, 41002, 41004, 41011, 41016],
  ...[41021, 41022, 41023, 41024, 41025, 41035, 42001, 42003, 42007, 42009, 42012, 42014, 42015, 42016, 42017, 42018],
  ...[42019, 42020, 42022, 42027, 42028, 42029, 42030, 42031, 42033, 42035, 42036, 42037, 42038, 42039, 42040, 42041],
  ...[42042, 42043, 42044, 42045, 42046, 42047, 42049, 42050, 42051, 42052, 43012, 44004, 45002, 45008, 45009, 45024],
  ...[45029, 45033, 46004, 48001, 48002, 48003, 48004, 48009, 50001, 50002, 50003, 60003, 60011, 60020, 60021, 60031],
  ...[60111, 60123, 60140, 80001, 81013, 82001, 84014, 84061, 85005, 86001, 86003, 86004, 90208, 301002, 701008],
];

it('every number of the reference can be provoked, and says what it is', async () => {
  const silent: number[] = [];
  for (const errcode of named) {
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
