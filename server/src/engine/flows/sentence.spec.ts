import { type FlowNode, flowDefinition } from '@lianke/shared/flows/definition';
import { expect, it } from 'vitest';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import type { TenantForms } from '../forms/form-registry.js';
import { flowSentence } from './sentence.js';

const formId = uuid7();
const forms = {
  get: (id: string) =>
    id === formId
      ? { name: 'Contracts', field: (key: string) => (key === 'ends' ? { name: 'End date' } : undefined) }
      : undefined,
} as unknown as TenantForms;

const say = (trigger: unknown, nodes: Partial<FlowNode>[] = [], language: 'zh' | 'en' = 'en') => {
  const edges = nodes.map((node, index) => ({ from: nodes[index - 1]?.id ?? 'trigger', to: node.id }));
  return flowSentence(flowDefinition.parse({ trigger, nodes, edges }), forms, language);
};
const plan = (given: unknown) => say({ type: 'schedule', formId, plan: given, missed: 'once' });

it('says in English when a flow starts and what it does, the first three kinds of steps in their order', () => {
  const wait = (id: string) =>
    ({ id, name: '', type: 'delay', wait: { kind: 'for', amount: 1, unit: 'day' } }) as const;
  const create = { id: 'c', name: '', type: 'createRecord', formId, assignments: [] } as never;
  expect(say({ type: 'recordCreated', formId }, [wait('a'), create, wait('b')])).toBe(
    'When a record is created in [Contracts], wait, create a record in [Contracts]',
  );
  expect(say({ type: 'recordCreated', formId: uuid7() })).toBe('When a record is created in [deleted form]');
  expect(say({ type: 'recordCreated', formId }, [create], 'zh')).toBe(
    '当【Contracts】新增数据时，在【Contracts】新增一条',
  );
});

it('says dates, plans and keywords as they are read', () => {
  const date = (amount: number, field = 'ends', at?: string) =>
    say({ type: 'dateArrives', formId, field, amount, unit: 'day', missed: 'all', ...(at ? { at } : {}) });
  expect(date(-7, 'ends', '09:00')).toBe('7 days before "End date" of [Contracts] at 09:00');
  expect(date(1)).toBe('1 day after "End date" of [Contracts]');
  expect(date(0, 'gone')).toBe('On the day of "deleted field" of [Contracts]');
  expect(plan({ every: 'day', n: 1, at: '09:00' })).toBe('Every day at 09:00');
  expect(plan({ every: 'week', days: [1, 5], at: '09:00' })).toBe('Every week on Mon, Fri at 09:00');
  expect(plan({ every: 'month', days: [1, -1], at: '09:00' })).toBe('Every month on day 1, the last day at 09:00');
  expect(plan({ every: 'year', month: 12, day: 31, at: '09:00' })).toBe('Every year in December on day 31 at 09:00');
  expect(say({ type: 'chat', formId, on: 'text', match: 'startsWith', keywords: ['quote', 'price'] })).toBe(
    'When a member sends a message that begins with "quote" or "price" in the chat',
  );
});
