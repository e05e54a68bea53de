import type { Card } from '@lianke/shared/chat/cards';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { adminPassword } from '../../../../test/support/chat-app.js';
import { approval, TwoPlatforms } from '../../../../test/support/two-platforms.js';
import { AppError } from '../../../kernel/errors/app-error.js';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import { DeliveryLog } from '../delivery-log.js';
import { DingtalkStreams } from './streams.js';

let both: TwoPlatforms;
beforeAll(async () => {
  both = await TwoPlatforms.start('stream');
  await both.t.app.get(DingtalkStreams).round();
  for (const userid of ['boss', 'chenzg']) await both.livesInDingtalk(userid);
  await both.provePresses();
});
afterAll(() => both.close());
afterEach(() => both.forget());

const calls = (path: string) =>
  both.t.sandbox.state.log
    .list({ limit: 1000 })
    .filter((entry) => entry.platform === 'dingtalk' && entry.path.endsWith(path));
const chenzg = () => both.member('chenzg');
const notice: Card = { ...approval, kind: 'notice', title: '新客户跟进', buttons: [] };
const fault = (path: string, effect: Parameters<typeof both.t.sandbox.state.faults.add>[0]['effect'], times = 1) =>
  both.t.sandbox.state.faults.add({ path, effect, times });
const task = () => ({ kind: 'task', id: uuid7() }) as const;

describe('what arrives', () => {
  it('for a decision is a card with its buttons and a to-do, under the message’s own id', async () => {
    await both.enqueue({ to: [chenzg()] });
    await both.work();
    const [row] = await both.rows();
    expect(row).toMatchObject({ state: 'sent', connection_id: both.dingtalk.id, error: null });
    const { cards, todos, notices } = await both.inbox('chenzg');
    expect(notices).toEqual([]);
    expect(cards).toMatchObject([
      {
        outTrackId: row?.id,
        values: { title: '合同审批', status: 'pending', a1_text: '同意', a1_key: 'test.approve', a2_text: '拒绝' },
      },
    ]);
    expect(JSON.parse(cards[0]?.values.contents ?? '')).toEqual([{ label: '金额', text: '800,000.00 元' }]);
    expect(todos).toMatchObject([{ sourceId: row?.id, subject: '合同审批', done: false }]);
    expect(todos[0]?.detailUrl.appUrl).toContain(`/m/?connection=${both.dingtalk.id}#/pages/task/index?id=1`);
  });

  it('before a press has come back is a work notice with its state and a to-do', async () => {
    await both.provePresses(false);
    const about = task();
    await both.enqueue({ to: [chenzg()], about });
    await both.work();
    const before = await both.inbox('chenzg');
    expect(before.cards).toEqual([]);
    expect(before.notices).toMatchObject([
      { msg: { msgtype: 'oa', oa: { body: { title: '合同审批' } } }, statusBar: { value: '待处理' } },
    ]);
    await both.update(about, '陈主管 已同意');
    await both.work();
    await both.provePresses();
    const after = await both.inbox('chenzg');
    expect(after.notices[0]?.statusBar?.value).toBe('陈主管 已同意');
    expect(after.todos).toMatchObject([{ done: true }]);
  });

  it('when nothing is asked is a notice with one link', async () => {
    await both.enqueue({ to: [chenzg()], card: notice, about: { kind: 'none', id: null } });
    await both.work();
    const { cards, notices, todos } = await both.inbox('chenzg');
    expect([cards, todos]).toEqual([[], []]);
    expect(notices).toMatchObject([{ msg: { msgtype: 'action_card' } }]);
  });

  it('goes where the member chose; who chose nothing is written to as before', async () => {
    await both.enqueue({ to: [chenzg(), both.member('wangfang'), both.member('admin')] });
    await both.work();
    const places = new Map((await both.rows()).map((row) => [row.member_id, row.connection_id]));
    expect(places.get(chenzg())).toBe(both.dingtalk.id);
    expect(places.get(both.member('wangfang'))).toBe(both.wecom.id);
    expect(places.get(both.member('admin'))).toBe(both.wecom.id);
  });

  it('is a notice when the card is refused, and the administrator reads why', async () => {
    await both.t.sandbox.state.ding.world.corps
      .get(both.dingtalk.corpId)
      ?.apps.get(both.dingtalk.appKey ?? '')
      ?.cardTemplates.clear();
    await both.enqueue({ to: [chenzg()] });
    await both.work();
    await both.platform('PATCH', `dingtalk/apps/${both.dingtalk.appKey}`, {
      cardTemplates: [{ id: 'lianke-approval.schema', variables: [] }],
    });
    expect(await both.rows()).toMatchObject([{ state: 'sent', error: null }]);
    expect((await both.inbox('chenzg')).notices).toHaveLength(1);
    const answer = await fetch(`${both.t.url}/api/v1/auth/password`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ tenant: 'demo', account: 'admin', password: adminPassword }),
    });
    const { token } = (await answer.json()) as { token: string };
    const list = await fetch(`${both.t.url}/api/v1/connections`, { headers: { authorization: `Bearer ${token}` } });
    const { items } = (await list.json()) as {
      items: { channel: string; checks: { key: string; message: string }[] }[];
    };
    const template = items
      .find((item) => item.channel === 'dingtalk')
      ?.checks.find((check) => check.key === 'template');
    expect(template?.message).toContain('没有这个卡片模板');
  });
});

