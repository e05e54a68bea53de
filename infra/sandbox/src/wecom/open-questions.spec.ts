import * as official from '@wecom/crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AGENT, approvalCard, type Bench, bench, CALLBACK, CORP, listener } from '../testing/support.js';
import { toXml, type XmlNode } from './xml.js';

let sandbox: Bench;
let app: Awaited<ReturnType<typeof listener>>;
/** What the application answers to a push. */
let reply: XmlNode | null;

const sealed = (node: XmlNode): string => {
  const encrypt = official.encrypt(CALLBACK.aesKey, toXml(node), CORP);
  const [timestamp, nonce] = ['1409659813', '42'];
  const signature = official.getSignature(CALLBACK.token, timestamp, nonce, encrypt);
  return toXml({ Encrypt: encrypt, MsgSignature: signature, TimeStamp: Number(timestamp), Nonce: nonce });
};

beforeEach(async () => {
  reply = null;
  app = await listener((request) => {
    if (request.method === 'GET')
      return { body: official.decrypt(CALLBACK.aesKey, request.url.searchParams.get('echostr') ?? '').message };
    return reply === null
      ? {}
      : { body: sealed({ ToUserName: 'chenzg', FromUserName: CORP, CreateTime: 1, ...reply }) };
  });
  sandbox = await bench();
  await sandbox.api('POST', `corps/${CORP}/apps/${AGENT}/callback`, {
    url: `${app.url}/callbacks/wecom/1`,
    ...CALLBACK,
  });
});
afterEach(async () => {
  await sandbox.close();
  await app.close();
});

const send = async (touser: string, template_card: object = approvalCard('a1')) => {
  const body = { touser, agentid: AGENT, msgtype: 'template_card', template_card };
  return (await sandbox.wecom('message/send', { body })) as { msgid: string; response_code: string };
};
const press = async (msgid: string, userid: string, key: string) => {
  await sandbox.api('POST', `cards/${msgid}/press`, { userid, key });
  await sandbox.state.callbacks.idle();
};
const face = (msgid: string, userid: string) => sandbox.state.wecom.world.messages.get(msgid)?.faces.get(userid);
const update = async (response_code: string) => {
  const body = { atall: 1, agentid: AGENT, response_code, button: { replace_name: '已同意' } };
  return (await sandbox.wecom('message/update_template_card', { body })).errcode;
};

describe('a passive reply to a press', () => {
  const button = { MsgType: 'update_button', Button: { ReplaceName: '已同意' } };

  it('is ignored, unless the switch honours it: then it changes the presser’s card and no other', async () => {
    reply = button;
    const { msgid } = await send('chenzg|boss');
    await press(msgid, 'chenzg', 'approve:1');
    expect(face(msgid, 'chenzg')?.replaced).toBeNull();
    await sandbox.api('PATCH', 'switches', { passiveReply: 'honoured' });
    await press(msgid, 'chenzg', 'approve:1');
    expect(face(msgid, 'chenzg')?.replaced).toBe('已同意');
    expect(face(msgid, 'boss')?.replaced).toBeNull();
  });

  it('may bring a whole card', async () => {
    await sandbox.api('PATCH', 'switches', { passiveReply: 'honoured' });
    reply = {
      MsgType: 'update_template_card',
      TemplateCard: {
        CardType: 'button_interaction',
        MainTitle: { Title: '折扣审批' },
        HorizontalContentList: [{ KeyName: '结果', Value: '陈主管 已同意' }],
        CardAction: { Type: 1, Url: 'https://crm.example.com/a' },
        ButtonList: [{ Text: '同意', Style: 1, Key: 'approve:1' }],
        ReplaceText: '已同意',
      },
    };
    const { msgid } = await send('chenzg');
    await press(msgid, 'chenzg', 'approve:1');
    expect(face(msgid, 'chenzg')).toMatchObject({
      replaced: '已同意',
      card: { horizontal_content_list: [{ keyname: '结果', value: '陈主管 已同意' }], card_action: { type: 1 } },
    });
  });

  it('that is sealed with another key changes nothing and is noted in the log', async () => {
    await sandbox.api('PATCH', 'switches', { passiveReply: 'honoured' });
    reply = button;
    const { msgid } = await send('chenzg');
    await sandbox.api('POST', `corps/${CORP}/apps/${AGENT}/callback`, {
      url: `${app.url}/callbacks/wecom/1`,
      token: CALLBACK.token,
      aesKey: CALLBACK.aesKey,
    });
    const config = sandbox.state.wecom.world.corps.get(CORP)?.apps.get(AGENT)?.callback;
    if (config) config.token = 'another';
    await press(msgid, 'chenzg', 'approve:1');
    expect(face(msgid, 'chenzg')?.replaced).toBeNull();
    expect(JSON.stringify((await sandbox.api('GET', 'log')).json)).toContain('被动回复：签名不对');
  });
});

describe('the code of the send', () => {
  it.each([
    ['valid', 0],
    ['void', 60140],
  ] as const)('is %s after a press', async (sendCodeAfterClick, errcode) => {
    await sandbox.api('PATCH', 'switches', { sendCodeAfterClick });
    const { msgid, response_code } = await send('chenzg|boss');
    await press(msgid, 'chenzg', 'approve:1');
    expect(await update(response_code)).toBe(errcode);
  });
});
