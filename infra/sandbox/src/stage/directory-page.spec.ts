import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Bench, bench, CORP, listener } from '../testing/support.js';

let sandbox: Bench;
let app: Awaited<ReturnType<typeof listener>>;
beforeEach(async () => {
  app = await listener(() => ({ body: 'success' }));
  sandbox = await bench({ publicUrl: app.url });
});
afterEach(async () => {
  await sandbox.close();
  await app.close();
});

const choose = (fields: Record<string, string>) =>
  fetch(`${sandbox.url}/directory`, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });
const page = async () => (await fetch(`${sandbox.url}/directory`)).text();
const added = async () => (await page()).split('已添加').length - 1;

it('adds an app to a company and takes it away again, on both platforms', async () => {
  expect(await added()).toBe(0);
  const wecom = { platform: 'wecom', suite: 'wwsuite0000000001', corp: CORP };
  const dingtalk = { platform: 'dingtalk', suite: 'suitelianke00000001', corp: 'dingdemo0000000001' };
  for (const each of [wecom, dingtalk]) expect((await choose({ ...each, action: 'install' })).status).toBe(303);
  expect(await added()).toBe(2);
  for (const each of [wecom, dingtalk]) expect((await choose({ ...each, action: 'cancel' })).status).toBe(303);
  expect(await added()).toBe(0);
  await sandbox.state.callbacks.idle();
  await sandbox.state.pushes.idle();
  const paths = app.received.map((request) => request.url.pathname);
  expect(paths.filter((path) => path === '/callbacks/suites/wecom')).toHaveLength(2);
  expect(paths).toContain('/callbacks/suites/dingtalk');
});

it('refuses what its page does not offer', async () => {
  expect((await choose({ platform: 'other' })).status).toBe(400);
  expect((await choose({ platform: 'wecom', suite: 'x', corp: CORP, action: 'install' })).status).toBe(404);
});

it('asks somebody who logs in to an app of two companies which one he means', async () => {
  for (const corp of [CORP, 'wwmine0000000002'])
    await choose({ platform: 'wecom', suite: 'wwsuite0000000001', corp, action: 'install' });
  const query = new URLSearchParams({
    login_type: 'ServiceApp',
    appid: 'wwsuite0000000001',
    redirect_uri: `${app.url}/back`,
    state: 's',
  });
  const open = async () => (await fetch(`${sandbox.url}/wwlogin/sso/login?${query}`)).text();
  expect(await open()).toContain('以哪家企业的身份登录');
  query.set('sandbox_corp', 'wwmine0000000002');
  expect(await open()).toContain('扫描二维码');
});
