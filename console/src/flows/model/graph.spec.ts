import type { FlowDefinition, FlowNode } from '@lianke/shared/flows/definition';
import type { FormId } from '@lianke/shared/ids';
import { describe, expect, it } from 'vitest';
import {
  certainBefore,
  connect,
  disconnect,
  freshId,
  insertAt,
  mayConnect,
  openSlots,
  removeNode,
  replaceNode,
  slotForClick,
  targetAt,
} from './graph.js';

const formId = '00000000-0000-7000-8000-000000000001' as FormId;
const empty: FlowDefinition = { trigger: { type: 'recordCreated', formId }, nodes: [], edges: [] };
const create = (id: string): FlowNode => ({ id, name: '', type: 'createRecord', formId, assignments: [] });
const end = (id: string): FlowNode => ({ id, name: '', type: 'end' });
const branch = (id: string, cases: string[]): FlowNode => ({
  id,
  name: '',
  type: 'branch',
  cases: cases.map((caseId) => ({ id: caseId, name: '', filter: { and: [] } })),
});
const at = (from: string, port = 'next') => ({ from, port });

/** trigger → b, whose case a leads to n1, and both n1 and the else way lead on to n2. */
function diamond(): FlowDefinition {
  let def = insertAt(empty, at('trigger'), branch('b', ['a']));
  def = insertAt(def, at('b', 'case:a'), create('n1'));
  def = insertAt(def, at('n1'), create('n2'));
  return connect(def, at('b', 'else'), 'n2');
}

describe('insertAt', () => {
  it('puts a node between two others', () => {
    let def = insertAt(empty, at('trigger'), create('n1'));
    def = insertAt(def, at('trigger'), create('n2'));
    expect(def.edges).toEqual(
      expect.arrayContaining([
        { from: 'trigger', to: 'n2' },
        { from: 'n2', to: 'n1' },
      ]),
    );
    expect(def.edges).toHaveLength(2);
  });

  it('lets what followed go on with the first way of a branch', () => {
    let def = insertAt(empty, at('trigger'), create('n1'));
    def = insertAt(def, at('trigger'), branch('b', ['a', 'c']));
    expect(targetAt(def, at('b', 'case:a'))).toBe('n1');
    expect(openSlots(def)).toEqual([at('n1'), at('b', 'case:c'), at('b', 'else')]);
  });

  it('drops what an end node cuts off', () => {
    let def = insertAt(empty, at('trigger'), create('n1'));
    def = insertAt(def, at('trigger'), end('e'));
    expect(def.nodes.map((node) => node.id)).toEqual(['e']);
    expect(def.edges).toEqual([{ from: 'trigger', to: 'e' }]);
  });
});

describe('removeNode', () => {
  it('joins the ends', () => {
    let def = insertAt(empty, at('trigger'), create('n1'));
    def = insertAt(def, at('n1'), create('n2'));
    expect(removeNode(def, 'n1').edges).toEqual([{ from: 'trigger', to: 'n2' }]);
  });

  it('keeps the first way of a branch and removes the nodes only the others led to', () => {
    let def = insertAt(empty, at('trigger'), branch('b', ['a']));
    def = insertAt(def, at('b', 'case:a'), create('n1'));
    def = insertAt(def, at('b', 'else'), create('n2'));
    const without = removeNode(def, 'b');
    expect(without.nodes.map((node) => node.id)).toEqual(['n1']);
    expect(without.edges).toEqual([{ from: 'trigger', to: 'n1' }]);
  });

  it('keeps a node that ways meet at', () => {
    const without = removeNode(diamond(), 'b');
    expect(without.nodes.map((node) => node.id)).toEqual(['n1', 'n2']);
  });
});

describe('connect', () => {
  it('refuses a ring', () => {
    const def = insertAt(insertAt(empty, at('trigger'), create('n1')), at('n1'), create('n2'));
    expect(mayConnect(def, at('n2'), 'n1')).toBe(false);
    expect(connect(def, at('n2'), 'n1')).toBe(def);
    expect(mayConnect(def, at('n2'), 'trigger')).toBe(false);
  });

  it('leaves what it led to before on the canvas', () => {
    let def = insertAt(empty, at('trigger'), branch('b', ['a']));
    def = insertAt(def, at('b', 'case:a'), create('n1'));
    def = insertAt(def, at('b', 'else'), create('n2'));
    def = connect(def, at('b', 'else'), 'n1');
    expect(def.nodes).toHaveLength(3);
    expect(targetAt(def, at('b', 'else'))).toBe('n1');
  });
});

describe('certainBefore', () => {
  it('leaves out a node that only one way passes', () => {
    expect(certainBefore(diamond(), 'n2')).toEqual(['b']);
    expect(certainBefore(diamond(), 'n1')).toEqual(['b']);
  });

  it('answers the chain in order and nothing for a loose node', () => {
    let def = insertAt(empty, at('trigger'), create('n1'));
    def = insertAt(def, at('n1'), create('n2'));
    def = insertAt(def, at('n2'), create('n3'));
    expect(certainBefore(def, 'n3')).toEqual(['n1', 'n2']);
    expect(certainBefore(disconnect(def, at('n1')), 'n3')).toEqual([]);
  });
});

describe('replaceNode', () => {
  it('removes the way of a case that is gone, with its nodes', () => {
    let def = insertAt(empty, at('trigger'), branch('b', ['a', 'c']));
    def = insertAt(def, at('b', 'case:c'), create('n1'));
    def = replaceNode(def, branch('b', ['a']));
    expect(def.nodes.map((node) => node.id)).toEqual(['b']);
    expect(def.edges).toEqual([{ from: 'trigger', to: 'b' }]);
  });
});

describe('slotForClick', () => {
  it('goes after the selected node, else to the last open end', () => {
    const def = insertAt(insertAt(empty, at('trigger'), create('n1')), at('n1'), create('n2'));
    expect(slotForClick(def, 'n1')).toEqual(at('n1'));
    expect(slotForClick(def, undefined)).toEqual(at('n2'));
    expect(slotForClick(empty, undefined)).toEqual(at('trigger'));
  });

  it('takes the open way of a branch first', () => {
    let def = insertAt(empty, at('trigger'), branch('b', ['a']));
    def = insertAt(def, at('b', 'case:a'), create('n1'));
    expect(slotForClick(def, 'b')).toEqual(at('b', 'else'));
  });
});

describe('freshId', () => {
  it('never repeats an id', () => {
    const def = { ...empty, nodes: [create('n2')] };
    expect(freshId(def)).toBe('n3');
  });
});
