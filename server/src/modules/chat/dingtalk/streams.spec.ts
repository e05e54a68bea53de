import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TwoPlatforms } from '../../../../test/support/two-platforms.js';
import { Database } from '../../../kernel/database/database.js';
import { createLogger } from '../../../kernel/logging/logger.js';
import type { Outbound } from '../../../kernel/outbound/outbound-http.js';
import { OUTBOUND } from '../../../kernel/tokens.js';
import { CallbackInbox } from '../callbacks/callback-inbox.js';
import { ConnectionRepository } from '../connection.repository.js';
import { ConnectionService } from '../connection.service.js';
import { DingApi } from './ding-api.js';
import { PressReply } from './press-reply.js';
import { DingtalkStreams } from './streams.js';

let both: TwoPlatforms;
let first: DingtalkStreams;
let second: DingtalkStreams;
beforeAll(async () => {
  both = await TwoPlatforms.start('stream');
  await both.livesInDingtalk('chenzg');
  await both.provePresses();
  first = process();
  second = process();
});
afterAll(async () => {
  await first.release();
  await second.release();
  await both.close();
});
afterEach(() => both.forget());

/** What another process of this server has. */
function process(): DingtalkStreams {
  const { app } = both.t;
  return new DingtalkStreams({
    database: app.get(Database),
    connections: app.get(ConnectionRepository),
    inbox: app.get(CallbackInbox),
    replies: app.get(PressReply),
    api: app.get(DingApi),
    sockets: app.get<Outbound>(OUTBOUND),
    logger: createLogger({ level: 'silent' }),
    enabled: false,
    random: () => 0,
  });
}

const appKey = () => both.dingtalk.appKey ?? '';
const onGateway = () => both.t.sandbox.state.gateway.count(appKey());
const gateway = (send: 'ping' | 'disconnect') => both.platform('POST', `dingtalk/apps/${appKey()}/stream`, { send });
const check = async () => {
  const service = both.t.app.get(ConnectionService);
  const [, view] = await service.list(both.ctx);
  return view?.checks.find((each) => each.key === 'callback');
};

describe('a stream', () => {
  it('is kept by one process, and taken over when that one stops', async () => {
    await Promise.all([first.round(), second.round()]);
    expect([first.open, second.open].sort()).toEqual([0, 1]);
    expect(onGateway()).toBe(1);
    const [holder, other] = first.open === 1 ? [first, second] : [second, first];
    await holder.round();
    await other.round();
    expect(onGateway()).toBe(1);
    await holder.release();
    await other.round();
    expect(other.open).toBe(1);
    expect(await check()).toMatchObject({ ok: true });
    [first, second] = [other, holder];
  });

  it('is taken over from a process that died, once its lease is over', async () => {
    await second.round();
    expect(second.open).toBe(0);
    await both.t.database.withTenant(both.tenant, (tx) =>
      tx.run(`UPDATE lianke.chat_stream SET lease_until = clock_timestamp() - interval '1 second'`),
    );
    await second.round();
    expect(second.open).toBe(1);
    await first.round();
    expect(first.open).toBe(0);
    [first, second] = [second, first];
  });

  it('answers the platform’s pings and goes on', async () => {
    await gateway('ping');
    await both.enqueue({ to: [both.member('chenzg')] });
    await both.work();
    const { delivery } = await both.press('chenzg', (await both.rows())[0]?.id ?? '', 'test.approve');
    expect(delivery.state).toBe('delivered');
  });

  it('told to go comes back with another ticket, and what was pushed meanwhile arrives', async () => {
    await gateway('disconnect');
    await expect.poll(() => first.open).toBe(0);
    await first.round();
    expect(first.open).toBe(1);
    both.t.sandbox.state.ding.switches.streamAgainMs = 10;
    await both.platform('PUT', `dingtalk/corps/${both.dingtalk.corpId}/members/xin`, {
      name: '新人',
      departments: [3],
    });
    await both.work();
    const names = await both.t.database.withTenant(both.tenant, (tx) =>
      tx.sql<{ name: string }>(`SELECT name FROM lianke.member WHERE name = '新人' AND state = 'active'`),
    );
    expect(names).toHaveLength(1);
  });

  it('pushed twice acts once', async () => {
    both.t.sandbox.state.ding.switches.pushTwice = true;
    await both.platform('DELETE', `dingtalk/corps/${both.dingtalk.corpId}/members/xin`);
    await both.work();
    both.t.sandbox.state.ding.switches.pushTwice = false;
    const rows = await both.t.database.withTenant(both.tenant, (tx) =>
      tx.sql<{ state: string }>(`SELECT state FROM lianke.callback_inbox WHERE body LIKE '%user_leave_org%'`),
    );
    expect(rows).toEqual([{ state: 'done' }]);
  });

  it('that does not open says why on the connection page, and opens once that is mended', async () => {
    const corp = both.t.sandbox.state.ding.world.corps.get(both.dingtalk.corpId);
    const app = corp?.apps.get(appKey());
    if (!app) throw new Error('no app');
    const secret = app.appSecret;
    await first.release();
    app.appSecret = 'changed-meanwhile';
    await first.round();
    expect(first.open).toBe(0);
    expect(await check()).toMatchObject({ ok: false, message: expect.stringContaining('AppKey 或 AppSecret 不对') });
    app.appSecret = secret;
    await second.round();
    await both.t.database.withTenant(both.tenant, (tx) => tx.run('DELETE FROM lianke.chat_stream'));
    await second.round();
    expect(second.open).toBe(1);
    expect(await check()).toMatchObject({ ok: true });
  });
});
