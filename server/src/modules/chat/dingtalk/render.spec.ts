import type { Card } from '@lianke/shared/chat/cards';
import { cardRecipe } from '@lianke/shared/chat/dingtalk-setup';
import { describe, expect, it } from 'vitest';
import { cardValues, noticeBody, outcomeValues, todoBody } from './render.js';

const place = {
  source: '联客',
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

it('a to-do stays within its lengths', () => {
  const todo = JSON.parse(todoBody('union', long, place)) as { subject: string; description: string; sourceId: string };
  expect(todo.subject.length).toBeLessThanOrEqual(1024);
  expect(todo.description.length).toBeLessThanOrEqual(4096);
  expect(todo.sourceId).toBe(place.taskId);
});
