import * as official from '@wecom/crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AGENT, type Answer, approvalCard, type Bench, bench, CALLBACK, CORP, listener } from '../testing/support.js';
import { fromXml } from './xml.js';

let sandbox: Bench;
let app: Awaited<ReturnType<typeof listener>>;

beforeEach(async () => {
  app = await listener((request) =>
    request.method === 'GET'
      ? { body: official.decrypt(CALLBACK.aesKey, request.url.searchParams.get('echostr') ?? '').message }
      : {},
  );
  sandbox = await bench();
  await sandbox.api('POST', `corps/${CORP}/apps/${AGENT}/callback`, { url: app.url, ...CALLBACK });
});
afterEach(async () => {
  await sandbox.close();
  await app.close();
});

async function sendCard(
  touser = 'chenzg|boss',
  card: Record<string, unknown> = approvalCard('appr_1'),
): Promise<{ msgid: string; responseCode: string }> {
  const answer = await sandbox.wecom('message/send', {
    body: { touser, agentid: AGENT, msgtype: 'template_card', template_card: card },
  });
  expect(answer.errcode).toBe(0);
  return { msgid: String(answer.msgid), responseCode: String(answer.response_code) };
}

async function press(cardId: string, userid: string, key: string, selections = {}) {
  const pressed = await sandbox.api('POST', `cards/${cardId}/press`, { userid, key, selections });
  await sandbox.state.callbacks.idle();
  return pressed;
}

function events(): Record<string, unknown>[] {
  return app.received
    .filter((request) => request.method === 'POST')
    .map((request) => fromXml(official.decrypt(CALLBACK.aesKey, String(fromXml(request.body).Encrypt)).message));
}

const update = (body: Record<string, unknown>): Promise<Answer> =>
  sandbox.wecom('message/update_template_card', { body: { agentid: AGENT, ...body } });
const grey = (response_code: unknown, change: Record<string, unknown> = {}) => ({
  response_code,
  userids: ['chenzg'],
  button: { replace_name: '已同意' },
  ...change,
});

async function replaced(userid: string): Promise<unknown[]> {
  const { json } = await sandbox.api('GET', `people/${userid}/cards?taskId=appr_1`);
  return (json.items as { replaced: unknown }[]).map((card) => card.replaced);
}

describe('pressing a button', () => {
  it('sends template_card_event with everything the application needs', async () => {
    const { msgid } = await sendCard();
    const pressed = await press(msgid, 'CHENZG', 'approve:1');
    expect(pressed.status).toBe(200);
    expect(events()).toEqual([
      {
        ToUserName: CORP,
        FromUserName: 'chenzg',
        CreateTime: String(Math.floor(sandbox.clock.now() / 1000)),
        MsgType: 'event',
        Event: 'template_card_event',
        EventKey: 'approve:1',
        TaskId: 'appr_1',
        CardType: 'button_interaction',
        ResponseCode: expect.any(String),
        AgentID: String(AGENT),
      },
    ]);
  });

  it('mints another response code each time', async () => {
    const { msgid, responseCode } = await sendCard();
    await press(msgid, 'chenzg', 'approve:1');
    await press(msgid, 'boss', 'reject:1');
    const codes = events().map((event) => event.ResponseCode);
    expect(new Set([...codes, responseCode]).size).toBe(3);
  });

  it('carries the selected options', async () => {
    const option_list = [
      { id: 'a', text: 'A' },
      { id: 'b', text: 'B', is_checked: true },
    ];
    const card = {
      card_type: 'vote_interaction',
      task_id: 'vote',
      checkbox: { question_key: 'q1', mode: 1, option_list },
      submit_button: { text: '提交', key: 'send' },
    };
    const { msgid } = await sendCard('chenzg', card);
    await press(msgid, 'chenzg', 'send', { q1: ['a', 'b'] });
    expect(events()[0]?.SelectedItems).toEqual({
      SelectedItem: { QuestionKey: 'q1', OptionIds: { OptionId: ['a', 'b'] } },
    });
    const wrong = await press(msgid, 'chenzg', 'send', { q1: ['z'] });
    expect(wrong).toMatchObject({ status: 409, json: { error: { code: 'no-selection' } } });
  });

  it('reports the menu as its own event', async () => {
    const { msgid } = await sendCard('chenzg', {
      ...approvalCard('menu'),
      action_menu: { desc: 'x', action_list: [{ text: '不再接收', key: 'mute' }] },
    });
    await press(msgid, 'chenzg', 'mute');
    expect(events()[0]).toMatchObject({ Event: 'template_card_menu_event', EventKey: 'mute', TaskId: 'menu' });
  });

  it.each([
    ['chenzg', 'nonsense', 409, 'unknown-key'],
    ['wangfang', 'approve:1', 404, 'not-found'],
  ])('by %s on %s is refused', async (userid, key, status, code) => {
    const { msgid } = await sendCard();
    expect(await press(msgid, userid, key)).toMatchObject({ status, json: { error: { code } } });
    expect(events()).toEqual([]);
  });
});

