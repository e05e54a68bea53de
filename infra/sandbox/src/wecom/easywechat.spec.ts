import { ServerRequest, Work } from 'node-easywechat';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AGENT, approvalCard, type Bench, bench, CALLBACK, CORP, listener, SECRET } from '../testing/support.js';

// A client of WeCom that nobody here wrote, with its base URL alone set to the sandbox.

type Wework = InstanceType<typeof Work>;
type Told = Record<string, string>;

let sandbox: Bench;
let app: Awaited<ReturnType<typeof listener>>;
let wework: Wework;
let kept: Map<string, unknown>;

beforeEach(async () => {
  app = await listener((request) => {
    if (request.method !== 'GET') return {};
    const query = (name: string) => request.url.searchParams.get(name) ?? '';
    const plain = wework
      .getEncryptor()
      .decrypt(query('echostr'), query('msg_signature'), query('nonce'), Number(query('timestamp')));
    return { body: plain };
  });
  sandbox = await bench();
  kept = new Map();
  wework = client();
});
afterEach(async () => {
  await sandbox.close();
  await app.close();
});

/** As its users make it: one a request. */
function client(): Wework {
  const made = new Work({
    ...{ corp_id: CORP, secret: SECRET, token: CALLBACK.token, aes_key: CALLBACK.aesKey },
    http: { baseURL: `${sandbox.url}/` },
  });
  made.setCache({
    get: async (id) => kept.get(id),
    has: async (id) => kept.has(id),
    set: async (id, data) => Boolean(kept.set(id, data)),
    delete: async (id) => kept.delete(id),
  });
  return made;
}

const configure = (agent: number | string) =>
  sandbox.api('POST', `corps/${CORP}/apps/${agent}/callback`, { url: `${app.url}/callbacks`, ...CALLBACK });

const send = (body: Record<string, unknown>) =>
  wework.getClient().request('post', 'cgi-bin/message/send', { data: { agentid: AGENT, ...body } });

describe('node-easywechat', () => {
  it('gets a token, keeps it, and gets a new one once the old one has ended', async () => {
    const first = await wework.getAccessToken().getToken();
    expect(await wework.getAccessToken().getToken()).toBe(first);
    await sandbox.api('POST', `corps/${CORP}/apps/${AGENT}/expire-token`, { as: 'expired' });
    kept.clear();
    expect(await wework.getAccessToken().getToken()).not.toBe(first);
  });

  it('sends a card that stands on the phone, and is told the platform’s number when it may not', async () => {
    await configure(AGENT);
    const sent = (
      await send({ touser: 'chenzg', msgtype: 'template_card', template_card: approvalCard('e1') })
    ).toObject();
    expect(sent).toMatchObject({ errcode: 0 });
    const { json } = await sandbox.api('GET', `people/chenzg/cards?corpId=${CORP}`);
    expect(json.items).toMatchObject([{ cardId: sent.msgid, card: { task_id: 'e1' } }]);
    const refused = (await send({ touser: 'nobody', msgtype: 'text', text: { content: '您好' } })).quietly();
    expect(refused.toObject().errcode).toBe(81013);
  });

  it('passes the check of the address, and reads pressed buttons and changes of people', async () => {
    for (const agent of [AGENT, 'contacts']) expect((await configure(agent)).status).toBe(200);
    const { msgid } = (
      await send({ touser: 'chenzg', msgtype: 'template_card', template_card: approvalCard('e2') })
    ).toObject();
    await sandbox.api('POST', `cards/${msgid}/press`, { userid: 'chenzg', key: 'approve:1' });
    await sandbox.api('DELETE', `corps/${CORP}/members/liwei`);
    await sandbox.state.callbacks.idle();

    const told: Told[] = [];
    const leavers: Told[] = [];
    for (const request of app.received.filter(({ method }) => method === 'POST')) {
      const server = client()
        .setRequest(new ServerRequest('POST', request.url.href, request.headers, request.body))
        .getServer();
      server.with(async (message, next) => {
        told.push(message.toObject());
        return next?.(message);
      });
      server.handleUserDeleted(async (message, next) => {
        leavers.push(message.toObject());
        return next?.(message);
      });
      await server.serve();
    }
    expect(told).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ Event: 'template_card_event', EventKey: 'approve:1', TaskId: 'e2' }),
      ]),
    );
    expect(leavers).toEqual(expect.arrayContaining([expect.objectContaining({ UserID: 'liwei' })]));
  });
});
