import type { Card } from '@lianke/shared/chat/cards';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { approval, TwoPlatforms } from '../../../../test/support/two-platforms.js';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import { ConnectionService } from '../connection.service.js';
import { noticeOf, placeIn } from './mini-program.js';

const appid = 'wx00000000lianke01';
let both: TwoPlatforms;

beforeAll(async () => {
  both = await TwoPlatforms.start('http');
});
afterAll(() => both.close());
afterEach(() => both.forget());

const settings = async (change: { miniAppId?: string; miniNotices?: boolean }) => {
  const { id, name, corpId, agentId } = both.wecom;
  const body = { id, channel: 'wecom', name, corpId, agentId, settings: change } as const;
  await both.t.app.get(ConnectionService).save(both.tenant, body);
};
const boss = () => both.member('boss');
const none = { kind: 'none', id: null } as const;
const notice: Card = { ...approval, kind: 'notice', title: '新客户跟进', description: '', buttons: [] };
const newest = () => {
  const message = [...both.t.sandbox.state.wecom.world.messages.values()].at(-1);
  if (!message) throw new Error('nothing arrived');
  return message.content;
};
const send = async (card: Card, about: { kind: 'task'; id: string } | typeof none = none) => {
  await both.enqueue({ to: [boss()], card, about });
  await both.work();
};

describe('a connection with a mini-program', () => {
  it('opens cards and their outcomes in it; without one they open pages as before', async () => {
    await settings({});
    await send(approval);
    expect(newest()).toMatchObject({
      card: { card_action: { type: 1, url: expect.stringContaining('/m/?connection=') } },
    });

    await settings({ miniAppId: appid });
    const about = { kind: 'task', id: uuid7() } as const;
    await send(approval, about);
    const inside = { type: 2, appid, pagepath: 'pages/task/index?id=1' };
    expect(newest()).toMatchObject({ kind: 'template_card', card: { card_action: inside } });
    await both.update(about, '老板 已同意');
    await both.work();
    expect((await both.rows()).at(-1)).toMatchObject({ outcome_state: 'done' });
    const face = [...both.t.sandbox.state.wecom.world.messages.values()].at(-1)?.faces.get('boss');
    expect(face).toMatchObject({ replaced: '老板 已同意', card: { card_action: inside } });
    // What only tells stays a card until the app is said to be the mini-program's own.
    await send(notice);
    expect(newest()).toMatchObject({ kind: 'template_card', card: { card_type: 'text_notice', card_action: inside } });
  });

  it('sends what only tells as a notice of the mini-program, which opens the page', async () => {
    await settings({ miniAppId: appid, miniNotices: true });
    await send(notice);
    expect(newest()).toEqual({
      kind: 'miniprogram_notice',
      title: '新客户跟进',
      description: '',
      page: 'pages/task/index?id=1',
      emphasisFirst: false,
      items: [{ key: '金额', value: '800,000.00 元' }],
    });
    expect((await both.rows()).at(-1)).toMatchObject({ state: 'sent', msgid: expect.any(String) });
    // What is answered in the chat is no notice.
    await send(approval);
    expect(newest().kind).toBe('template_card');
  });

  it('that is not bound to the app is told to the administrator; what waited goes out once that is mended', async () => {
    await settings({ miniAppId: 'wx00000000other001' });
    await send(notice);
    const [row] = await both.rows();
    expect(row).toMatchObject({ state: 'queued', error: expect.stringContaining('小程序没有关联') });
    await settings({ miniAppId: 'wx00000000other001', miniNotices: true });
    await both.work();
    expect((await both.rows())[0]).toMatchObject({ state: 'queued', error: expect.stringContaining('90208') });
    await settings({ miniAppId: appid });
    await both.work();
    expect((await both.rows())[0]).toMatchObject({ state: 'sent', error: null });
  });
});

describe('a notice', () => {
  const connection = { settings: { miniAppId: appid, miniNotices: true }, suiteId: null };
  const place = {
    source: '联客',
    language: 'zh' as const,
    url: 'https://crm.example.com/m/',
    taskId: 't1',
    pending: false,
  };
  const of = (card: Partial<Card>) => {
    const whole = { ...notice, ...card };
    return noticeOf(connection, whole, placeIn(connection, whole, place));
  };

  it.each([
    ['a title of three characters', { title: '新客户' }],
    ['a title of thirteen', { title: '一二三四五六七八九十一二三' }],
    ['a description of thirteen', { description: '一二三四五六七八九十一二三' }],
    ['a description of three', { description: '新客户' }],
    ['eleven facts', { facts: Array.from({ length: 11 }, (_, n) => ({ label: `第${n}`, value: '值' })) }],
    ['a value of thirty-one', { facts: [{ label: '说明', value: '字'.repeat(31) }] }],
    ['a label of eleven', { facts: [{ label: '字'.repeat(11), value: '值' }] }],
    ['a picture', { picture: { url: 'https://x', cover: 'https://x' } }],
    ['buttons', { buttons: approval.buttons }],
    ['a page of more than 1,024 bytes', { path: `/pages/a?b=${'x'.repeat(1100)}` }],
  ])('is no place for %s', (_, card) => {
    expect(of(card)).toBeNull();
  });

  it('counts characters, not halves of them, and leaves out empty facts', () => {
    const title = '😀😀😀😀😀😀😀😀😀😀😀😀';
    expect(of({ title, facts: [{ label: '空', value: '' }] })).toEqual({
      appid,
      page: 'pages/task/index?id=1',
      title,
      emphasis_first_item: false,
    });
  });
});
