import type { FlowDefinition } from '@lianke/shared/flows/definition';
import { expect, it } from 'vitest';
import { compareFlows } from './compare.js';
import { ids, speak } from './fixtures.js';

const base: FlowDefinition = {
  trigger: { type: 'recordCreated', formId: ids.customers },
  nodes: [
    { id: 'a', name: '', type: 'end', message: '好' },
    { id: 'b', name: '', type: 'delay', wait: { kind: 'for', amount: 1, unit: 'day' } },
  ],
  edges: [
    { from: 'trigger', to: 'b' },
    { from: 'b', to: 'a' },
  ],
};

it('names what was added, removed, changed and moved, and nothing for a card pushed about', () => {
  expect(
    compareFlows(
      speak(base),
      speak({ ...base, nodes: base.nodes.map((node) => ({ ...node, position: { x: 9, y: 9 } })) }),
    ),
  ).toEqual([]);
  const next: FlowDefinition = {
    trigger: { type: 'recordDeleted', formId: base.trigger.formId },
    nodes: [
      { id: 'b', name: '', type: 'delay', wait: { kind: 'for', amount: 2, unit: 'day' } },
      { id: 'c', name: '', type: 'end' },
    ],
    edges: [
      { from: 'trigger', to: 'b' },
      { from: 'b', to: 'c' },
    ],
  };
  expect(compareFlows(speak(base), speak(next)).map(({ id, kind }) => [id, kind])).toEqual([
    ['trigger', 'changed'],
    ['b', 'changed'],
    ['c', 'added'],
    ['a', 'removed'],
  ]);
  const turned: FlowDefinition = { ...base, edges: [{ from: 'trigger', to: 'a' }] };
  expect(compareFlows(speak(base), speak(turned)).map(({ id, kind }) => [id, kind])).toEqual([
    ['a', 'moved'],
    ['b', 'moved'],
  ]);
});
