import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WECOM_SDK } from '../phone/wecom-sdk.js';
import { AGENT, type Bench, bench, CORP } from '../testing/support.js';
import { pageSignature } from './js-sdk.js';

let sandbox: Bench;
beforeEach(async () => {
  sandbox = await bench({ publicUrl: 'http://127.0.0.1:9' });
});
afterEach(() => sandbox.close());

const yang = 'wodemoAAyangzhuren01';
const hu = 'wmdemoAAhuzong03';

describe('客户联系', () => {
  it('shows a contact of another company with his company, one of WeChat without, each follower with what he noted', async () => {
    const found = await sandbox.wecom('externalcontact/get', { query: { external_userid: yang } });
    expect(found).toMatchObject({
      errcode: 0,
      external_contact: { external_userid: yang, name: '杨建国', type: 2, corp_name: '美利云', position: '总经理' },
      follow_user: [
        { userid: 'wangfang', remark_mobiles: ['15966667600'] },
        { userid: 'liwei', remark: '' },
      ],
      next_cursor: '',
    });
    const wechat = await sandbox.wecom('externalcontact/get', { query: { external_userid: hu } });
    expect(wechat.external_contact).not.toHaveProperty('corp_name');
  });

  it('lists a member’s contacts, by one and by page', async () => {
    const { external_userid } = await sandbox.wecom('externalcontact/list', { query: { userid: 'WangFang' } });
    expect(external_userid).toHaveLength(3);
    expect((await sandbox.wecom('externalcontact/list', { query: { userid: 'caiwu' } })).errcode).toBe(84061);
    expect((await sandbox.wecom('externalcontact/list', { query: { userid: 'nobody' } })).errcode).toBe(60111);
    const first = await sandbox.wecom('externalcontact/batch/get_by_user', {
      body: { userid_list: ['wangfang', 'chenjing'], limit: 3 },
    });
    expect(first.external_contact_list).toHaveLength(3);
    const second = await sandbox.wecom('externalcontact/batch/get_by_user', {
      body: { userid_list: ['wangfang', 'chenjing'], limit: 3, cursor: first.next_cursor },
    });
    expect(second).toMatchObject({ next_cursor: '', external_contact_list: [{ follow_info: { tag_id: [] } }] });
    const users = await sandbox.wecom('externalcontact/get_follow_user_list');
    expect(users.follow_user).toContain('liwei');
  });

  it('refuses apps that are not listed, ids of nobody, and contacts nobody of the visible range follows', async () => {
    const query = { external_userid: yang };
    expect((await sandbox.wecom('externalcontact/get', { query: { external_userid: 'wmxxxxxxxxxxxx' } })).errcode).toBe(
      40096,
    );
    await sandbox.api('PATCH', `corps/${CORP}/apps/${AGENT}`, { visibleDepartments: [4] });
    expect((await sandbox.wecom('externalcontact/get', { query })).errcode).toBe(84061);
    await sandbox.api('PATCH', `corps/${CORP}/apps/${AGENT}`, { visibleDepartments: [1], customerContact: false });
    for (const path of ['externalcontact/get', 'externalcontact/get_follow_user_list'])
      expect((await sandbox.wecom(path, { query })).errcode).toBe(48002);
  });

  it('keeps what a follower notes, within the platform’s lengths', async () => {
    const note = (body: object) =>
      sandbox.wecom('externalcontact/remark', { body: { userid: 'wangfang', external_userid: hu, ...body } });
    expect((await note({})).errcode).toBe(40058);
    expect((await note({ remark: '字'.repeat(21) })).errcode).toBe(40058);
    expect(
      (await note({ remark: '胡总-格尔', remark_company: '格尔软件', remark_mobiles: ['13653074505'] })).errcode,
    ).toBe(0);
    const { follow_user } = await sandbox.wecom('externalcontact/get', { query: { external_userid: hu } });
    expect(follow_user).toContainEqual(
      expect.objectContaining({ userid: 'wangfang', remark: '胡总-格尔', remark_mobiles: ['13653074505'] }),
    );
    expect((await note({ remark_mobiles: [''] })).errcode).toBe(0);
    expect((await note({ userid: 'caiwu', remark: 'x' })).errcode).toBe(84061);
  });

  it('stands on the phone as a chat, with the page beside it once one is set', async () => {
    const chat = async () => {
      const { json } = await sandbox.api('GET', `people/wangfang/chats?corpId=${CORP}`);
      return (json.items as { external?: object; appName: string; messages: { mine?: boolean }[] }[]).find(
        (each) => each.external && each.appName === '杨主任-美利云',
      );
    };
    expect(await chat()).toMatchObject({ external: { userid: yang, from: '美利云', sidebarUrl: null } });
    await sandbox.api('PATCH', `corps/${CORP}/apps/${AGENT}`, { sidebarUrl: 'http://127.0.0.1:9/m/#/side' });
    expect(await chat()).toMatchObject({ external: { sidebarUrl: 'http://127.0.0.1:9/m/#/side' } });
  });
});

