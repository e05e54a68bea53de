import { createHmac } from 'node:crypto';
import { DWClient, EventAck, TOPIC_CARD } from 'dingtalk-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { cardFor, DING_CORP, DING_KEY, DING_SECRET, type DingBench, dingBench } from '../testing/ding-support.js';
import { type Answer, listener } from '../testing/support.js';
import { decryptMessage, encryptMessage, signatureOf } from '../wecom/crypto.js';

const token = '123456';
const aesKey = '4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij';

describe('official vectors', () => {
  it('of the callback crypto repository decrypt and sign alike', () => {
    const key = 'Yue0EfdN5900c1ce5cf6A152c63DDe1808a60c5ecd7';
    const encrypt =
      '0vJiX6vliEpwG3U45CtXqi+m8PXbQRARJ8p8BbDuD1EMTDf0jKpQ79QS93qEk7XHpP6u+oTTrd15NRPvNvmBKyDCYxxOK+HZeKju4yhELOFchzNukR+t8SB/qk4ROMu3';
    expect(signatureOf('mryue', '1608001896814', 'WL4PK6yA', encrypt)).toBe('03044561471240d4a14bb09372dfcfd4fd0e40cb');
    const { message, random16 } = decryptMessage({ aesKey: key, receiveId: 'ding6ccabc44d2c8d38b', encrypt });
    expect(message).toBe('{"EventType":"check_url"}');
    expect(encryptMessage({ aesKey: key, receiveId: 'ding6ccabc44d2c8d38b', message, random16 })).toBe(encrypt);
  });

  it('of the suite’s demo decrypt and sign alike', () => {
    const encrypt =
      '1a3NBxmCFwkCJvfoQ7WhJHB+iX3qHPsc9JbaDznE1i03peOk1LaOQoRz3+nlyGNhwmwJ3vDMG+OzrHMeiZI7gTRWVdUBmfxjZ8Ej23JVYa9VrYeJ5as7XM/ZpulX8NEQis44w53h1qAgnC3PRzM7Zc/D6Ibr0rgUathB6zRHP8PYrfgnNOS9PhSBdHlegK+AGGanfwjXuQ9+0pZcy0w9lQ==';
    expect(signatureOf(token, '1445827045067', 'nEXhMP4r', encrypt)).toBe('5a65ceeef9aab2d149439f82dc191dd6c5cbe2c0');
    const { message } = decryptMessage({ aesKey, receiveId: 'suite4xxxxxxxxxxxxxxx', encrypt });
    expect(JSON.parse(message)).toEqual({
      EventType: 'check_create_suite_url',
      Random: 'LPIdSnlF',
      TestSuiteKey: 'suite4xxxxxxxxxxxxxxx',
    });
  });

  it('of the documented reply are made byte for byte', () => {
    const encrypt = encryptMessage({
      aesKey: '1234567890123456789012345678901234567890123',
      receiveId: 'dingsnotzck6pm5veliw',
      message: 'success',
      random16: Buffer.from('dICkEDLj0eb6yAbc'),
    });
    expect(encrypt).toBe('YvkvaGe4hQxd3VxRmEty0dVlnCOAqwf56xwTRHDHoOURqhalbmBJQk5FNcRk42Gl5T0YQXZNwpwWSm1xAFJ5ZA==');
    expect(signatureOf(token, '1614767836', 'A7Co0cJLMzIDtMMI', encrypt)).toBe(
      '9a95a004dd16f5c307e849b994173f76aa26e5eb',
    );
  });
});

let sandbox: DingBench;
beforeEach(async () => {
  sandbox = await dingBench();
});
afterEach(() => sandbox.close());

const leaves = () => sandbox.ding('DELETE', `corps/${DING_CORP}/members/chenzg`);
const deliveries = async () => (await sandbox.ding('GET', 'deliveries')).json.items as Answer[];