describe('update_template_card', () => {
  it('greys out the named person only, and once per response code', async () => {
    const { msgid } = await sendCard();
    await press(msgid, 'chenzg', 'approve:1');
    const code = events()[0]?.ResponseCode;
    expect(await update(grey(code, { userids: ['ChenZG', 'Ghost'] }))).toEqual({
      errcode: 0,
      errmsg: 'ok',
      invaliduser: ['ghost'],
    });
    expect(await replaced('chenzg')).toEqual(['已同意']);
    expect(await replaced('boss')).toEqual([null]);
    expect((await update(grey(code))).errcode).toBe(60140);
    expect(await press(msgid, 'chenzg', 'approve:1')).toMatchObject({
      status: 409,
      json: { error: { code: 'replaced' } },
    });
    expect((await press(msgid, 'boss', 'approve:1')).status).toBe(200);
  });

  it('reaches everybody with atall and the code of the send', async () => {
    const { responseCode } = await sendCard();
    expect((await update({ atall: 1, response_code: responseCode, button: { replace_name: '已撤回' } })).errcode).toBe(
      0,
    );
    expect([...(await replaced('chenzg')), ...(await replaced('boss'))]).toEqual(['已撤回', '已撤回']);
  });

  it('replaces the whole card', async () => {
    const { responseCode } = await sendCard();
    const card = { ...approvalCard('appr_1'), main_title: { title: '已由陈主管同意' }, replace_text: '已同意' };
    expect((await update({ atall: 1, response_code: responseCode, template_card: card })).errcode).toBe(0);
    const { json } = await sandbox.api('GET', 'people/boss/cards');
    expect(json.items).toEqual([
      expect.objectContaining({
        replaced: '已同意',
        card: expect.objectContaining({ main_title: { title: '已由陈主管同意' } }),
      }),
    ]);
  });

  it('lets the code live 72 hours', async () => {
    const { responseCode } = await sendCard();
    sandbox.clock.advance(72 * 3_600_000);
    expect((await update(grey(responseCode))).errcode).toBe(60140);
  });

  it('leaves the code usable when the call is refused for another reason', async () => {
    const { responseCode } = await sendCard();
    expect((await update(grey(responseCode, { button: {} }))).errcode).toBe(42018);
    expect((await update(grey(responseCode, { userids: [] }))).errcode).toBe(82001);
    expect((await update(grey(responseCode, { agentid: 7 }))).errcode).toBe(301002);
    expect((await update({ atall: 1, response_code: responseCode, template_card: { card_type: 'x' } })).errcode).toBe(
      42031,
    );
    expect((await update(grey(responseCode))).errcode).toBe(0);
  });

  it('answers 60140 to an unknown code', async () => {
    expect((await update(grey('nonsense'))).errcode).toBe(60140);
    expect((await update(grey(undefined))).errcode).toBe(60140);
  });
});
