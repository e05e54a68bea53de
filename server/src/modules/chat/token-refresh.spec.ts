import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ChatTestApp, connectWecom, makeTenant, startChatApp } from '../../../test/support/chat-app.js';
import { testSecretKey } from '../../../test/support/database.js';
import { noteFacts, soaking } from '../../../test/support/soak.js';
import type { Connection } from './connection.js';

const count = { processes: 4, sends: soaking ? 200 : 80, expiries: soaking ? 40 : 4 };
const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const loader = pathToFileURL(file('../../../../infra/cli/lib/typescript.mjs')).href;

interface Burst {
  sent: number;
  refused: string[];
  ms: number;
}

let t: ChatTestApp;
let connection: Connection;
const children: ChildProcess[] = [];

beforeAll(async () => {
  t = await startChatApp();
  const tenant = await makeTenant(t, 'demo');
  connection = await connectWecom(t, tenant.tenantId);
  // The token of this process plays no part: all begin without one.
  await t.database.withTenant(tenant, (tx) => tx.run('DELETE FROM lianke.chat_token'));
  const told = { urls: t.urls, secretKey: testSecretKey, apiBase: t.sandbox.url, connection, userid: 'boss' };
  for (let index = 0; index < count.processes; index++)
    children.push(
      fork(file('../../../test/support/token-sender.ts'), [JSON.stringify(told)], { execArgv: ['--import', loader] }),
    );
  await Promise.all(children.map((child) => once(child, 'message')));
}, 120_000);
afterAll(async () => {
  for (const child of children) child.disconnect();
  await t.close();
});

/** All processes send at the same moment, each its share. */
async function burst(): Promise<Burst[]> {
  const answers = Promise.all(children.map(async (child) => (await once(child, 'message'))[0] as Burst));
  for (const child of children) child.send({ sends: count.sends / count.processes });
  return answers;
}

it('is one call to the platform for each expiry, however many send in however many processes', async () => {
  const asked: number[] = [];
  for (let expiry = 0; expiry <= count.expiries; expiry++) {
    // The first time there is no token at all, then it is taken back in either way.
    if (expiry > 0) {
      const path = `corps/${connection.corpId}/apps/${connection.agentId}/expire-token`;
      const body = JSON.stringify({ as: expiry % 2 ? 'expired' : 'invalid' });
      const answer = await fetch(`${t.sandbox.url}/sandbox/api/${path}`, { method: 'POST', body });
      expect(answer.ok).toBe(true);
    }
    t.sandbox.state.log.clear();
    const bursts = await burst();
    expect(bursts.flatMap((each) => each.refused)).toEqual([]);
    expect(bursts.reduce((sum, each) => sum + each.sent, 0)).toBe(count.sends);
    asked.push(t.sandbox.state.log.list({ text: '/gettoken', limit: 2000 }).length);
  }
  expect(asked).toEqual(asked.map(() => 1));
  noteFacts('token refreshes', { ...count, refreshes: asked.reduce((sum, each) => sum + each, 0) });
}, 600_000);