describe('events by HTTP', () => {
  /** An application that decrypts what it gets and answers as it is told. */
  async function application(reply: (event: Record<string, unknown>) => string | null) {
    const events: Record<string, unknown>[] = [];
    const server = await listener(({ url, body }) => {
      const { encrypt } = JSON.parse(body) as { encrypt: string };
      const sign = (name: string) => url.searchParams.get(name) ?? '';
      expect(sign('msg_signature')).toBe(signatureOf(token, sign('timestamp'), sign('nonce'), encrypt));
      const event = JSON.parse(decryptMessage({ aesKey, receiveId: DING_KEY, encrypt }).message) as Record<
        string,
        unknown
      >;
      events.push(event);
      const message = reply(event);
      if (message === null) return { status: 500 };
      const sealed = encryptMessage({ aesKey, receiveId: DING_KEY, message, random16: Buffer.alloc(16, 'a') });
      return {
        body: JSON.stringify({
          msg_signature: signatureOf(token, '1', 'n', sealed),
          timeStamp: '1',
          nonce: 'n',
          encrypt: sealed,
        }),
      };
    });
    return { ...server, events };
  }
  const register = (url: string) => sandbox.ding('POST', `apps/${DING_KEY}/event-push`, { url, token, aesKey });

  it('are sent only to an address that answered the check with an encrypted success', async () => {
    const wrong = await application(() => 'ok');
    expect(await register(wrong.url)).toMatchObject({ status: 400, json: { error: { code: 'not_verified' } } });
    await wrong.close();
    const right = await application(() => 'success');
    expect((await register(right.url)).status).toBe(200);
    expect(right.events).toEqual([{ EventType: 'check_url' }]);
    await leaves();
    await sandbox.state.pushes.idle();
    expect(right.events[1]).toMatchObject({ EventType: 'user_leave_org', CorpId: DING_CORP, userId: ['chenzg'] });
    expect(await deliveries()).toMatchObject([{ state: 'delivered' }]);
    await right.close();
  });

  it('come three times, then wait in the list of failed events, each read once', async () => {
    let broken = false;
    const app = await application(() => (broken ? null : 'success'));
    await register(app.url);
    broken = true;
    await leaves();
    await sandbox.state.pushes.idle();
    expect((await deliveries())[0]?.attempts).toHaveLength(3);
    const failed = await sandbox.oapi('call_back/get_call_back_failed_result');
    expect(failed).toMatchObject({
      has_more: false,
      failed_list: [{ call_back_tag: 'user_leave_org', user_leave_org: { corpid: DING_CORP, userId: ['chenzg'] } }],
    });
    expect((await sandbox.oapi('call_back/get_call_back_failed_result')).failed_list).toEqual([]);
    await app.close();
  });
});

describe('a card pressed by HTTP', () => {
  it('is signed with the route’s secret, and the answer reaches only the one who pressed', async () => {
    const server = await listener(() => ({
      body: JSON.stringify({
        cardUpdateOptions: { updateCardDataByKey: true },
        cardData: { cardParamMap: { status: 'accept' } },
        userPrivateData: { cardParamMap: { mine: 'true' } },
      }),
    }));
    const route = { callbackRouteKey: 'cards', callbackUrl: `${server.url}/cards`, apiSecret: 'example-secret' };
    expect((await sandbox.acs('POST', 'card/callbacks/register', route)).json).toMatchObject({ success: true });
    expect(await sandbox.acs('POST', 'card/callbacks/register', route)).toMatchObject({
      status: 500,
      json: { code: 'param.callbackRouteKeyExist' },
    });
    await sandbox.acs(
      'POST',
      'card/instances/createAndDeliver',
      cardFor('appr-1', 'chenzg', {
        callbackType: undefined,
        callbackRouteKey: 'cards',
        openSpaceId: 'dtv1.card//IM_ROBOT.chenzg;IM_ROBOT.boss',
      }),
    );
    const press = {
      appKey: DING_KEY,
      outTrackId: 'appr-1',
      userid: 'chenzg',
      actionId: 'approve',
      params: { id: '7' },
    };
    const pressed = await sandbox.ding('POST', 'cards/press', press);
    expect(pressed.json.values).toEqual({ title: '合同审批', status: 'accept', mine: 'true' });
    const [request] = server.received;
    const time = String(request?.headers['x-ddpaas-signature-timestamp']);
    expect(request?.headers['x-ddpaas-signature']).toBe(
      createHmac('sha256', 'example-secret').update(time).digest('base64'),
    );
    const body = JSON.parse(request?.body ?? '') as { content: string };
    expect(JSON.parse(body.content)).toEqual({ cardPrivateData: { actionIds: ['approve'], params: { id: '7' } } });
    const other = await sandbox.ding('GET', `apps/${DING_KEY}/people/boss/inbox`);
    expect(other.json.cards).toMatchObject([{ values: { status: 'pending' } }]);
    await server.close();
  });
});

