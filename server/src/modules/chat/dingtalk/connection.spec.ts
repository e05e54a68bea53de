import type { BodyOf } from '@lianke/shared/api/contracts';
import type { MemberId } from '@lianke/shared/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChatTestApp, makeTenant, startChatApp, type TestTenant } from '../../../../test/support/chat-app.js';
import type { TenantContext } from '../../../engine/context.js';
import { TenantDirectory } from '../../../engine/org/tenant-directory.js';
import { CallbackWorker } from '../callbacks/callback-worker.js';
import { testAction } from '../connection.js';
import { ConnectionService } from '../connection.service.js';
import { MessageSender } from '../message-sender.js';
import { DingtalkStreams } from './streams.js';

let t: ChatTestApp;
let tenant: TestTenant;
let ctx: TenantContext;
beforeAll(async () => {
  t = await startChatApp({ wait: async () => undefined });
  tenant = await makeTenant(t, 'acme');
  ctx = await t.app
    .get(TenantDirectory)
    .context(tenant.tenantId, { kind: 'member', memberId: tenant.adminId as MemberId });
});
afterAll(() => t.close());

const service = () => t.app.get(ConnectionService);
const app = () => {
  const corp = t.sandbox.state.ding.world.corps.get('dingdemo0000000001');
  const own = corp?.apps.get('dingdemo0000000001app');
  if (!own) throw new Error('no app');
  return own;
};
const body = (more: Partial<BodyOf<'connections.save'>> = {}): BodyOf<'connections.save'> => ({
  channel: 'dingtalk',
  name: '钉钉',
  corpId: 'dingdemo0000000001',
  agentId: '2000002',
  appKey: 'dingdemo0000000001app',
  secret: 'sandbox-ding-secret-demo',
  ...more,
});
const view = async () => (await service().list(ctx))[0];
const marks = async () => Object.fromEntries((await view())?.checks.map((check) => [check.key, check.ok]) ?? []);

async function work(): Promise<void> {
  while (await t.app.get(MessageSender).round());
  await t.sandbox.state.pushes.idle();
  while (await t.app.get(CallbackWorker).round());
  while (await t.app.get(MessageSender).round());
}

async function pressTestCard(id: string): Promise<void> {
  const card = [...t.sandbox.state.ding.world.cards.values()].at(-1);
  if (!card) throw new Error('no card came');
  await t.sandbox.state.pushes.press(app(), card.outTrackId, 'admin', 'a1', { action: `${testAction}:${id}` });
  await work();
}

describe('a DingTalk connection', () => {
  let id: string;

  it.each([
    ['without its AppKey', { appKey: undefined }, 'AppKey'],
    ['with an agent id that is no number', { agentId: 'x' }, 'AgentId'],
  ])('%s is refused and says what is missing', async (_, more, what) => {
    const saving = service().save(tenant, body(more));
    await expect(saving).rejects.toMatchObject({
      code: 'invalid_request',
      params: { detail: expect.stringContaining(what) },
    });
  });

  it('turns green line by line: the card and its template last, when the press came back', async () => {
    const saved = await service().save(tenant, body());
    id = saved.id;
    expect(await marks()).toEqual({
      secret: true,
      permissions: null,
      ip: null,
      contacts: null,
      range: null,
      callback: null,
      template: null,
      login: null,
      card: null,
    });
    await t.app.get(DingtalkStreams).round();
    expect(await marks()).toMatchObject({ callback: true });
    const { secret: _, ...kept } = body({
      id: saved.id,
      settings: { push: 'stream', cardTemplateId: 'lianke-approval.schema' },
    });
    await service().save(tenant, kept);
    await service().test(ctx, saved.id);
    await work();
    expect(await marks()).toEqual({
      secret: true,
      permissions: null,
      ip: true,
      contacts: true,
      range: true,
      callback: true,
      template: null,
      login: null,
      card: null,
    });
    await pressTestCard(saved.id);
    expect(await marks()).toEqual({
      secret: true,
      permissions: true,
      ip: true,
      contacts: true,
      range: true,
      callback: true,
      template: true,
      login: null,
      card: true,
    });
    const card = [...t.sandbox.state.ding.world.cards.values()].at(-1);
    expect(card?.publicData).toMatchObject({ status: 'done', outcome: '连接正常' });
  });

  it('with another template must prove itself anew', async () => {
    const { secret: _, ...kept } = body({
      id: id as never,
      settings: { push: 'stream', cardTemplateId: 'unknown.schema' },
    });
    await service().save(tenant, kept);
    expect(await marks()).toMatchObject({ template: null, card: null });
    await service().test(ctx, id as never);
    await work();
    const template = (await view())?.checks.find((check) => check.key === 'template');
    expect(template).toMatchObject({ ok: false, message: expect.stringContaining('没有这个卡片模板') });
  });

  it('keeps a working secret until the new one works, and then goes on with the new one', async () => {
    const wrong = service().save(tenant, body({ id: id as never, secret: 'not-yet-valid' }));
    await expect(wrong).rejects.toMatchObject({
      code: 'invalid_request',
      params: { detail: expect.stringContaining('原来的仍在使用') },
    });
    expect(await marks()).toMatchObject({ secret: true });
    await service().test(ctx, id as never);
    await work();
    expect(await marks()).toMatchObject({ secret: true, contacts: true });
    app().appSecret = 'rotated-secret';
    const saved = await service().save(tenant, body({ id: id as never, secret: 'rotated-secret' }));
    expect(saved.state.secretOk).toBe(true);
    await service().test(ctx, id as never);
    expect(await marks()).toMatchObject({ secret: true, contacts: true });
  });

  it('names the permission that is missing, and the address to enter, each on its own line until a call passes', async () => {
    const { switches } = t.sandbox.state.ding;
    const line = async (key: string) => (await view())?.checks.find((check) => check.key === key);
    const { permissions } = app();
    app().permissions = permissions.filter((each) => each !== 'contacts');
    await service().test(ctx, id as never);
    expect(await line('permissions')).toMatchObject({ ok: false, message: expect.stringContaining('contacts') });
    app().permissions = permissions;
    switches.strictSetup = true;
    await service().test(ctx, id as never);
    expect(await line('ip')).toMatchObject({ ok: false, copy: '127.0.0.1' });
    app().serverIps = ['127.0.0.1'];
    await service().test(ctx, id as never);
    expect(await line('ip')).toMatchObject({ ok: true });
    expect((await line('permissions'))?.ok).not.toBe(false);
    switches.strictSetup = false;
  });

  it('cannot become one of another platform', async () => {
    const saving = service().save(tenant, {
      ...body({ id: id as never }),
      channel: 'wecom',
      corpId: 'wwx',
      agentId: '1',
    });
    await expect(saving).rejects.toMatchObject({ code: 'invalid_request' });
  });
});
