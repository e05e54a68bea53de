import type { FlowDefinition } from '@lianke/shared/flows/definition';
import { triggerId } from './graph.js';
import { nodeName, type Speaker, sayNode, sayTrigger } from './words.js';

export interface FlowChange {
  id: string;
  kind: 'added' | 'removed' | 'changed' | 'moved';
  name: string;
  /** The sentences before and after; '' where there was or is none. */
  before: string;
  after: string;
}

/** What differs between two definitions, step by step, in words; places on the canvas do not count. */
export function compareFlows(before: Speaker, after: Speaker): FlowChange[] {
  const changes: FlowChange[] = [];
  const [was, is] = [sayTrigger(before, before.def.trigger), sayTrigger(after, after.def.trigger)];
  if (plain(before.def.trigger) !== plain(after.def.trigger) || plain(before.def.runAs) !== plain(after.def.runAs))
    changes.push({ id: triggerId, kind: 'changed', name: nodeName(after, triggerId), before: was, after: is });
  for (const node of after.def.nodes) {
    const old = before.def.nodes.find((item) => item.id === node.id);
    const words = { id: node.id, name: nodeName(after, node.id), after: sayNode(after, node) };
    if (!old) changes.push({ ...words, kind: 'added', before: '' });
    else if (plain(old) !== plain(node)) changes.push({ ...words, kind: 'changed', before: sayNode(before, old) });
    else if (waysInto(before.def, node.id) !== waysInto(after.def, node.id))
      changes.push({ ...words, kind: 'moved', before: '' });
  }
  for (const node of before.def.nodes)
    if (!after.def.nodes.some((item) => item.id === node.id))
      changes.push({
        id: node.id,
        kind: 'removed',
        name: nodeName(before, node.id),
        before: sayNode(before, node),
        after: '',
      });
  return changes;
}

const plain = (value: unknown): string =>
  JSON.stringify(value ?? null, (key, inner) => {
    if (key === 'position') return undefined;
    // Keys in one order, so that the same content reads the same.
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });

const waysInto = (def: FlowDefinition, id: string): string =>
  def.edges
    .filter((edge) => edge.to === id)
    .map((edge) => `${edge.from}/${edge.port ?? 'next'}`)
    .sort()
    .join();
