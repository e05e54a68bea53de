import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type ChatTestApp,
  connectWecom,
  makeTenant,
  startChatApp,
  type TestTenant,
} from '../../../test/support/chat-app.js';
import { testSecretKey } from '../../../test/support/database.js';
import { UndiciHttp } from '../../kernel/outbound/undici-http.js';
import { SecretBox } from '../../kernel/secrets/secret-box.js';
import type { Connection } from './connection.js';
import { TokenStore } from './token-store.js';
import { WecomClient } from './wecom/wecom-client.js';

let t: ChatTestApp;
let tenant: TestTenant;
let connection: Connection;
const http: UndiciHttp[] = [];

beforeAll(async () => {
  t = await startChatApp();
  tenant = await makeTenant(t, 'demo');
  connection = await connectWecom(t, tenant.tenantId);
});
afterAll(async () => {
  await Promise.all(http.map((each) => each.close()));
  await t.close();
});
beforeEach(async () => {
  t.sandbox.state.faults.remove();
  await forget();
  t.sandbox.state.log.clear();
});

/** What another process of the same installation would have. */
function newProcess(): WecomClient {
  const outbound = new UndiciHttp({ trustedHosts: [t.sandbox.url] });
  http.push(outbound);
  return new WecomClient(outbound, new TokenStore(t.database, new SecretBox(testSecretKey)), t.sandbox.url);
}

const forget = () => t.database.withTenant(tenant, (tx) => tx.run('DELETE FROM lianke.chat_token'));
const calls = (path: string) =>
  t.sandbox.state.log.list({}).filter((entry) => entry.direction === 'in' && entry.path.endsWith(path));
const many = <T>(count: number, work: () => Promise<T>) => Promise.all(Array.from({ length: count }, work));
const endToken = (as: 'expired' | 'invalid') =>
  fetch(`${t.sandbox.url}/sandbox/api/corps/${connection.corpId}/apps/${connection.agentId}/expire-token`, {
    method: 'POST',
    body: JSON.stringify({ as }),
  });

describe('the platform’s token', () => {
  it('is fetched once for fifty calls at once, and not kept in the clear', async () => {
    const client = newProcess();
    await many(50, () => client.user(connection, 'boss'));
    expect(calls('/gettoken')).toHaveLength(1);
    const [row] = await t.database.withTenant(tenant, (tx) =>
      tx.sql<{ row: string }>('SELECT t::text AS row FROM lianke.chat_token t'),
    );
    for (const token of t.sandbox.state.wecom.world.tokens.keys()) expect(row?.row).not.toContain(token);
  });

  it('is fetched once for several processes', async () => {
    const processes = [newProcess(), newProcess(), newProcess()];
    await Promise.all(processes.map((client) => many(20, () => client.user(connection, 'boss'))));
    expect(calls('/gettoken')).toHaveLength(1);
  });

  it.each(['expired', 'invalid'] as const)('%s early is replaced once, whoever notices', async (as) => {
    const [one, two] = [newProcess(), newProcess()];
    await one.user(connection, 'boss');
    await two.user(connection, 'boss');
    await endToken(as);
    await Promise.all([many(25, () => one.user(connection, 'boss')), many(25, () => two.user(connection, 'boss'))]);
    expect(calls('/gettoken')).toHaveLength(2);
  });

  it('refused again after a fresh one ends the call: one refresh, one repeat', async () => {
    const client = newProcess();
    t.sandbox.state.faults.add({ path: 'user/get', effect: { kind: 'errcode', errcode: 40014 } });
    await expect(client.user(connection, 'boss')).rejects.toMatchObject({ errcode: 40014, kind: 'refresh' });
    expect(calls('/user/get')).toHaveLength(2);
  });

  it('that could not be fetched leaves nobody waiting', async () => {
    const client = newProcess();
    t.sandbox.state.faults.add({ path: 'gettoken', effect: { kind: 'status', status: 502 }, times: 1 });
    const results = await Promise.allSettled([client.user(connection, 'boss'), client.user(connection, 'boss')]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected']);
    expect(await client.user(connection, 'boss')).toMatchObject({ userid: 'boss' });
  });

  it('of a process that died while fetching is fetched by the next one', async () => {
    await t.database.withTenant(tenant, (tx) =>
      tx.run(
        `INSERT INTO lianke.chat_token (tenant_id, connection_id, epoch, lease_until) VALUES ($1, $2, 7, clock_timestamp() - interval '1 second')`,
        [tenant.tenantId, connection.id],
      ),
    );
    expect(await newProcess().user(connection, 'boss')).toMatchObject({ userid: 'boss' });
  });

  it('stored by somebody else wins over one fetched under a lost lease', async () => {
    const store = new TokenStore(t.database, new SecretBox(testSecretKey));
    const token = await store.token(connection, async () => {
      // Meanwhile the lease ends and another process takes it and stores its own.
      await t.database.withTenant(tenant, (tx) => tx.run(`UPDATE lianke.chat_token SET lease_until = NULL`));
      const other = new TokenStore(t.database, new SecretBox(testSecretKey));
      await other.token(connection, async () => ({ token: 'newer', expiresIn: 7200 }));
      return { token: 'older', expiresIn: 7200 };
    });
    expect(token).toBe('newer');
  });
});

describe('a wrong secret', () => {
  it('is a matter for the administrator and is not tried in a loop', async () => {
    const wrong = { ...connection, secret: 'not the secret' };
    await expect(newProcess().user(wrong, 'boss')).rejects.toMatchObject({ errcode: 40001, kind: 'config' });
    expect(calls('/gettoken')).toHaveLength(1);
  });
});
