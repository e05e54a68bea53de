import type { Card } from '@lianke/shared/chat/cards';
import { describe, expect, it } from 'vitest';
import { checkCard } from '../../../../../infra/sandbox/src/wecom/card-rules.js';
import { cardUrl } from '../card-url.js';
import { cutBytes, cutCharacters } from '../cut-text.js';
import { renderCard, renderOutcome } from './render-card.js';

const place = {
  source: '联客',
  language: 'zh' as const,
  url: 'https://crm.example/m/?connection=1#/pages/task/index?id=1',
  taskId: 'task-1',
  pending: false,
};
const approval: Card = {
  kind: 'approval',
  title: '合同审批',
  description: '王芳 提交',
  facts: [
    { label: '客户', value: '巴比食品' },
    { label: '金额', value: '800,000.00 元' },
  ],
  path: '/pages/task/index?id=1',
  buttons: [
    { text: '同意', action: 'task.approve:1', style: 'primary' },
    { text: '拒绝', action: 'task.reject:1', style: 'danger' },
  ],
};

describe('renderCard', () => {
  it('makes a card with buttons from an approval', () => {
    expect(renderCard(approval, place)).toEqual({
      card_type: 'button_interaction',
      source: { desc: '联客', desc_color: 0 },
      main_title: { title: '合同审批' },
      sub_title_text: '王芳 提交',
      horizontal_content_list: [
        { keyname: '客户', value: '巴比食品' },
        { keyname: '金额', value: '800,000.00 元' },
      ],
      card_action: { type: 1, url: place.url },
      task_id: 'task-1',
      button_list: [
        { type: 0, text: '同意', style: 1, key: 'task.approve:1' },
        { type: 0, text: '拒绝', style: 3, key: 'task.reject:1' },
      ],
    });
  });

  it('asks the card’s question beside its buttons, the first option standing', () => {
    const options = Array.from({ length: 12 }, (_, n) => ({ id: `o${n}`, text: '很长的选项'.repeat(9) }));
    const { button_selection } = renderCard(
      { ...approval, choice: { key: 'reason', title: '拒绝理由', options } },
      place,
    );
    expect(button_selection).toMatchObject({ question_key: 'reason', title: '拒绝理由', selected_id: 'o0' });
    expect(button_selection?.option_list).toHaveLength(10);
    for (const { text } of button_selection?.option_list ?? []) expect(text.length).toBeLessThanOrEqual(17);
  });

  it('makes a notice of a card without buttons', () => {
    const notice = renderCard({ ...approval, buttons: [], facts: [] }, place);
    expect(notice).toMatchObject({ card_type: 'text_notice' });
    expect(notice).not.toHaveProperty('button_list');
    expect(notice).not.toHaveProperty('horizontal_content_list');
  });

  it('keeps every text within what the platform shows, whatever comes in', () => {
    const family = '👨‍👩‍👧‍👦';
    const long = `${'很长的文字'.repeat(60)}${family.repeat(40)}`;
    const card: Card = {
      ...approval,
      title: `${family.repeat(5)}${long}`,
      description: long,
      facts: Array.from({ length: 9 }, (_, index) => ({
        label: `字段名称很长${index}`,
        value: index === 1 ? '' : long,
      })),
      buttons: Array.from({ length: 8 }, (_, index) => ({
        text: `按钮上的文字太长了吧${index}`,
        action: `a${index}`,
        style: 'default' as const,
      })),
    };
    const sent = renderCard(card, place);
    const outcome = renderOutcome(card, long, '结果', place);
    expect(checkCard(sent, 'send').warnings).toEqual([]);
    expect(checkCard(outcome, 'update').warnings).toEqual([]);
    expect(sent.horizontal_content_list).toHaveLength(6);
    expect(sent.button_list).toHaveLength(6);
  });

  it('shows the result as one grey button and as a fact', () => {
    const card = renderOutcome(approval, '陈主管 已同意', '结果', place);
    expect(card.replace_text).toBe('陈主管 已同意');
    expect(card.horizontal_content_list?.at(-1)).toEqual({ keyname: '结果', value: '陈主管 已同意' });
  });

  it('links to the place in the mini-app, or to its start when the address would be too long', () => {
    expect(cardUrl('https://crm.example', 'c1', '/pages/task/index?id=1')).toBe(
      'https://crm.example/m/?connection=c1#/pages/task/index?id=1',
    );
    expect(cardUrl('https://crm.example', 'c1', `/${'x'.repeat(2100)}`)).toBe('https://crm.example/m/?connection=c1');
  });
});

describe('cutting', () => {
  it('counts characters and never splits what is seen as one', () => {
    expect(cutCharacters('审批', 2)).toBe('审批');
    expect(cutCharacters('审批通过', 3)).toBe('审批…');
    expect(cutCharacters('a👨‍👩‍👧b', 4)).toBe('a…');
    expect(cutCharacters('é́xyz', 3)).toBe('é́…');
  });

  it('counts bytes of UTF-8', () => {
    expect(cutBytes('审批通过', 12)).toBe('审批通过');
    expect(cutBytes('审批通过', 11)).toBe('审批…');
    expect(cutBytes('ab😀cd', 8)).toBe('ab😀cd');
    expect(cutBytes('ab😀cd', 7)).toBe('ab…');
  });
});

describe('an outcome where the platform shows the app no names', () => {
  const withheld = [{ userid: 'u1', text: '成员-a1' }];
  it.each([
    ['zh', '成员-a1 已同意', '已同意'],
    ['en', 'Approved by 成员-a1', 'Approved'],
    ['en', 'Done by 成员-a1 for 成员-a1', 'Done'],
  ] as const)('names nobody on its button (%s: %s)', (language, outcome, button) => {
    const card = renderOutcome(approval, outcome, '结果', { ...place, language, withheld });
    expect(card.replace_text).toBe(button);
    expect(card.horizontal_content_list?.at(-1)?.value).toContain('$userName=u1$');
  });
});

describe('labels', () => {
  it('are as broad as five Chinese characters, each as broad as two Latin ones', () => {
    const facts = ['客户名称全', '客户名称全称', 'Amount', 'Customer segment'].map((label) => ({ label, value: 'x' }));
    const { horizontal_content_list: list } = renderCard({ ...approval, facts }, place);
    expect(list?.map(({ keyname }) => keyname)).toEqual(['客户名称全', '客户名称…', 'Amount', 'Customer…']);
  });
});
