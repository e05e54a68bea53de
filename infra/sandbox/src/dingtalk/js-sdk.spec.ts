import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DINGTALK_SDK } from '../phone/dingtalk-sdk.js';
import { type Bench, bench } from '../testing/support.js';
import { dingPageSignature } from './js-sdk.js';
import { jsapiTicket } from './tokens.js';

let sandbox: Bench;
beforeEach(async () => {
  sandbox = await bench();
});
afterEach(() => sandbox.close());

interface Answer {
  errorCode: string;
  result?: Record<string, unknown>;
}
type Bridge = (name: string, params: object) => Promise<Answer>;
const url = 'http://127.0.0.1:9/m/?connection=1';

/** The client's bridge in a page, whose surroundings scan `scanned`. */
function bridge(scanned: string | null): Bridge {
  const listeners: ((event: object) => void)[] = [];
  const home = 'http://stage.example';
  const parent = {
    postMessage: ({ id }: { id: number }) => {
      const answer = scanned === null ? { problem: 'cancel' } : { result: scanned };
      for (const listener of listeners)
        listener({ origin: home, source: parent, data: { type: 'lianke-phone:answer', id, ...answer } });
    },
  };
  const own: {
    WebViewJavascriptBridge?: { callHandler(name: string, params: object, done: (a: Answer) => void): void };
  } = {};
  runInNewContext(DINGTALK_SDK, {
    window: own,
    parent,
    location: { href: `${url}#/pages/x` },
    addEventListener: (_: string, listener: (event: object) => void) => listeners.push(listener),
    fetch: async (_: string, { body }: { body: string }) => ({
      json: async () => sandbox.state.phones.verifyPage('dingtalk', body),
    }),
    phone: {
      home,
      verifyPath: '/x',
      codePath: '/y',
      locates: true,
      fakesPlace: true,
      place: { accuracy: 20 },
      gcj02: { latitude: 31, longitude: 121 },
    },
    Promise,
  });
  return (name, params) =>
    new Promise((resolve) => {
      if (!own.WebViewJavascriptBridge) throw new Error('no bridge');
      own.WebViewJavascriptBridge.callHandler(name, params, resolve);
    });
}

function config(digest: 'sha1' | 'sha256' = 'sha256') {
  const corp = sandbox.state.ding.world.corps.get('dingdemo0000000001');
  const [app] = corp?.apps.values() ?? [];
  if (!app) throw new Error('no app');
  const page = { url, timestamp: '1700000000', nonceStr: 'n' };
  const { ticket } = jsapiTicket(sandbox.state.ding, app);
  const signature = dingPageSignature(digest, ticket, page);
  const jsApiList = ['biz.util.scan', 'device.geolocation.get'];
  return { corpId: app.corpId, agentId: app.agentId, timeStamp: 1_700_000_000, nonceStr: 'n', signature, jsApiList };
}

it('gives a page scanner and position once it has shown its signature, by either digest', async () => {
  for (const digest of ['sha256', 'sha1'] as const) {
    const call = bridge('6901234567892');
    expect(await call('biz.util.scan', {})).toMatchObject({ errorCode: '7' });
    expect(await call('runtime.permission.requestJsApis', config(digest))).toMatchObject({ errorCode: '0' });
    expect(await call('biz.util.scan', {})).toMatchObject({ errorCode: '0', result: { text: '6901234567892' } });
    expect(await call('device.geolocation.get', { coordinate: 1 })).toMatchObject({
      result: { latitude: 31, longitude: 121, accuracy: 20, isFromMock: true },
    });
  }
});

it('refuses a signature that is not the app’s, and one of the other digest when the switch is strict', async () => {
  const call = bridge(null);
  expect(await call('runtime.permission.requestJsApis', { ...config(), signature: 'x' })).toMatchObject({
    errorCode: '52013',
  });
  sandbox.state.ding.switches.pageDigest = 'sha256';
  expect(await call('runtime.permission.requestJsApis', config('sha1'))).toMatchObject({ errorCode: '52013' });
  expect(await call('runtime.permission.requestJsApis', config())).toMatchObject({ errorCode: '0' });
  expect(await call('biz.util.scan', {})).toMatchObject({ errorCode: '-1' });
});
