import type { FlowDefinition } from '@lianke/shared/flows/definition';
import { portsAt, successors, targetAt, triggerId } from '../model/graph.js';

/** Where an arrow key leads from a step: up to what comes before, down to what follows, left and right to the other ways. */
export function stepByKey(def: FlowDefinition, id: string, key: string): string | undefined {
  const above = def.edges.find((edge) => edge.to === id)?.from;
  if (key === 'ArrowUp') return above;
  if (key === 'ArrowDown') return successors(def, id)[0];
  if ((key !== 'ArrowLeft' && key !== 'ArrowRight') || above === undefined) return undefined;
  const beside = portsAt(def, above)
    .map((port) => targetAt(def, { from: above, port }))
    .filter((to): to is string => to !== undefined);
  return beside[beside.indexOf(id) + (key === 'ArrowLeft' ? -1 : 1)];
}

export const mayRemove = (id: string | undefined): id is string => id !== undefined && id !== triggerId;
