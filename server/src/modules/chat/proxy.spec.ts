import { proxyAddress } from '@lianke/shared/chat/proxy-address';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ChatTestApp, makeTenant, startChatApp, type TestTenant } from '../../../test/support/chat-app.js';
import { type SmallProxy, smallProxy } from '../../../test/support/small-proxy.js';
import type { Connection } from './connection.js';
import { ConnectionService } from './connection.service.js';
import { DingtalkStreams } from './dingtalk/streams.js';
import { OrgSync } from './org/org-sync.js';

let t: ChatTestApp;
let tenant: TestTenant;
let proxy: SmallProxy;
let connections: ConnectionService;
let tenants = 0;

beforeAll(async () => {
  t = await startChatApp({ wait: async () => undefined, outboundPrivate: ['127.0.0.1'] });
  connections = t.app.get(ConnectionService);
});
afterAll(() => t.close());
beforeEach(async () => {
  tenants += 1;
  tenant = await makeTenant(t, `company${tenants}`);
  proxy = await smallProxy();
});
afterEach(() => proxy.close());

type Body = Parameters<ConnectionService['save']>[1];
const wecom = (more: Partial<Body> = {}): Body => {
  const corp = t.sandbox.state.seed.wecom[0];
  const app = corp?.apps[0];
  if (!corp || !app) throw new Error('no corp');
  const own = { corpId: corp.corpId, agentId: String(app.agentId), secret: app.secret };
  return { channel: 'wecom', name: '企业微信', ...own, ...more };
};
const dingtalk = (more: Partial<Body> = {}): Body => {
  const corp = t.sandbox.state.seed.dingtalk[0];
  const app = corp?.apps[0];
  if (!corp || !app) throw new Error('no corp');
  const own = { corpId: corp.corpId, agentId: String(app.agentId), appKey: app.appKey, secret: app.appSecret };
  return { channel: 'dingtalk', name: '钉钉', ...own, settings: { push: 'stream' }, ...more };
};
const save = (body: Body) => connections.save(tenant, body);
const view = (connection: Connection) => connections.view(tenant, connection);
const stored = () =>
  t.database.withTenant(tenant, (tx) => tx.sql<{ row: string }>('SELECT c::text AS row FROM lianke.chat_connection c'));
const secretCheck = (shown: Awaited<ReturnType<typeof view>>) => shown.checks.find((check) => check.key === 'secret');
const target = () => new URL(t.sandbox.url).host;

describe.each([
  ['WeCom', wecom],
  ['DingTalk', dingtalk],
])('the proxy of a connection to %s', (_, body) => {
  it('is the way of every call', async () => {
    const connection = await save(body({ proxy: proxy.address }));
    expect(connection.state.secretOk).toBe(true);
    expect(new Set(proxy.tunnels)).toEqual(new Set([target()]));
    await t.app.get(OrgSync).run(connection);
    await proxy.close();
    // Were there another way, this would still work.
    await expect(t.app.get(OrgSync).run(connection)).rejects.toThrow();
  });

  it('is used by no other connection', async () => {
    await save(body());
    expect(proxy.tunnels).toEqual([]);
  });

  it('is kept when nothing is said of it, and gone when taken away', async () => {
    const { id } = await save(body({ proxy: proxy.address }));
    expect((await save(body({ id, name: '改名' }))).proxy).toBe(proxy.address);
    const tunnels = proxy.tunnels.length;
    expect((await save(body({ id, proxy: null }))).proxy).toBeNull();
    expect(proxy.tunnels).toHaveLength(tunnels);
  });

  it('shows its password to nobody', async () => {
    const connection = await save(body({ proxy: proxy.address }));
    const shown = await view(connection);
    expect(shown.proxy).toBe(`http://lianke@${proxy.host}`);
    for (const text of [JSON.stringify(shown), JSON.stringify(await stored())]) expect(text).not.toMatch(/p(@|%40)ss/);
  });

  it('is named by the check when it is not there', async () => {
    await proxy.close();
    const check = secretCheck(await view(await save(body({ proxy: proxy.address }))));
    expect(check?.ok).toBe(false);
    expect(check?.message).toContain(`代理 ${proxy.host} 没有应答（ECONNREFUSED）`);
  });

  it('is named by the check when it refuses the password', async () => {
    const wrong = `http://lianke:wrong@${proxy.host}`;
    const check = secretCheck(await view(await save(body({ proxy: wrong }))));
    expect(check?.message).toContain(`代理 ${proxy.host} 不接受这个用户名或密码（407）`);
    expect(proxy.refused).toBeGreaterThan(0);
  });

  it('must work before it takes the place of what works', async () => {
    const { id } = await save(body({ proxy: proxy.address }));
    const { secret: _secret, ...rest } = body({ id, proxy: 'http://127.0.0.1:1' });
    await expect(save(rest)).rejects.toMatchObject({
      params: { detail: expect.stringContaining('经新的代理没有通过') },
    });
    expect((await connections.require(tenant, id)).proxy).toBe(proxy.address);
  });

  it('may not be in an inner network that the operator has not opened', async () => {
    for (const [index, host] of ['10.1.2.3:3128', '169.254.169.254', '[::1]:3128'].entries()) {
      const made = await save(body({ proxy: `http://${host}`, agentId: String(index + 7) }));
      expect(secretCheck(await view(made))?.message, host).toContain('OUTBOUND_PRIVATE');
    }
  });
});

it('carries the stream of DingTalk too', async () => {
  const { id } = await save(dingtalk({ proxy: proxy.address }));
  const before = proxy.tunnels.length;
  const streams = t.app.get(DingtalkStreams);
  await streams.round();
  expect((await connections.require(tenant, id)).state.streamSince).toBeDefined();
  expect(proxy.tunnels.length).toBeGreaterThan(before);
  await streams.release();
});

it.each([
  ...['ftp://gateway.example:21', 'http://gateway.example/path', 'http://gateway.example?x=1', 'gateway.example:3128'],
  ...['http://%zz@gateway.example', 'socks5://gateway.example:1080', ''],
])('%s is no proxy', (address) => {
  expect(proxyAddress.safeParse(address).success).toBe(false);
});
