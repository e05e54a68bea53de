import * as official from '@wecom/crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AGENT, approvalCard, type Bench, bench, CALLBACK, CORP, listener, type Received } from '../testing/support.js';
import { fromXml } from './xml.js';

type Reply = ReturnType<Parameters<typeof listener>[0]>;

let sandbox: Bench;
let app: Awaited<ReturnType<typeof listener>>;
let waits: number[];
let onPush: (count: number) => Reply;
let onVerify: (plain: string) => Reply;

const echo = (request: Received): string =>
  official.decrypt(CALLBACK.aesKey, request.url.searchParams.get('echostr') ?? '').message;
const configure = (config: Record<string, unknown> = {}) =>
  sandbox.api('POST', `corps/${CORP}/apps/${AGENT}/callback`, {
    url: `${app.url}/callbacks/wecom/1?keep=me`,
    ...CALLBACK,
    ...config,
  });

beforeEach(async () => {
  waits = [];
  onPush = () => ({});
  onVerify = (plain) => ({ body: plain });
  let pushes = 0;
  app = await listener((request) => {
    if (request.method === 'GET') return onVerify(echo(request));
    pushes += 1;
    return onPush(pushes);
  });
  sandbox = await bench({ wait: async (ms) => void waits.push(ms), times: { pushMs: 2_000, verifyMs: 2_000 } });
});
afterEach(async () => {
  await sandbox.close();
  await app.close();
});

async function pressOnce(task = 'a1'): Promise<void> {
  const body = { touser: 'chenzg', agentid: AGENT, msgtype: 'template_card', template_card: approvalCard(task) };
  const { msgid } = await sandbox.wecom('message/send', { body });
  await sandbox.api('POST', `cards/${msgid}/press`, { userid: 'chenzg', key: 'approve:1' });
}

interface Push {
  xml: string;
  signatureHolds: boolean;
  nonce: string | null;
  prefix: string;
  id: string;
  envelope: Record<string, unknown>;
}

function pushes(): Push[] {
  return app.received
    .filter((request) => request.method === 'POST')
    .map((request) => {
      const { searchParams: query } = request.url;
      const envelope = fromXml(request.body);
      const encrypt = String(envelope.Encrypt);
      const opened = official.decrypt(CALLBACK.aesKey, encrypt);
      const expected = official.getSignature(
        CALLBACK.token,
        query.get('timestamp') ?? '',
        query.get('nonce') ?? '',
        encrypt,
      );
      return {
        xml: opened.message,
        signatureHolds: query.get('msg_signature') === expected,
        nonce: query.get('nonce'),
        prefix: opened.random.toString('hex'),
        id: opened.id,
        envelope,
      };
    });
}

async function deliveries(): Promise<
  { id: string; state: string; attempts: { status: number | null; problem: string | null }[] }[]
> {
  return (await sandbox.api('GET', 'deliveries')).json.items as Awaited<ReturnType<typeof deliveries>>;
}

describe('the check of a callback URL', () => {
  it('passes when the decrypted echo comes back exactly', async () => {
    expect(await configure()).toEqual({ status: 200, json: { ok: true } });
    const [request] = app.received;
    const query = request?.url.searchParams;
    const echostr = query?.get('echostr') ?? '';
    expect(query?.get('keep')).toBe('me');
    expect(query?.get('msg_signature')).toBe(
      official.getSignature(CALLBACK.token, query?.get('timestamp') ?? '', query?.get('nonce') ?? '', echostr),
    );
    expect(official.decrypt(CALLBACK.aesKey, echostr).id).toBe(CORP);
  });

  it.each<[string, (plain: string) => Reply, string]>([
    ['a line break too many', (plain) => ({ body: `${plain}\n` }), '引号、BOM 或换行'],
    ['quotes', (plain) => ({ body: `"${plain}"` }), '引号、BOM 或换行'],
    ['another text', () => ({ body: 'hello' }), 'Token 与 EncodingAESKey'],
    ['another status', () => ({ status: 403 }), 'HTTP 403'],
    ['no answer in time', () => ({ hang: true }), '秒内没有应答'],
  ])('fails on %s and says so', async (_name, reply, words) => {
    onVerify = reply;
    const { status, json } = await configure();
    expect(status).toBe(422);
    expect(json).toMatchObject({ error: { code: 'not_verified', message: expect.stringContaining(words) } });
    expect(sandbox.state.wecom.world.corps.get(CORP)?.apps.get(AGENT)?.callback).toBeNull();
  });

  it.each([
    [{ url: 'ftp://x/' }, 'url'],
    [{ token: 'with space' }, 'Token'],
    [{ aesKey: 'short' }, 'EncodingAESKey'],
  ])('refuses the setting %o', async (change, words) => {
    const { status, json } = await configure(change);
    expect(status).toBe(400);
    expect(json).toMatchObject({ error: { message: expect.stringContaining(words) } });
  });
});