describe('repeats', () => {
  it.each([
    ['a card', 'createAndDeliver', 'cards'],
    ['a to-do', '/tasks', 'todos'],
  ] as const)('of %s without an answer carry the same bytes, and one is there', async (_, path, what) => {
    fault(path, { kind: 'drop' });
    await both.enqueue({ to: [chenzg()] });
    await both.work();
    expect(await both.rows()).toMatchObject([{ state: 'queued', attempts: 1, error: 'unknown result' }]);
    await both.makeDue();
    await both.work();
    const [row] = await both.rows();
    expect(row).toMatchObject({ state: 'sent', error: null, receipt: { card: row?.id, todo: expect.any(String) } });
    expect((await both.inbox('chenzg'))[what]).toHaveLength(1);
    const [first, second] = calls(path).map((entry) => JSON.stringify(entry.request));
    expect(second).toBe(first);
  });

  it('of a notice without an answer are held back by the platform’s own rule, because they are the same', async () => {
    fault('asyncsend_v2', { kind: 'drop' });
    await both.enqueue({ to: [chenzg()], card: notice });
    await both.work();
    await both.makeDue();
    await both.work();
    expect(await both.rows()).toMatchObject([{ state: 'sent', error: null }]);
    expect((await both.inbox('chenzg')).notices).toHaveLength(1);
  });

  it('of the same words are no repeats: both arrive', async () => {
    for (const key of ['remind:0', 'remind:1']) await both.enqueue({ card: notice, to: [chenzg()], key });
    await both.work();
    expect((await both.inbox('chenzg')).notices).toHaveLength(2);
  });

  it('find a to-do again that an attempt without an answer had made, and finish it', async () => {
    const about = task();
    fault('/tasks', { kind: 'drop' });
    await both.enqueue({ to: [chenzg()], about });
    await both.work();
    await both.makeDue();
    await both.work();
    await both.update(about, '老板 已拒绝');
    await both.work();
    expect((await both.inbox('chenzg')).todos).toMatchObject([{ done: true }]);
  });

  it('take a card that is there already for delivered, whichever way the platform says so', async () => {
    both.t.sandbox.state.ding.switches.usedOutTrackId = 'old';
    fault('createAndDeliver', { kind: 'drop' });
    await both.enqueue({ to: [chenzg()] });
    await both.work();
    await both.makeDue();
    await both.work();
    both.t.sandbox.state.ding.switches.usedOutTrackId = 'refused';
    expect(await both.rows()).toMatchObject([{ state: 'sent' }]);
    expect((await both.inbox('chenzg')).cards).toHaveLength(1);
  });
});

