import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TwoPlatforms } from '../../../../test/support/two-platforms.js';
import { MissedPushes } from '../callbacks/missed-pushes.js';
import { ConnectionRepository } from '../connection.repository.js';

let both: TwoPlatforms;
beforeAll(async () => {
  both = await TwoPlatforms.start('http');
  await both.livesInDingtalk('chenzg');
  await both.provePresses();
});
afterAll(() => both.close());
afterEach(() => both.forget());

const address = (more = '') => `${both.t.url}/callbacks/dingtalk/${both.dingtalk.id}${more}`;
const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const kept = async () =>
  (await both.t.database.withTenant(both.tenant, (tx) => tx.sql('SELECT 1 FROM lianke.callback_inbox'))).length;
const signed = (timestamp: string, secret = both.dingtalk.callbackAesKey) => ({
  'x-ddpaas-signature-timestamp': timestamp,
  'x-ddpaas-signature': createHmac('sha256', secret).update(timestamp).digest('base64'),
});

describe('the address for events', () => {
  it('was verified by the platform: its encrypted success is answered in kind', async () => {
    const app = both.t.sandbox.state.ding.world.corps.get(both.dingtalk.corpId)?.apps.get(both.dingtalk.appKey ?? '');
    expect(app?.eventPush?.url).toBe(address());
    const connection = await both.t.app.get(ConnectionRepository).ofTenant(both.tenant, both.dingtalk.id);
    expect(connection?.state.callbackSeenAt).toEqual(expect.any(String));
  });

  it('refuses what nobody signed, and keeps nothing of it', async () => {
    const before = await kept();
    const query = '?msg_signature=0123456789012345678901234567890123456789&timestamp=1&nonce=1';
    expect((await post(address(query), { encrypt: 'QUJDREVGR0g=' })).status).toBe(403);
    expect((await post(address(), { encrypt: 'QUJDREVGR0g=' })).status).toBe(403);
    expect((await post(address(query), {})).status).toBe(400);
    expect((await post(address(query), 'not json')).status).toBe(400);
    expect((await post(`${both.t.url}/callbacks/dingtalk/nonsense${query}`, { encrypt: 'QQ==' })).status).toBe(404);
    expect((await post(`${both.t.url}/callbacks/dingtalk/${both.wecom.id}${query}`, { encrypt: 'QQ==' })).status).toBe(
      404,
    );
    expect(await kept()).toBe(before);
  });
});

describe('presses by HTTP', () => {
  it('are signed, answered and acted on', async () => {
    await both.enqueue({ to: [both.member('chenzg')] });
    await both.work();
    const [row] = await both.rows();
    const { delivery } = await both.press('chenzg', row?.id ?? '', 'test.approve');
    expect(delivery).toMatchObject({ state: 'delivered', channel: 'http' });
    await both.work();
    expect(both.presses).toMatchObject([{ messageId: row?.id, memberId: both.member('chenzg') }]);
  });

  it('that are unsigned, old, or repeated are not', async () => {
    await both.enqueue({ to: [both.member('chenzg')] });
    await both.work();
    const [row] = await both.rows();
    const body = {
      type: 'actionCallback',
      outTrackId: row?.id,
      corpId: both.dingtalk.corpId,
      userId: 'chenzg',
      content: JSON.stringify({ cardPrivateData: { actionIds: ['a1'], params: { action: 'test.approve' } } }),
    };
    const now = String(Date.now());
    expect((await post(address('/card'), body)).status).toBe(403);
    expect((await post(address('/card'), body, signed(now, 'another'))).status).toBe(403);
    expect((await post(address('/card'), body, signed(String(Date.now() - 600_000)))).status).toBe(403);
    expect((await post(address('/card'), body, signed('nonsense'))).status).toBe(403);
    expect((await post(address('/card'), { hello: 1 }, signed(now))).status).toBe(400);
    await both.work();
    expect(both.presses).toEqual([]);
    for (let round = 0; round < 3; round++) expect((await post(address('/card'), body, signed(now))).status).toBe(200);
    await both.work();
    expect(both.presses).toHaveLength(1);
  });

  it('by somebody who is no member here do nothing', async () => {
    await both.enqueue({ to: [both.member('chenzg')] });
    await both.work();
    const [row] = await both.rows();
    const content = JSON.stringify({ cardPrivateData: { params: { action: 'test.approve' } } });
    await post(address('/card'), { outTrackId: row?.id, userId: 'stranger', content }, signed(String(Date.now())));
    await both.work();
    expect(both.presses).toEqual([]);
  });
});

describe('events', () => {
  it('that come twice are kept once', async () => {
    both.t.sandbox.state.ding.switches.pushTwice = true;
    const before = await kept();
    await both.platform('PUT', `dingtalk/corps/${both.dingtalk.corpId}/members/boss`, {
      name: '老板',
      departments: [2],
    });
    await both.work();
    both.t.sandbox.state.ding.switches.pushTwice = false;
    expect(await kept()).toBe(before + 1);
  });

  it('that the platform gave up while nobody answered are fetched, each once', async () => {
    const { ding, pushes } = both.t.sandbox.state;
    const push = ding.world.corps.get(both.dingtalk.corpId)?.apps.get(both.dingtalk.appKey ?? '')?.eventPush;
    if (!push) throw new Error('the sandbox pushes nothing');
    const { url } = push;
    push.url = 'http://127.0.0.1:9/';
    const before = await kept();
    await both.platform('PUT', `dingtalk/corps/${both.dingtalk.corpId}/members/chenzg`, {
      name: '陈主管',
      departments: [1, 2],
    });
    await pushes.idle();
    push.url = url;
    ding.switches.failedEventsOnce = false;
    expect(await kept()).toBe(before);
    const missed = both.t.app.get(MissedPushes);
    await missed.round();
    await missed.round();
    ding.switches.failedEventsOnce = true;
    expect(await kept()).toBe(before + 1);
    await both.work();
    const places = await both.t.database.withTenant(both.tenant, (tx) =>
      tx.sql<{ number: number }>(
        `SELECT cd.number FROM lianke.department_member dm
         JOIN lianke.chat_department cd ON cd.department_id = dm.department_id AND cd.connection_id = $1
         WHERE dm.member_id = $2 AND dm.connection_id = $1 ORDER BY 1`,
        [both.dingtalk.id, both.member('chenzg')],
      ),
    );
    expect(places.map((place) => place.number)).toEqual(expect.arrayContaining([1]));
  });
});