describe('the delivery of an event', () => {
  beforeEach(async () => {
    expect((await configure()).status).toBe(200);
  });

  it('is signed, encrypted for the corp, in the envelope of the platform', async () => {
    await pressOnce();
    await sandbox.state.callbacks.idle();
    const [push] = pushes();
    expect(push).toMatchObject({
      signatureHolds: true,
      id: CORP,
      envelope: { ToUserName: CORP, AgentID: String(AGENT) },
    });
    expect(push?.xml).toContain('<Event><![CDATA[template_card_event]]></Event>');
    expect(await deliveries()).toMatchObject([{ state: 'delivered' }]);
  });

  it('is tried three times, five seconds apart, each time encrypted anew', async () => {
    onPush = () => ({ status: 500 });
    await pressOnce();
    await sandbox.state.callbacks.idle();
    const all = pushes();
    expect(all).toHaveLength(3);
    expect(new Set(all.map((push) => push.xml)).size).toBe(1);
    expect(new Set(all.map((push) => push.prefix)).size).toBe(3);
    expect(waits).toEqual([5000, 5000]);
    expect(await deliveries()).toMatchObject([
      { state: 'failed', attempts: [{ status: 500 }, { status: 500 }, { status: 500 }] },
    ]);
  });

  it('stops at the first good answer', async () => {
    onPush = (count) => (count === 1 ? { hang: true } : {});
    await pressOnce();
    await sandbox.state.callbacks.idle();
    expect(await deliveries()).toMatchObject([{ state: 'delivered', attempts: [{ status: null }, { status: 200 }] }]);
  });

  it('takes any answer for good when the switch says so', async () => {
    await sandbox.api('PATCH', 'switches', { callbackRetryOnStatus: false });
    onPush = () => ({ status: 500 });
    await pressOnce();
    await sandbox.state.callbacks.idle();
    expect(pushes()).toHaveLength(1);
    expect(await deliveries()).toMatchObject([{ state: 'delivered' }]);
  });

  it('can be repeated after it was given up', async () => {
    onPush = (count) => (count <= 3 ? { status: 500 } : {});
    await pressOnce();
    await sandbox.state.callbacks.idle();
    const [failed] = await deliveries();
    await sandbox.api('POST', `deliveries/${failed?.id}/redeliver`);
    await sandbox.state.callbacks.idle();
    expect(await deliveries()).toMatchObject([{ id: failed?.id, state: 'delivered' }]);
  });

  it('comes twice with the duplicate switch: same plaintext, another prefix', async () => {
    await sandbox.api('PATCH', 'switches', { callbackDuplicate: true });
    await pressOnce();
    await sandbox.state.callbacks.idle();
    const all = pushes();
    expect(all).toHaveLength(2);
    expect(all[0]?.xml).toBe(all[1]?.xml);
    expect(all[0]?.prefix).not.toBe(all[1]?.prefix);
  });

  it('comes in reverse order with the out-of-order switch, the last one when it is turned off', async () => {
    await sandbox.api('PATCH', 'switches', { callbackOutOfOrder: true });
    for (const task of ['first', 'second', 'third']) await pressOnce(task);
    await sandbox.state.callbacks.idle();
    await sandbox.api('PATCH', 'switches', { callbackOutOfOrder: false });
    await sandbox.state.callbacks.idle();
    const tasks = pushes().map((push) => /<TaskId><!\[CDATA\[(.*?)\]\]>/.exec(push.xml)?.[1]);
    expect(tasks).toEqual(['second', 'first', 'third']);
  });

  it('is logged with the decrypted event, its response code masked', async () => {
    await pressOnce();
    await sandbox.state.callbacks.idle();
    const { json } = await sandbox.api('GET', 'log?direction=out&text=template_card_event');
    const [entry] = json.items as { request: { decrypted: string } }[];
    expect(entry?.request.decrypted).toMatch(/<ResponseCode><!\[CDATA\[.{4}••••\]\]>/);
  });
});

describe('changes of people', () => {
  it('are called back to the contact-sync assistant with ids only', async () => {
    await sandbox.api('POST', `corps/${CORP}/apps/contacts/callback`, { url: app.url, ...CALLBACK });
    await sandbox.api('PUT', `corps/${CORP}/members/zhoujie`, { name: '周杰', departments: [3] });
    await sandbox.api('PUT', `corps/${CORP}/members/zhoujie`, { position: '销售' });
    await sandbox.api('PUT', `corps/${CORP}/members/zhoujie`, { departments: [2, 3] });
    await sandbox.api('DELETE', `corps/${CORP}/members/zhoujie`);
    await sandbox.state.callbacks.idle();
    const all = pushes().map((push) => fromXml(push.xml));
    expect(all.map((event) => [event.ChangeType, event.UserID, event.Department])).toEqual([
      ['create_user', 'zhoujie', '3'],
      ['update_user', 'zhoujie', '2,3'],
      ['delete_user', 'zhoujie', undefined],
    ]);
    expect(pushes()[0]?.envelope).not.toHaveProperty('AgentID');
  });
});
