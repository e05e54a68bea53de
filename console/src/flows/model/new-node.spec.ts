import { flowDefinition } from '@lianke/shared/flows/definition';
import { describe, expect, it } from 'vitest';
import { findFaults } from './faults.js';
import { customers, ids, speak, tasks, tutorial } from './fixtures.js';
import { insertAt } from './graph.js';
import { firstAssignments, newNode, newTrigger, nodeTypes } from './new-node.js';

/** Steps whose author must choose a form, a flow or people before anything can be said. */
const chosenFirst = ['createRecord', 'updateRecord', 'findRecords', 'upsertRecord', 'aggregate', 'assign', 'subflow'];

describe('newNode', () => {
  it.each(nodeTypes.filter((type) => !chosenFirst.includes(type)))(
    'makes a %s that the contract accepts at once',
    (type) => {
      const slot = { from: 'n1', port: 'next' };
      const def = insertAt(tutorial, slot, newNode(tutorial, type, slot, [customers, tasks], { title: '新客户' }));
      expect(flowDefinition.safeParse(def).success).toBe(true);
    },
  );

  it('makes a message about the task made before it, to its owner, that can be completed in the card', () => {
    const slot = { from: 'n1', port: 'next' };
    const node = newNode(tutorial, 'message', slot, [customers, tasks], { title: '新客户' });
    expect(node).toMatchObject({
      kind: 'task',
      record: 'n1',
      to: [{ kind: 'field', ref: { source: 'n1', path: 'owner' } }],
      title: { kind: 'ref', ref: { source: 'n1', path: ids.title } },
    });
    expect(findFaults(speak(insertAt(tutorial, slot, node)))).toEqual([]);
  });
});

describe('firstAssignments', () => {
  it('begins a task with title, owner, due and subject, guessed from the trigger', () => {
    expect(firstAssignments(tasks, customers)).toEqual([
      { field: ids.title, value: { kind: 'text', parts: [] } },
      { field: 'owner', value: { kind: 'ref', ref: { source: 'trigger', path: 'owner' } } },
      { field: ids.due, value: { kind: 'now', offset: 3, unit: 'day' } },
      { field: ids.customer, value: { kind: 'ref', ref: { source: 'trigger', path: 'id' } } },
    ]);
  });
});

describe('newTrigger', () => {
  it('keeps the filter when only the kind changes', () => {
    const filter = { field: ids.grade, op: 'eq', value: 'A' } as const;
    const before = newTrigger('entersFilter', ids.customers);
    expect(before).toEqual({ type: 'entersFilter', formId: ids.customers, filter: { and: [] } });
    const next = newTrigger('recordCreated', ids.customers, { type: 'entersFilter', formId: ids.customers, filter });
    expect(next).toEqual({ type: 'recordCreated', formId: ids.customers, filter });
  });
});
