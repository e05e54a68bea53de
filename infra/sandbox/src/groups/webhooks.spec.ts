import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bench, bench, CORP } from '../testing/support.js';

let sandbox: Bench;
beforeAll(async () => {
  sandbox = await bench();
});
afterAll(() => sandbox.close());

interface Chat {
  agentId: number;
  unread: number;
  messages: { from?: string; called?: boolean; content: { kind: string; text: string } }[];
  group?: { people: number; robots: { url: string; secret: string | null }[] };
}

async function group(userid: string, corpId: string): Promise<Chat> {
  const { json } = await sandbox.api('GET', `people/${userid}/chats?corpId=${corpId}`);
  const found = (json.items as Chat[]).find((chat) => chat.group);
  if (!found) throw new Error('no group');
  return found;
}
const post = async (url: string, body: unknown) =>
  (await (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).json()) as {
    errcode: number;
    errmsg: string;
  };
const address = async (corpId: string) => (await group('boss', corpId)).group?.robots[0]?.url ?? '';
const text = (content: string, mobiles: string[] = []) => ({
  msgtype: 'text',
  text: { content, mentioned_mobile_list: mobiles },
});

it('WeCom: whoever has the address writes into the group; those called know, and reading counts', async () => {
  const url = await address(CORP);
  expect(url).toContain('/cgi-bin/webhook/send?key=');
  expect(await post(url, text('开单了', ['13800000014']))).toEqual({ errcode: 0, errmsg: 'ok' });
  expect(await post(url, { msgtype: 'markdown', markdown: { content: '**好**' } })).toMatchObject({ errcode: 0 });
  const before = await group('wangfang', CORP);
  expect(before).toMatchObject({ unread: 2, group: { people: 9 } });
  expect(before.messages).toMatchObject([
    { from: '联客播报', called: true, content: { kind: 'text', text: '开单了' } },
    { called: false, content: { kind: 'markdown', text: '**好**' } },
  ]);
  expect((await group('liwei', CORP)).messages[0]?.called).toBe(false);
  await sandbox.api('POST', 'people/wangfang/read', { corpId: CORP, agentId: before.agentId });
  expect((await group('wangfang', CORP)).unread).toBe(0);
  expect((await group('liwei', CORP)).unread).toBe(2);
});

it('WeCom: a wrong key, an unknown kind, an empty or long text are refused with their numbers', async () => {
  const url = await address(CORP);
  expect(await post(url.replace(/key=.*/, 'key=no'), text('甲'))).toMatchObject({ errcode: 93000 });
  expect(await post(url, { msgtype: 'video', video: {} })).toMatchObject({ errcode: 40008 });
  expect(await post(url, text(''))).toMatchObject({ errcode: 44004 });
  expect(await post(url, text('字'.repeat(683)))).toMatchObject({ errcode: 40058 });
});

it('twenty a minute are all that a robot may send', async () => {
  sandbox.clock.advance(60_000);
  const url = await address(CORP);
  const answers = [];
  for (let index = 0; index < 21; index++) answers.push(await post(url, text(`第 ${index}`)));
  expect(answers.map((answer) => answer.errcode)).toEqual([...Array(20).fill(0), 45009]);
  sandbox.clock.advance(60_000);
  expect(await post(url, text('再来'))).toMatchObject({ errcode: 0 });
});

it('DingTalk: the signature is asked for, and sending too fast keeps the robot out for ten minutes', async () => {
  const corp = 'dingdemo0000000001';
  const [robot] = (await group('boss', corp)).group?.robots ?? [];
  const markdown = {
    msgtype: 'markdown',
    markdown: { title: '喜报', text: '**喜报**' },
    at: { atMobiles: ['13800000002'] },
  };
  const signed = (at = sandbox.clock.now()) => {
    const sign = createHmac('sha256', robot?.secret ?? '')
      .update(`${at}\n${robot?.secret}`)
      .digest('base64');
    return `${robot?.url}&timestamp=${at}&sign=${encodeURIComponent(sign)}`;
  };
  expect(await post(robot?.url ?? '', markdown)).toMatchObject({ errcode: 310000 });
  expect(await post(signed(sandbox.clock.now() - 2 * 3_600_000), markdown)).toMatchObject({ errcode: 310000 });
  expect(await post(`${sandbox.url}/robot/send?access_token=no`, markdown)).toMatchObject({ errcode: 300005 });
  for (let index = 0; index < 20; index++) expect(await post(signed(), markdown)).toMatchObject({ errcode: 0 });
  expect((await group('boss', corp)).messages[0]).toMatchObject({ called: true });
  expect(await post(signed(), markdown)).toMatchObject({ errcode: 130101 });
  sandbox.clock.advance(2 * 60_000);
  expect(await post(signed(), markdown)).toMatchObject({ errcode: 130101 });
  sandbox.clock.advance(10 * 60_000);
  expect(await post(signed(), markdown)).toMatchObject({ errcode: 0 });
});

it('a connection that is dropped by a switch leaves the message in the group: the sender cannot know', async () => {
  sandbox.clock.advance(60_000);
  const url = await address(CORP);
  await sandbox.api('POST', 'faults', { path: 'webhook/send', effect: { kind: 'drop' }, times: 1 });
  await expect(post(url, text('断开'))).rejects.toThrow();
  expect((await group('boss', CORP)).messages.at(-1)?.content.text).toBe('断开');
});