describe('the official stream client', () => {
  /** The published SDK, sent to the sandbox's gateway instead of DingTalk's. */
  class Client extends DWClient {
    override async getEndpoint(): Promise<this> {
      const { clientId, clientSecret, ua, subscriptions } = this.getConfig();
      const answer = await sandbox.acs(
        'POST',
        'gateway/connections/open',
        { clientId, clientSecret, ua, subscriptions },
        null,
      );
      (this as unknown as { dw_url: string }).dw_url =
        `${String(answer.json.endpoint)}?ticket=${String(answer.json.ticket)}`;
      return this;
    }
  }
  const client = () => new Client({ clientId: DING_KEY, clientSecret: DING_SECRET });

  it('gets events and presses, and its answer changes the card', async () => {
    const events: unknown[] = [];
    const app = client();
    app.registerAllEventListener((message) => {
      events.push([message.headers.eventType, JSON.parse(message.data)]);
      return { status: events.length === 1 ? EventAck.LATER : EventAck.SUCCESS };
    });
    app.registerCallbackListener(TOPIC_CARD, (message) => {
      app.socketCallBackResponse(message.headers.messageId, {
        cardUpdateOptions: { updateCardDataByKey: true },
        cardData: { cardParamMap: { status: 'accept' } },
      });
    });
    await app.connect();
    await leaves();
    await sandbox.state.pushes.idle();
    // LATER asks for the same event once more.
    expect(events).toHaveLength(2);
    expect(events[1]).toEqual(['user_leave_org', expect.objectContaining({ userId: ['chenzg'] })]);
    expect(await deliveries()).toMatchObject([{ state: 'delivered', channel: 'stream' }]);

    await sandbox.acs('POST', 'card/instances/createAndDeliver', cardFor('appr-9', 'boss'));
    const press = { appKey: DING_KEY, outTrackId: 'appr-9', userid: 'boss', actionId: 'approve' };
    const pressed = await sandbox.ding('POST', 'cards/press', press);
    expect(pressed.json.values).toMatchObject({ status: 'accept', title: '合同审批' });
    app.disconnect();
  });

  it('is refused with a ticket used before, or one that is too old', async () => {
    const body = { clientId: DING_KEY, clientSecret: DING_SECRET, subscriptions: [{ type: 'EVENT', topic: '*' }] };
    const { json } = await sandbox.acs('POST', 'gateway/connections/open', body, null);
    const opens = (ticket: unknown) =>
      new Promise<boolean>((resolve) => {
        const socket = new WebSocket(`${String(json.endpoint)}?ticket=${String(ticket)}`);
        socket.onopen = () => {
          socket.close();
          resolve(true);
        };
        socket.onerror = () => resolve(false);
      });
    expect(await opens(json.ticket)).toBe(true);
    expect(await opens(json.ticket)).toBe(false);
    const late = await sandbox.acs('POST', 'gateway/connections/open', body, null);
    sandbox.clock.advance(90_001);
    expect(await opens(late.json.ticket)).toBe(false);
  });

  it('that nobody runs leaves the press unanswered, and says so', async () => {
    await sandbox.acs('POST', 'card/instances/createAndDeliver', cardFor('appr-2', 'boss'));
    const press = { appKey: DING_KEY, outTrackId: 'appr-2', userid: 'boss', actionId: 'approve' };
    const { json } = await sandbox.ding('POST', 'cards/press', press);
    expect(json.delivery).toMatchObject({ state: 'failed', attempts: [{ problem: '没有应用连接在 STREAM 上' }] });
    expect(json.values).toMatchObject({ status: 'pending' });
  });
});
