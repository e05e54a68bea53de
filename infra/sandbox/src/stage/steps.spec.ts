import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AGENT, type Answer, approvalCard, type Bench, bench, CORP, listener } from '../testing/support.js';
import type { StepView } from './contract.js';
import { STEP_KEYS } from './steps.js';

let sandbox: Bench;
let app: Awaited<ReturnType<typeof listener>>;
let progress: unknown;

beforeEach(async () => {
  progress = null;
  app = await listener((request) =>
    request.url.pathname === '/api/v1/demo/progress' && progress !== null
      ? { body: JSON.stringify(progress) }
      : { status: 404, body: '{}' },
  );
  sandbox = await bench({ publicUrl: app.url });
});
afterEach(async () => {
  await sandbox.close();
  await app.close();
});

async function step(key: string): Promise<StepView | undefined> {
  const { items } = (await sandbox.api('GET', 'steps')).json as { items: StepView[] };
  return items.find((each) => each.key === key);
}
/** 我的企业, in which the walk is made. */
const MINE = { corpId: 'wwmine0000000002', secret: 'sandbox-secret-mine-1000002' };
const words = { msgtype: 'text', text: { content: 'x' } };
async function call(path: string, body: Record<string, unknown>): Promise<Answer> {
  const got = await fetch(`${sandbox.url}/cgi-bin/gettoken?corpid=${MINE.corpId}&corpsecret=${MINE.secret}`);
  const { access_token } = (await got.json()) as { access_token: string };
  const init = { method: 'POST', body: JSON.stringify({ agentid: AGENT, ...body }) };
  return (await (await fetch(`${sandbox.url}/cgi-bin/${path}?access_token=${access_token}`, init)).json()) as Answer;
}
const send = (touser: string, body: Record<string, unknown> = words) => call('message/send', { touser, ...body });

async function logIn(): Promise<void> {
  const back = encodeURIComponent(`${app.url}/cb`);
  await fetch(
    `${sandbox.url}/wwlogin/sso/login?login_type=CorpApp&appid=${CORP}&agentid=${AGENT}&redirect_uri=${back}`,
  );
  const [login] = (await sandbox.api('GET', 'logins')).json.items as { id: string }[];
  const person = { userid: 'admin', qrId: login?.id };
  await sandbox.api('POST', 'scan', person);
  const { json } = await sandbox.api('POST', 'confirm', person);
  const code = new URL(String(json.redirect)).searchParams.get('code') ?? '';
  await sandbox.wecom('auth/getuserinfo', { query: { code } });
}

