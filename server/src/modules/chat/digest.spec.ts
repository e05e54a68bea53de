import type { Card } from '@lianke/shared/chat/cards';
import { describe, expect, it } from 'vitest';
import { digestOf } from './digest.js';

const card = (title: string, description: string): Card => ({
  kind: 'task',
  title,
  description,
  facts: [],
  path: '/pages/task/index?id=1',
  buttons: [{ text: '完成', action: 'x', style: 'primary' }],
});

describe('digestOf', () => {
  it('takes the common title and counts what it does not show', () => {
    const many = Array.from({ length: 78 }, (_, index) => card('新客户跟进', `客户 ${index + 1}`));
    expect(digestOf(many, { path: '/pages/tasks/index', hint: 'digestHint', language: 'zh' })).toMatchObject({
      kind: 'digest',
      title: '新客户跟进（共 78 条）',
      facts: [
        { label: '1', value: '客户 1' },
        { label: '2', value: '客户 2' },
        { label: '3', value: '客户 3' },
        { label: '4', value: '客户 4' },
        { label: '5', value: '客户 5' },
        { label: '还有', value: '73 条' },
      ],
      path: '/pages/tasks/index',
      buttons: [],
    });
  });

  it('shows all of six, and titles that differ', () => {
    const six = Array.from({ length: 6 }, (_, index) => card(`标题 ${index + 1}`, '内容'));
    const digest = digestOf(six, { path: '/x', hint: 'digestAll', language: 'zh' });
    expect(digest.title).toBe('6 条新消息');
    expect(digest.facts.map((fact) => fact.value)).toEqual(six.map((one) => one.title));
  });
});
