import type { FlowDefinition, FlowNode } from '@lianke/shared/flows/definition';
import type { FormId } from '@lianke/shared/ids';
import { describe, expect, it } from 'vitest';
import { connect, disconnect, insertAt } from './graph.js';
import { type Box, edgePath, layoutFlow, nearestSlot } from './layout.js';

const formId = '00000000-0000-7000-8000-000000000001' as FormId;
const empty: FlowDefinition = { trigger: { type: 'recordCreated', formId }, nodes: [], edges: [] };
const create = (id: string): FlowNode => ({ id, name: '', type: 'createRecord', formId, assignments: [] });
const branch = (id: string, cases: string[]): FlowNode => ({
  id,
  name: '',
  type: 'branch',
  cases: cases.map((caseId) => ({ id: caseId, name: '', filter: { and: [] } })),
});
const at = (from: string, port = 'next') => ({ from, port });
const height = () => 100;

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

function bushy(): FlowDefinition {
  let def = insertAt(empty, at('trigger'), branch('b', ['a', 'c']));
  def = insertAt(def, at('b', 'case:a'), branch('d', ['e', 'f']));
  def = insertAt(def, at('d', 'case:e'), create('n1'));
  def = insertAt(def, at('b', 'case:c'), create('n2'));
  def = insertAt(def, at('n2'), create('n3'));
  def = connect(def, at('b', 'else'), 'n3');
  return connect(def, at('d', 'else'), 'n3');
}

describe('layoutFlow', () => {
  it('stands bodies side by side below their node, and what follows below all of them', () => {
    const ways = ['x', 'y'].map((id) => ({ id, name: '' }));
    let def = insertAt(empty, at('trigger'), create('end'));
    def = insertAt(def, at('trigger'), { id: 'p', name: '', type: 'parallel', ways, join: 'all' });
    expect(def.edges).toContainEqual({ from: 'p', to: 'end' });
    def = insertAt(def, at('p', 'way:x'), create('n1'));
    const layout = layoutFlow(def, height);
    const [parallel, body, after] = ['p', 'n1', 'end'].map((id) => layout.nodes.get(id) as Box);
    expect([...layout.tails.keys()].sort()).toEqual(['end/next', 'n1/next', 'p/way:y']);
    expect(body?.y).toBeGreaterThan((parallel?.y ?? 0) + 100);
    expect(after?.y).toBeGreaterThan((body?.y ?? 0) + 100);
    expect(after?.x).toBe(parallel?.x);
  });

  it('stands a chain under the trigger, with an open end', () => {
    const layout = layoutFlow(insertAt(empty, at('trigger'), create('n1')), height);
    const trigger = layout.nodes.get('trigger');
    const node = layout.nodes.get('n1');
    expect(node?.x).toBe(trigger?.x);
    expect(node?.y).toBeGreaterThan((trigger?.y ?? 0) + 100);
    expect([...layout.tails.keys()]).toEqual(['n1/next']);
  });

  it('overlaps nothing and stands a meeting point below all its ways', () => {
    const def = bushy();
    const layout = layoutFlow(def, height);
    const boxes = [...layout.nodes.values(), ...layout.tails.values()];
    expect(layout.nodes.size).toBe(def.nodes.length + 1);
    boxes.forEach((box, index) => {
      for (const other of boxes.slice(index + 1)) expect(overlap(box, other)).toBe(false);
    });
    const join = layout.nodes.get('n3');
    for (const id of ['b', 'd', 'n1', 'n2']) expect(join?.y).toBeGreaterThan((layout.nodes.get(id)?.y ?? 0) + 100);
  });

  it('keeps ways in port order from left to right', () => {
    const layout = layoutFlow(bushy(), height);
    const x = (key: string) => layout.ways.get(key)?.x ?? Number.NaN;
    expect(x('b/case:a')).toBeLessThan(x('b/case:c'));
    expect(x('b/case:c')).toBeLessThan(x('b/else'));
  });

  it('stands loose nodes to the right', () => {
    const def = disconnect(insertAt(empty, at('trigger'), create('n1')), at('trigger'));
    const layout = layoutFlow(def, height);
    expect(layout.nodes.get('n1')?.x).toBeGreaterThan((layout.nodes.get('trigger')?.x ?? 0) + 280);
  });
});

describe('nearestSlot', () => {
  it('finds the end or the line nearest to the pointer', () => {
    const layout = layoutFlow(insertAt(empty, at('trigger'), create('n1')), height);
    expect(nearestSlot(layout, { x: 0, y: 120 })).toEqual(at('trigger'));
    expect(nearestSlot(layout, { x: 0, y: 400 })).toEqual(at('n1'));
    expect(nearestSlot(layout, { x: 4000, y: 0 }, 500)).toBeUndefined();
  });
});

describe('edgePath', () => {
  const points = (path: string) =>
    [...path.matchAll(/[MLQ ](-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);

  it('goes straight down between points above each other', () => {
    const path = points(edgePath({ x: 5, y: 0 }, { x: 5, y: 44 }, { x: 5, y: 68 }));
    expect(path.every(([x]) => x === 5)).toBe(true);
    expect(path.at(0)).toEqual([5, 0]);
    expect(path.at(-1)).toEqual([5, 68]);
  });

  it('passes the ＋ of its column before it turns to what follows, and never goes back up', () => {
    const path = points(edgePath({ x: 0, y: 100 }, { x: 200, y: 144 }, { x: 50, y: 400 }));
    const ys = path.map(([, y]) => y);
    expect([...ys].sort((a, b) => a - b)).toEqual(ys);
    const inColumn = path.filter(([x]) => x === 200).map(([, y]) => y);
    expect(Math.min(...inColumn)).toBeLessThan(144);
    expect(Math.max(...inColumn)).toBeGreaterThan(144);
    expect(path.at(-1)).toEqual([50, 400]);
  });
});