describe('refusals', () => {
  it.each([
    ['wait a moment when throttled', 90018, { state: 'queued', attempts: 0 }],
    ['wait when the whole interface is throttled', 90002, { state: 'queued', attempts: 0 }],
    ['wait while the platform is busy', -1, { state: 'queued', attempts: 1 }],
    ['take another token when it was revoked, and go on', 40014, { state: 'sent', attempts: 0 }],
  ])('%s', async (_, errcode, expected) => {
    fault('createAndDeliver', { kind: 'errcode', errcode });
    await both.enqueue({ to: [chenzg()] });
    await both.work();
    expect(await both.rows()).toMatchObject([expected]);
    await both.makeDue();
    await both.work();
    expect(await both.rows()).toMatchObject([{ state: 'sent', error: null }]);
    expect((await both.inbox('chenzg')).cards).toHaveLength(1);
  });

  it('survive a gateway’s page instead of an answer', async () => {
    fault('createAndDeliver', { kind: 'status', status: 502 });
    await both.enqueue({ to: [chenzg()] });
    await both.work();
    expect(await both.rows()).toMatchObject([{ state: 'queued', attempts: 1, error: 'unknown result' }]);
  });

  it('of a missing permission name it, and what is left goes out', async () => {
    await both.platform('PATCH', `dingtalk/apps/${both.dingtalk.appKey}`, {
      permissions: ['contacts', 'notice', 'todo', 'robot'],
    });
    await both.enqueue({ to: [chenzg()] });
    await both.work();
    await both.platform('PATCH', `dingtalk/apps/${both.dingtalk.appKey}`, {
      permissions: ['contacts', 'notice', 'card', 'todo', 'robot'],
    });
    expect((await both.inbox('chenzg')).notices).toHaveLength(1);
    const [state] = await both.t.database.withTenant(both.tenant, (tx) =>
      tx.sql<{ problem: string }>(`SELECT state->>'problem' AS problem FROM lianke.chat_connection WHERE id = $1`, [
        both.dingtalk.id,
      ]),
    );
    expect(state?.problem).toContain('Card.Instance.Write');
  });
});

it('goes on by notice and by card where each interface knows its own tokens only, without asking twice for each call', async () => {
  const { log, ding } = both.t.sandbox.state;
  Object.assign(ding.switches, { tokensApart: true });
  try {
    await both.enqueue({ to: [chenzg()], card: notice });
    await both.work();
    await both.enqueue({ to: [chenzg()], about: task(), card: approval });
    await both.work();
    expect(await both.rows()).toMatchObject([{ state: 'sent' }, { state: 'sent' }]);
    log.clear();
    await both.enqueue({ to: [chenzg()], card: { ...notice, title: '再说一次' } });
    await both.work();
    const asked = log.list({}).map(({ path }) => path);
    expect(asked.filter((path) => /gettoken|accessToken/.test(path))).toEqual([]);
  } finally {
    Object.assign(ding.switches, { tokensApart: false });
  }
});

describe('a notice that the platform took and holds back', () => {
  const switches = () => both.t.sandbox.state.ding.switches;
  const send = async () => {
    await both.enqueue({ to: [chenzg()], card: notice });
    await both.work();
  };
  const later = async () => {
    both.t.sandbox.state.clock.advance(5000);
    await both.makeDue();
    await both.work();
  };
  afterEach(() => {
    Object.assign(switches(), { noticeForbidden: null, noticeDelayMs: 0 });
  });

  it.each([
    ['143103', '一分钟后自动重发'],
    ['143104', '一分钟后自动重发'],
    ['143203', '一分钟后自动重发'],
    ['143204', '一分钟后自动重发'],
    ['143105', '到明天会自动重发'],
    ['143205', '到明天会自动重发'],
  ] as const)('for a cap (%s) waits and is sent again', async (code, words) => {
    switches().noticeForbidden = code;
    await send();
    expect(await both.rows()).toMatchObject([
      { state: 'queued', attempts: 0, error: expect.stringContaining(`${words}`) },
    ]);
    switches().noticeForbidden = null;
    await later();
    expect(await both.rows()).toMatchObject([{ state: 'sent', error: null }]);
    expect((await both.inbox('chenzg')).notices).toHaveLength(1);
  });

  it.each([
    ['1430002', '敏感词'],
    ['1430004', '高管保护'],
  ] as const)('for good (%s) fails with what to do about it', async (code, words) => {
    switches().noticeForbidden = code;
    await send();
    expect(await both.rows()).toMatchObject([{ state: 'failed', error: expect.stringContaining(words) }]);
  });

  it('as a repeat of the same words (143206) is there already', async () => {
    switches().noticeForbidden = '143206';
    await send();
    expect(await both.rows()).toMatchObject([{ state: 'sent', unproven: false }]);
  });

  it('only after a while is found out by a second look, and sent again', async () => {
    Object.assign(switches(), { noticeDelayMs: 3000, noticeForbidden: '143103' });
    await send();
    const { items } = await both.t.app.get(DeliveryLog).list(both.ctx, {});
    expect(items[0]).toMatchObject({ state: 'sent', unproven: true });
    await later();
    expect(await both.rows()).toMatchObject([
      { state: 'queued', unproven: false, error: expect.stringContaining('143103') },
    ]);
    Object.assign(switches(), { noticeDelayMs: 0, noticeForbidden: null });
    await later();
    expect(await both.rows()).toMatchObject([{ state: 'sent', unproven: false, error: null }]);
    expect((await both.inbox('chenzg')).notices).toHaveLength(1);
  });

  it('that arrives after a while is proven by the second look, and sent once', async () => {
    both.t.sandbox.state.log.clear();
    switches().noticeDelayMs = 3000;
    await send();
    expect(await both.rows()).toMatchObject([{ state: 'sent', unproven: true }]);
    await later();
    expect(await both.rows()).toMatchObject([{ state: 'sent', unproven: false }]);
    expect(calls('asyncsend_v2')).toHaveLength(1);
  });

  it('for which nobody answers is asked about four times, and not sent twice', async () => {
    both.t.sandbox.state.log.clear();
    switches().noticeDelayMs = 86_400_000;
    await send();
    for (let look = 0; look < 6; look++) await later();
    expect(await both.rows()).toMatchObject([{ state: 'sent', unproven: false }]);
    expect(calls('getsendresult')).toHaveLength(5);
    expect(calls('asyncsend_v2')).toHaveLength(1);
  });
});

