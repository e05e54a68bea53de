import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cardFor, DING_CORP, DING_KEY, type DingBench, dingBench } from '../testing/ding-support.js';
import type { ChatView, PersonView } from './contract.js';

let t: DingBench;
beforeAll(async () => {
  t = await dingBench();
});
afterAll(() => t.close());

const person = async (userid: string) =>
  ((await t.api('GET', 'people')).json as { items: PersonView[] }).items.find((each) => each.userid === userid);
const chat = async () =>
  ((await t.api('GET', `people/chenzg/chats?corpId=${DING_CORP}`)).json as { items: ChatView[] }).items[0];

describe('whoever lives in DingTalk', () => {
  it('has a DingTalk phone with his companies there; all others have WeCom', async () => {
    expect(await person('chenzg')).toMatchObject({
      platform: 'dingtalk',
      corps: [{ corpId: DING_CORP, tenant: 'demo', departments: ['销售部'] }, { tenant: 'mine' }],
    });
    expect(await person('wangfang')).toMatchObject({
      platform: 'wecom',
      corps: [{ tenant: 'demo' }, { tenant: 'mine' }],
    });
  });

  it('finds cards, notices and to-dos there, and reads them', async () => {
    await t.acs('POST', 'card/instances/createAndDeliver', cardFor('phone-1', 'chenzg'));
    await t.oapi('topapi/message/corpconversation/asyncsend_v2', {
      agent_id: 2000002,
      userid_list: 'chenzg',
      msg: {
        msgtype: 'oa',
        oa: {
          message_url: 'https://x',
          head: { bgcolor: 'FF1677FF', text: '联客' },
          body: { title: '通知' },
          status_bar: { status_value: '待处理' },
        },
      },
    });
    const todo = {
      sourceId: 's1',
      subject: '审批',
      creatorId: 'union_demo_chenzg',
      executorIds: ['union_demo_chenzg'],
      detailUrl: { appUrl: 'https://x' },
    };
    await t.acs('POST', 'todo/users/union_demo_chenzg/tasks?operatorId=union_demo_chenzg', todo);
    const seen = await chat();
    expect(seen?.messages.map((message) => message.content.kind)).toEqual(['ding_card', 'ding_notice']);
    expect(seen?.todos).toMatchObject([{ subject: '审批', done: false }]);
    expect((await person('chenzg'))?.unread).toBe(2);
    await t.api('POST', 'people/chenzg/read', { corpId: DING_CORP });
    expect((await person('chenzg'))?.unread).toBe(0);
  });

  it('opens the app in a webview whose client hands out codes that log in once', async () => {
    const { json } = await t.api('GET', `people/chenzg/mini-app?corpId=${DING_CORP}`);
    const { origin } = new URL((json as { url: string }).url);
    const { code } = (await (await fetch(`${origin}/__dingtalk/code`)).json()) as { code: string };
    expect(await t.oapi('topapi/v2/user/getuserinfo', { code })).toMatchObject({ result: { userid: 'chenzg' } });
    expect(await t.oapi('topapi/v2/user/getuserinfo', { code })).toMatchObject({ errcode: 40078 });
  });

  it('ticks the step of the contract when his press has changed the card', async () => {
    // The walk is made in 我的企业.
    Object.assign(t.state.ding.world.corps.get(DING_CORP) ?? {}, { tenant: 'mine' });
    const press = {
      appKey: DING_KEY,
      outTrackId: 'phone-1',
      userid: 'chenzg',
      actionId: 'a1',
      params: { action: 'approve:1' },
    };
    await t.api('POST', 'dingtalk/cards/press', press);
    await t.acs('PUT', 'card/instances', { outTrackId: 'phone-1', cardData: { cardParamMap: { status: 'done' } } });
    const { items } = (await t.api('GET', 'steps')).json as {
      items: { key: string; state: string; note: unknown }[];
    };
    expect(items.find((step) => step.key === 'contract')).toMatchObject({
      state: 'done',
      note: { phrase: 'cardUpdated', name: '陈主管' },
    });
  });

  it('opens a message’s page in the mini-program where the app has one out, else the page to fall back to', async () => {
    const open = (url: string) =>
      t.api('GET', `people/chenzg/mini-app?${new URLSearchParams({ corpId: DING_CORP, url })}`);
    const page = 'pages/task/index?id=1';
    const h5 = 'https://example.com/m/';
    const query = new URLSearchParams({ corpId: DING_CORP, agentId: '1', page, fallbackUrl: h5 });
    const scheme = `dingtalk://dingtalkclient/action/open_micro_app?${query}`;
    expect((await open(`eapp://${page}`)).status).toBe(409);
    expect((await open(scheme)).json).toMatchObject({ target: h5 });
    await t.ding('PATCH', `apps/${DING_KEY}`, { miniProgram: true });
    for (const url of [`eapp://${page}`, scheme])
      expect((await open(url)).json.target).toMatch(/\/m\/.*#\/pages\/task\/index\?id=1$/);
    await t.ding('PATCH', `apps/${DING_KEY}`, { miniProgram: false });
  });
});
