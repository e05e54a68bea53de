import { afterAll, beforeAll, expect, it } from 'vitest';
import { answerDingPage } from '../../../../../infra/sandbox/src/dingtalk/js-sdk.js';
import {
  type ChatTestApp,
  connectDingtalk,
  makeTenant,
  startChatApp,
  type TestTenant,
} from '../../../../test/support/chat-app.js';
import type { Connection } from '../connection.js';
import { ChatPlatforms } from '../port/platforms.js';

let t: ChatTestApp;
let tenant: TestTenant;
let connection: Connection;

beforeAll(async () => {
  t = await startChatApp({ wait: async () => undefined });
  tenant = await makeTenant(t, 'demo', '演示企业');
  connection = await connectDingtalk(t, tenant.tenantId);
});
afterAll(() => t.close());

const page = {
  url: 'http://lianke.example/m/?connection=1&name=%E7%8E%8B',
  timestamp: 1_700_000_000,
  nonceStr: 'n0nce',
};
const sign = () => t.app.get(ChatPlatforms).of(connection).signPage(connection, page);
const answered = (signature: string) => {
  const { corpId, agentId } = connection;
  const asked = {
    corpId,
    agentId,
    signature,
    url: page.url,
    nonceStr: page.nonceStr,
    timestamp: String(page.timestamp),
  };
  return answerDingPage(t.sandbox.state.ding, JSON.stringify(asked)).errcode;
};

it('is what the client’s servers expect of the page, and nothing else is', async () => {
  const { signature, agentSignature } = await sign();
  expect(agentSignature).toBeNull();
  expect(answered(signature)).toBe(0);
  expect(answered(`${signature.slice(1)}0`)).toBe(52013);
  t.sandbox.state.ding.switches.pageDigest = 'sha1';
  expect(answered(signature)).toBe(52013);
  t.sandbox.state.ding.switches.pageDigest = 'both';
});

it('fetches its ticket once, and anew when it has run out', async () => {
  t.sandbox.state.log.clear();
  const [first, second] = [await sign(), await sign()];
  expect(second).toEqual(first);
  const asked = () => t.sandbox.state.log.list({}).filter((entry) => entry.path.endsWith('jsapiTickets')).length;
  expect(asked()).toBeLessThanOrEqual(1);
});