describe('a press', () => {
  it('comes back over the stream from the right person with what the card is about', async () => {
    const about = task();
    await both.enqueue({ to: [chenzg()], about });
    await both.work();
    const [row] = await both.rows();
    const { delivery } = await both.press('chenzg', row?.id ?? '', 'test.approve');
    expect(delivery.state).toBe('delivered');
    await both.work();
    expect(both.presses).toMatchObject([{ messageId: row?.id, action: 'test.approve', memberId: chenzg(), about }]);
  });

  it.each(['content', 'value'] as const)('is read from the field %s, wherever its parameters stand', async (field) => {
    for (const cardParams of ['inside', 'beside'] as const) {
      Object.assign(both.t.sandbox.state.ding.switches, { cardContentField: field, cardParams });
      await both.enqueue({ to: [chenzg()] });
      await both.work();
      await both.press('chenzg', (await both.rows()).at(-1)?.id ?? '', 'test.approve');
      await both.work();
    }
    Object.assign(both.t.sandbox.state.ding.switches, { cardContentField: 'content', cardParams: 'inside' });
    expect(both.presses.map((each) => each.action)).toEqual(['test.approve', 'test.approve']);
  });

  it('decides for three approvers on two platforms: every copy says who did what, every to-do is done', async () => {
    const about = task();
    await both.enqueue({ to: [chenzg(), both.member('boss'), both.member('caiwu')], about });
    await both.work();
    const rows = await both.rows();
    const own = rows.find((row) => row.member_id === chenzg());
    await both.press('chenzg', own?.id ?? '', 'test.approve');
    await both.work();
    await both.update(about, '陈主管 已同意', chenzg());
    await both.work();
    for (const userid of ['chenzg', 'boss']) {
      const { cards, todos } = await both.inbox(userid);
      expect(cards).toMatchObject([
        { values: { status: 'done', outcome: '陈主管 已同意', a1_text: '', title: '合同审批' } },
      ]);
      expect(todos).toMatchObject([{ done: true }]);
    }
    const { items } = await both.platform<{ items: { replaced: string | null }[] }>(
      'GET',
      `people/caiwu/cards?corpId=${both.wecom.corpId}`,
    );
    expect(items.at(-1)?.replaced).toBe('陈主管 已同意');
    expect((await both.rows()).map((row) => row.outcome_state)).toEqual(['done', 'done', 'done']);
  });

  it('that refuses offers the card’s reasons first, page by page and with a way back (it refused without a word)', async () => {
    const options = ['无', '资料不全', '不符合规定'].map((text, index) => ({ id: `r${index}`, text }));
    const card = { ...approval, choice: { key: 'reason', title: '拒绝理由', options } };
    const about = task();
    await both.enqueue({ to: [chenzg()], about, card });
    await both.work();
    const [row] = await both.rows();
    const press = async (action: string | undefined) =>
      (await both.press('chenzg', row?.id ?? '', action ?? 'no button')).values;
    const texts = (values: Record<string, string>) => [1, 2, 3].map((slot) => values[`a${slot}_text`]);
    const shown = async (): Promise<Record<string, string>> => (await both.inbox('chenzg')).cards[0]?.values ?? {};
    const asked = await press((await shown()).a2_key);
    expect(texts(asked)).toEqual(['拒绝：无', '拒绝：资料不全', '其他理由']);
    const others = await press(asked.a3_key);
    expect(texts(others)).toEqual(['拒绝：不符合规定', '返回', '']);
    expect(texts(await press(others.a2_key))).toEqual(['同意', '拒绝', '']);
    await both.work();
    expect(both.presses).toEqual([]);
    await press(asked.a2_key);
    await both.work();
    expect(both.presses).toMatchObject([{ action: 'test.reject', chosen: { reason: 'r1' }, memberId: chenzg() }]);
    await both.update(about, '陈主管 已拒绝', chenzg());
    await both.work();
    const last = await shown();
    expect([last.status, last.outcome, ...texts(last)]).toEqual(['done', '陈主管 已拒绝', '', '', '']);
  });

  it('made on WeCom changes the copy on DingTalk', async () => {
    const about = task();
    await both.enqueue({ to: [both.member('boss'), both.member('caiwu')], about });
    await both.work();
    await both.update(about, '财务 已拒绝', both.member('caiwu'));
    await both.work();
    expect((await both.inbox('boss')).cards).toMatchObject([{ values: { status: 'done', outcome: '财务 已拒绝' } }]);
  });

  it('on a copy that was decided meanwhile says so at once, and acts on nothing', async () => {
    const about = task();
    await both.enqueue({ to: [chenzg()], about });
    await both.work();
    const [row] = await both.rows();
    both.refusal = new AppError('already_handled', { who: '老板', outcome: '拒绝' });
    // The update of his copy is lost: his phone still shows the buttons.
    fault('card/instances', { kind: 'errcode', errcode: -1 });
    await both.update(about, '老板 已拒绝', both.member('boss'));
    await both.work();
    const { values } = await both.press('chenzg', row?.id ?? '', 'test.approve');
    expect(values).toMatchObject({ status: 'done', outcome: '老板 已拒绝' });
    await both.makeDue();
    await both.work();
    expect((await both.inbox('chenzg')).cards).toMatchObject([{ values: { outcome: '老板 已拒绝，无需处理' } }]);
  });

  it('delivered twice, or made twice by whoever decided, leaves his card saying what he did', async () => {
    const about = task();
    await both.enqueue({ to: [chenzg()], about });
    await both.work();
    const [row] = await both.rows();
    await both.press('chenzg', row?.id ?? '', 'test.approve');
    await both.work();
    await both.update(about, '陈主管 已同意', chenzg());
    await both.work();
    both.refusal = new AppError('already_handled', { who: '陈主管', outcome: '同意' });
    await both.press('chenzg', row?.id ?? '', 'test.approve');
    await both.work();
    expect((await both.inbox('chenzg')).cards).toMatchObject([{ values: { outcome: '陈主管 已同意' } }]);
  });

  it('refused for another reason leaves the buttons, and the reason comes as a message', async () => {
    await both.enqueue({ to: [chenzg()] });
    await both.work();
    both.refusal = new AppError('forbidden', { action: '审批' });
    await both.press('chenzg', (await both.rows())[0]?.id ?? '', 'test.approve');
    await both.work();
    const { cards, notices } = await both.inbox('chenzg');
    expect(cards).toMatchObject([{ values: { status: 'pending', a1_text: '同意' } }]);
    expect(JSON.stringify(notices[0]?.msg)).toContain('操作没有完成');
  });
});

describe('a card that is gone', () => {
  it('is followed by a message with the result', async () => {
    const about = task();
    await both.enqueue({ to: [chenzg()], about });
    await both.work();
    both.t.sandbox.state.ding.world.cards.clear();
    await both.update(about, '老板 已拒绝');
    await both.work();
    const { notices } = await both.inbox('chenzg');
    expect(JSON.stringify(notices[0]?.msg)).toContain('已处理：合同审批');
  });
});
