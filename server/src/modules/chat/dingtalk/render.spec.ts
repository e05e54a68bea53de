import type { Card } from '@lianke/shared/chat/cards';
import { cardRecipe } from '@lianke/shared/chat/dingtalk-setup';
import { describe, expect, it } from 'vitest';
import { placeIn } from './mini-program.js';
import { cardValues, noticeBody, outcomeValues, todoBody } from './render.js';

const place = {
  source: '联客',
  language: 'zh' as const,
  url: 'https://crm.example/m/?connection=1#/pages/task/index?id=1',
  taskId: '01900000-0000-7000-8000-0123456789ab',
  pending: true,
};
const card: Card = {
  kind: 'approval',
  title: '合同审批：巴比食品',
  description: '王芳 提交',
  facts: [{ label: '金额', value: '800,000.00 元' }],
  path: '/pages/task/index?id=1',
  buttons: [
    { text: '同意', action: 'approve:1', style: 'primary' },
    { text: '拒绝', action: 'reject:1', style: 'danger' },
    { text: '去处理', action: 'open:1', style: 'default', opens: true },
  ],
};
/** Everything as long as people make it, with signs that a byte count would cut in two. */
const long: Card = {
  ...card,
  title: '审批😀'.repeat(200),
  description: '说明👨‍👩‍👧'.repeat(400),
  facts: Array.from({ length: 20 }, (_, index) => ({ label: `标签${index}`.repeat(20), value: '值😀'.repeat(300) })),
};

describe('a card’s variables', () => {
  it('are exactly those that the recipe tells an administrator to make', () => {
    expect(Object.keys(cardValues(card, place)).sort()).toEqual(cardRecipe.map((variable) => variable.name).sort());
    for (const name of Object.keys(outcomeValues('已同意'))) expect(cardRecipe.map((one) => one.name)).toContain(name);
  });

  it('carry buttons that act, and the link apart', () => {
    expect(cardValues(card, place)).toMatchObject({
      status: 'pending',
      a1_text: '同意',
      a1_key: 'approve:1',
      a2_key: 'reject:1',
      a3_text: '',
      open_text: '去处理',
      url: place.url,
    });
  });

  it('stay within a kilobyte each, cut between signs', () => {
    const values = cardValues(long, place);
    for (const value of Object.values(values)) expect(Buffer.byteLength(value)).toBeLessThanOrEqual(1024);
    expect(values.title).not.toMatch(/\uFFFD/);
    expect(() => JSON.parse(values.contents ?? '')).not.toThrow();
  });
});

describe('a work notice', () => {
  const msgOf = (body: string) => JSON.stringify((JSON.parse(body) as { msg: object }).msg);

  it('stays within 2,048 bytes whatever is in it', () => {
    expect(Buffer.byteLength(msgOf(noticeBody('1', 'u', long, place)))).toBeLessThanOrEqual(2048);
    expect(Buffer.byteLength(msgOf(noticeBody('1', 'u', { ...long, buttons: [] }, place)))).toBeLessThanOrEqual(2048);
  });

  it('ends with what tells it from another of the same words', () => {
    const one = noticeBody('1', 'u', { ...card, buttons: [] }, place);
    const other = noticeBody('1', 'u', { ...card, buttons: [] }, { ...place, taskId: `${place.taskId.slice(0, -1)}c` });
    expect(msgOf(one)).not.toBe(msgOf(other));
    expect(noticeBody('1', 'u', { ...card, buttons: [] }, place)).toBe(one);
  });

  it('shows people’s own signs as they are, not as Markdown', () => {
    const body = noticeBody('1', 'u', { ...card, buttons: [], title: '**A** [x](http://evil)' }, place);
    const { msg } = JSON.parse(body) as { msg: { action_card: { markdown: string } } };
    expect(msg.action_card.markdown.split('\n')[0]?.trim()).toBe(String.raw`### \*\*A\*\* \[x\](http://evil)`);
  });
});

describe('a message of an app that is a mini-program itself', () => {
  const connection = { settings: { miniPages: true }, suiteId: null, corpId: 'dingx', agentId: '7' };
  const inside = placeIn(connection, card, place);
  type Notice = { msg: { oa?: Record<string, string>; action_card?: Record<string, string> } };
  const noticeOf = (more: Partial<Card>, at = inside) =>
    (JSON.parse(noticeBody('1', 'u', { ...card, ...more }, at)) as Notice).msg;
  const scheme =
    'dingtalk://dingtalkclient/action/open_micro_app?corpId=dingx&agentId=7&page=pages%2Ftask%2Findex%3Fid%3D1&fallbackUrl=';

  it('leads work notices into it by eapp, on a PC to the page', () => {
    expect(noticeOf({}).oa).toMatchObject({ message_url: 'eapp://pages/task/index?id=1', pc_message_url: place.url });
    expect(noticeOf({ buttons: [] }).action_card).toMatchObject({ single_url: 'eapp://pages/task/index?id=1' });
  });

  it('leads cards and to-dos into it by the link that opens the app, with the page to fall back to', () => {
    const url = `${scheme}${encodeURIComponent(place.url)}`;
    expect(cardValues(card, inside).url).toBe(url);
    const { detailUrl } = JSON.parse(todoBody('union', card, inside)) as { detailUrl: object };
    expect(detailUrl).toEqual({ appUrl: url, pcUrl: place.url });
  });

  it('opens the page where it is none, where the app is of the directory, or where the address would be too long', () => {
    const pages = [
      placeIn({ ...connection, settings: {} }, card, place),
      placeIn({ ...connection, suiteId: 'suite1' }, card, place),
      placeIn(connection, { ...card, path: `/pages/list/index?filter=${'x'.repeat(500)}` }, place),
    ];
    for (const at of pages) {
      expect(at).toBe(place);
      expect(noticeOf({}, at).oa).toMatchObject({ message_url: place.url });
    }
  });
});

it('a to-do stays within its lengths', () => {
  const todo = JSON.parse(todoBody('union', long, place)) as { subject: string; description: string; sourceId: string };
  expect(todo.subject.length).toBeLessThanOrEqual(1024);
  expect(todo.description.length).toBeLessThanOrEqual(4096);
  expect(todo.sourceId).toBe(place.taskId);
});