interface Sdk {
  register(options: object): void;
  getCurExternalContact(): Promise<{ userId: string }>;
  getContext(): Promise<{ entry: string }>;
  scanQRCode(): Promise<{ resultStr: string }>;
}

/** The phone's interface for pages, in a page at `href` whose surroundings answer `around`. */
function page(href: string, around: Record<string, unknown>): Sdk {
  const listeners: ((event: object) => void)[] = [];
  const home = 'http://stage.example';
  const parent = {
    postMessage: ({ id, what }: { id: number; what: string }) => {
      const answer = what in around ? { result: around[what] } : { problem: `${what} is not here` };
      for (const listener of listeners)
        listener({ origin: home, source: parent, data: { type: 'lianke-phone:answer', id, ...answer } });
    },
  };
  const own = { ww: undefined as Sdk | undefined };
  runInNewContext(WECOM_SDK, {
    window: own,
    parent,
    location: { href },
    addEventListener: (_: string, listener: (event: object) => void) => listeners.push(listener),
    fetch: async (_: string, { body }: { body: string }) => ({
      json: async () => sandbox.state.phones.verifyPage('wecom', body),
    }),
    phone: { home, verifyPath: '/__wecom/verify', locates: true },
    Promise,
  });
  if (!own.ww) throw new Error('no interface');
  return own.ww;
}

describe('the client’s interface for pages', () => {
  const url = 'http://127.0.0.1:9/m/?connection=1';
  const ticket = async (kind: 'corp' | 'app') =>
    String(
      (kind === 'corp'
        ? await sandbox.wecom('get_jsapi_ticket')
        : await sandbox.wecom('ticket/get', { query: { type: 'agent_config' } })
      ).ticket,
    );
  const sign = (kind: 'corp' | 'app') => async () => {
    const own = { timestamp: '1700000000', nonceStr: 'n0nce', url };
    return { ...own, signature: pageSignature(await ticket(kind), own) };
  };
  const registered = (sdk: Sdk, change: object = {}) => {
    sdk.register({
      corpId: CORP,
      agentId: AGENT,
      jsApiList: ['getCurExternalContact', 'getContext', 'scanQRCode'],
      getConfigSignature: sign('corp'),
      getAgentConfigSignature: sign('app'),
      ...change,
    });
    return sdk;
  };
  const beside = { context: { entry: 'single_chat_tools', externalUserid: yang }, scan: '6901234567892' };

  it('tells a signed page beside which customer it stands, and what was scanned', async () => {
    const sdk = registered(page(`${url}#/pages/sidebar/index`, beside));
    expect(await sdk.getCurExternalContact()).toMatchObject({ userId: yang, errMsg: 'getCurExternalContact:ok' });
    expect(await sdk.getContext()).toMatchObject({ entry: 'single_chat_tools' });
    expect(await sdk.scanQRCode()).toMatchObject({ resultStr: '6901234567892' });
    expect(sandbox.state.log.list({}).map((entry) => [entry.path, entry.errcode])).toContainEqual(['agentConfig', 0]);
  });

  it.each([
    ['a page that is not registered', () => page(url, beside), -1],
    [
      'the ticket of the company where the app’s belongs',
      () => registered(page(url, beside), { getAgentConfigSignature: sign('corp') }),
      40093,
    ],
    ['a page of another domain', () => registered(page('http://evil.example/m/', beside)), 80001],
    ['an interface that was not asked for', () => registered(page(url, beside), { jsApiList: [] }), -1],
    [
      'a page that stands beside no customer',
      () => registered(page(url, { context: { entry: 'normal', externalUserid: null } })),
      -1,
    ],
  ])('refuses %s', async (_, make, errCode) => {
    await expect(make().getCurExternalContact()).rejects.toMatchObject({ errCode });
  });
});