describe('the walk', () => {
  it('has ten steps, all open at first', async () => {
    const { items } = (await sandbox.api('GET', 'steps')).json as { items: StepView[] };
    expect(items.map((each) => each.key)).toEqual([...STEP_KEYS]);
    const last = items.find((each) => each.key === 'extend')?.actions.slice(1);
    expect(last?.map((action) => action.kind === 'console' && [action.to, new URL(action.url).pathname])).toEqual([
      ['connect', '/admin/connections'],
      ['reset', '/'],
    ]);
    expect(items.every((each) => each.state === 'todo' && each.actions.length > 0)).toBe(true);
  });

  it('ticks the log-in when the application has exchanged the code', async () => {
    await logIn();
    expect(await step('login')).toMatchObject({ state: 'done', note: { phrase: 'loggedIn', name: '管理员' } });
  });

  it('explains a log-in that fails', async () => {
    await fetch(`${sandbox.url}/wwlogin/sso/login?appid=${CORP}&agentid=${AGENT}&redirect_uri=http%3A%2F%2Fwrong%2F`);
    expect(await step('login')).toMatchObject({
      state: 'failed',
      note: { phrase: 'reason', reason: expect.stringContaining('授权回调域') },
    });
    await logIn();
    expect(await step('login')).toMatchObject({ state: 'done' });
  });

  it('ticks the card on the phone, and explains a refused message at the step at hand only', async () => {
    await send('ghost');
    expect(await step('customer')).toMatchObject({ state: 'todo', note: null });
    for (const key of ['login', 'dashboard', 'import', 'assign', 'flow'])
      await sandbox.api('POST', `steps/${key}`, { done: true });
    expect(await step('customer')).toMatchObject({
      state: 'failed',
      note: { phrase: 'refused', reason: expect.stringContaining('81013') },
    });
    await send('wangfang');
    expect(await step('customer')).toMatchObject({ state: 'done' });
  });

  it('does not take the administrator’s press of a test card for the approval (the walk began with a tick)', async () => {
    const { msgid } = await send('admin', { msgtype: 'template_card', template_card: approvalCard('test') });
    await sandbox.api('POST', `cards/${msgid}/press`, { userid: 'admin', key: 'approve:1' });
    await sandbox.state.callbacks.idle();
    expect(await step('contract')).toMatchObject({ state: 'todo' });
  });

  it('explains a press that the application did not get, and offers to deliver it again', async () => {
    const state = sandbox.state.wecom.world.corps.get(MINE.corpId)?.apps.get(AGENT);
    if (state) state.callback = { url: `${app.url}/callback`, token: 't', aesKey: 'a'.repeat(43), verifiedAt: 0 };
    const { msgid, response_code } = await send('chenzg', {
      msgtype: 'template_card',
      template_card: approvalCard('c1'),
    });
    await sandbox.api('POST', `cards/${msgid}/press`, { userid: 'chenzg', key: 'approve:1' });
    await sandbox.state.callbacks.idle();
    const failed = await step('contract');
    expect(failed).toMatchObject({
      state: 'failed',
      note: { phrase: 'reason', reason: expect.stringContaining('404') },
    });
    expect(failed?.actions[0]).toMatchObject({ kind: 'redeliver' });
    await call('message/update_template_card', { atall: 1, response_code, button: { replace_name: '已同意' } });
    expect(await step('contract')).toMatchObject({ state: 'done', note: { phrase: 'cardUpdated', name: '陈主管' } });
  });

  it('ticks the reminder only when it comes after the clock was moved', async () => {
    await send('wangfang');
    expect(await step('overdue')).toMatchObject({ state: 'todo' });
    const moved = await sandbox.api('POST', 'clock/advance', { days: 3 });
    expect(moved.json).toMatchObject({ ahead: 3 * 86_400_000, app: 'unsupported' });
    await send('wangfang');
    expect(await step('overdue')).toMatchObject({ state: 'done', note: { phrase: 'reminded', name: '王芳' } });
  });

  it('ticks nothing for what happens in the other company', async () => {
    const other = (touser: string) => sandbox.wecom('message/send', { body: { touser, agentid: AGENT, ...words } });
    await other('wangfang');
    await sandbox.api('POST', 'clock/advance', { days: 3 });
    await other('wangfang');
    for (const key of ['customer', 'overdue']) expect(await step(key)).toMatchObject({ state: 'todo' });
  });

  it.each(['customer', 'overdue'])('leaves %s open while the application did not see its part', async (key) => {
    await sandbox.api('POST', 'clock/advance', { days: 3 });
    await send('wangfang');
    progress = { steps: [{ key, state: 'todo' }] };
    expect(await step(key)).toMatchObject({ state: 'todo', note: null });
    await sandbox.api('POST', 'steps/forget');
    progress = { steps: [{ key, state: 'done' }] };
    expect(await step(key)).toMatchObject({ state: 'todo' });
  });

  it('begins anew when it is told to, for whoever is logged in', async () => {
    await logIn();
    await send('wangfang');
    await sandbox.api('POST', 'steps/visit', { done: true });
    await sandbox.api('POST', 'steps/forget');
    expect(await step('login')).toMatchObject({ state: 'done' });
    for (const key of ['customer', 'visit']) expect(await step(key)).toMatchObject({ state: 'todo' });
  });

  it('moves whole days into working time, in China wherever it runs', async () => {
    const { json: before } = await sandbox.api('GET', 'clock');
    const { json: after } = await sandbox.api('POST', 'clock/advance', { days: 1, notBefore: '23:59' });
    const moved = (after as { now: number }).now - (before as { now: number }).now;
    expect(moved).toBeGreaterThanOrEqual(86_400_000);
    const inChina = new Date((after as { now: number }).now + 8 * 3_600_000);
    expect(inChina.getUTCHours() * 60 + inChina.getUTCMinutes()).toBe(23 * 60 + 59);
  });

  it('takes over what the application reports', async () => {
    progress = {
      steps: [
        { key: 'dashboard', state: 'done' },
        { key: 'import', state: 'failed', reason: '第 2 个工作表有密码', url: '/imports/1' },
        { key: 'unknown', state: 'done' },
      ],
    };
    expect(await step('dashboard')).toMatchObject({ state: 'done' });
    expect(await step('import')).toMatchObject({
      state: 'failed',
      note: { phrase: 'reason', reason: '第 2 个工作表有密码' },
      actions: [{ kind: 'console', url: `${app.url}/imports/1` }],
    });
  });

  it('ignores an answer of another shape', async () => {
    progress = { steps: 'many' };
    expect(await step('dashboard')).toMatchObject({ state: 'todo' });
  });

  it('can be ticked by hand, and refuses a step that does not exist', async () => {
    await sandbox.api('POST', 'steps/visit', { done: true });
    expect(await step('visit')).toMatchObject({ state: 'done', note: null });
    await sandbox.api('POST', 'steps/visit', { done: false });
    expect(await step('visit')).toMatchObject({ state: 'todo' });
    expect((await sandbox.api('POST', 'steps/nonsense', { done: true })).status).toBe(404);
  });
});
