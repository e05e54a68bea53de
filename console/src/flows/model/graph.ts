import {
  bodyPortsOf,
  type FlowDefinition,
  type FlowEdge,
  type FlowNode,
  portsOf,
} from '@lianke/shared/flows/definition';

/** Id of the trigger in edges, references and faults. */
export const triggerId = 'trigger';
/** The single way on of nodes that have no ports of their own; edges leave it out. */
export const nextPort = 'next';

/** A place where a node may stand: the way on `port` of `from`. */
export interface Slot {
  from: string;
  port: string;
}

export const nodeOf = (def: FlowDefinition, id: string): FlowNode | undefined =>
  def.nodes.find((node) => node.id === id);

const portOf = (edge: FlowEdge): string => edge.port ?? nextPort;

function edgeOf(slot: Slot, to: string): FlowEdge {
  return slot.port === nextPort ? { from: slot.from, to } : { from: slot.from, to, port: slot.port };
}

/** The ways on that a node (or the trigger) offers, in order. */
export function portsAt(def: FlowDefinition, id: string): string[] {
  if (id === triggerId) return [nextPort];
  const node = nodeOf(def, id);
  return node ? portsOf(node) : [];
}

/** The node that follows at a slot. */
export function targetAt(def: FlowDefinition, slot: Slot): string | undefined {
  return def.edges.find((edge) => edge.from === slot.from && portOf(edge) === slot.port)?.to;
}

/** Nodes that follow `id` directly, in port order. */
export function successors(def: FlowDefinition, id: string): string[] {
  return portsAt(def, id)
    .map((port) => targetAt(def, { from: id, port }))
    .filter((to): to is string => to !== undefined);
}

/** Everything that can be reached from `start`, itself included; `without` is treated as if it were not there. */
export function reachableFrom(def: FlowDefinition, start: string, without?: string): Set<string> {
  const seen = new Set<string>();
  const open = start === without ? [] : [start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    for (const next of successors(def, id)) if (next !== without) open.push(next);
  }
  return seen;
}

/** An id of this definition that no node has yet: n1, n2 … */
export function freshId(def: FlowDefinition): string {
  for (let index = def.nodes.length + 1; ; index++) {
    if (!nodeOf(def, `n${index}`)) return `n${index}`;
  }
}

/**
 * Nodes that have certainly run before `id` does (they lie on every way from the trigger to it), nearest last.
 * Only their records may be referred to: one in a side branch may never have been made.
 */
export function certainBefore(def: FlowDefinition, id: string): string[] {
  const all = reachableFrom(def, triggerId);
  if (!all.has(id)) return [];
  const before = [...all].filter((other) => other !== id && other !== triggerId);
  const certain = before.filter((other) => !reachableFrom(def, triggerId, other).has(id));
  return certain.sort((a, b) => reachableFrom(def, b).size - reachableFrom(def, a).size);
}

/** The port behind which the flow goes on: past the bodies of a node that has some, else its first. */
function mainPort(node: FlowNode): string | undefined {
  return bodyPortsOf(node).length > 0 ? nextPort : portsOf(node)[0];
}

/** Puts `node` at `slot`; what stood there follows on the new node's main way on (an end node drops it). */
export function insertAt(def: FlowDefinition, slot: Slot, node: FlowNode): FlowDefinition {
  const follower = targetAt(def, slot);
  const firstPort = mainPort(node);
  const edges = def.edges.filter((edge) => !(edge.from === slot.from && portOf(edge) === slot.port));
  edges.push(edgeOf(slot, node.id));
  if (follower !== undefined && firstPort !== undefined)
    edges.push(edgeOf({ from: node.id, port: firstPort }, follower));
  return pruneBelow({ ...def, nodes: [...def.nodes, node], edges }, firstPort === undefined ? follower : undefined);
}

/** Removes `id`; what came before goes on with the first way that led somewhere (past its bodies), other ways are removed with it. */
export function removeNode(def: FlowDefinition, id: string): FlowDefinition {
  const node = nodeOf(def, id);
  if (!node) return def;
  const ways = successors(def, id);
  const heir = bodyPortsOf(node).length > 0 ? targetAt(def, { from: id, port: nextPort }) : ways[0];
  const edges = def.edges
    .filter((edge) => edge.from !== id)
    .map((edge) => (edge.to === id && heir !== undefined ? { ...edge, to: heir } : edge))
    .filter((edge) => edge.to !== id);
  let next: FlowDefinition = { ...def, nodes: def.nodes.filter((node) => node.id !== id), edges };
  for (const way of ways) if (way !== heir) next = pruneBelow(next, way);
  return next;
}

/** Removes `start` and what follows it unless something else still leads there. */
function pruneBelow(def: FlowDefinition, start: string | undefined): FlowDefinition {
  if (start === undefined) return def;
  const kept = reachableFrom(def, triggerId);
  for (const node of def.nodes) {
    // A node that hangs loose by the author's own doing is no part of what was cut off here.
    if (!kept.has(node.id) && !def.edges.some((edge) => edge.to === node.id) && node.id !== start) {
      for (const id of reachableFrom(def, node.id)) kept.add(id);
    }
  }
  const gone = new Set([...reachableFrom(def, start)].filter((id) => !kept.has(id)));
  if (gone.size === 0) return def;
  return {
    ...def,
    nodes: def.nodes.filter((node) => !gone.has(node.id)),
    edges: def.edges.filter((edge) => !gone.has(edge.from) && !gone.has(edge.to)),
  };
}

/** Whether `slot` may lead to `to`: not to the trigger, not to itself, and not back to something before it. */
export function mayConnect(def: FlowDefinition, slot: Slot, to: string): boolean {
  if (to === triggerId || to === slot.from || !nodeOf(def, to)) return false;
  if (!portsAt(def, slot.from).includes(slot.port)) return false;
  return !reachableFrom(def, to).has(slot.from);
}

/** Leads `slot` to the existing node `to` instead of where it led; unchanged when that is not allowed. */
export function connect(def: FlowDefinition, slot: Slot, to: string): FlowDefinition {
  if (!mayConnect(def, slot, to) || targetAt(def, slot) === to) return def;
  const edges = def.edges.filter((edge) => !(edge.from === slot.from && portOf(edge) === slot.port));
  return { ...def, edges: [...edges, edgeOf(slot, to)] };
}

/** Cuts the way on at `slot`; what followed stays on the canvas, loose. */
export function disconnect(def: FlowDefinition, slot: Slot): FlowDefinition {
  return {
    ...def,
    edges: def.edges.filter((edge) => !(edge.from === slot.from && portOf(edge) === slot.port)),
  };
}

/** Replaces a node by its changed self; ways on that it no longer has are removed with what only they led to. */
export function replaceNode(def: FlowDefinition, node: FlowNode): FlowDefinition {
  const ports = portsOf(node);
  const lost = def.edges.filter((edge) => edge.from === node.id && !ports.includes(portOf(edge)));
  let next: FlowDefinition = {
    ...def,
    nodes: def.nodes.map((old) => (old.id === node.id ? node : old)),
    edges: def.edges.filter((edge) => !lost.includes(edge)),
  };
  for (const edge of lost) next = pruneBelow(next, edge.to);
  return next;
}

/** Slots where nothing follows yet, in reading order. */
export function openSlots(def: FlowDefinition): Slot[] {
  const ids = [triggerId, ...def.nodes.map((node) => node.id)];
  return ids.flatMap((from) =>
    portsAt(def, from)
      .map((port) => ({ from, port }))
      .filter((slot) => targetAt(def, slot) === undefined),
  );
}

/** Where a node added by click goes: after the selected one, else at the first open end that the trigger leads to. */
export function slotForClick(def: FlowDefinition, selected: string | undefined): Slot {
  if (selected !== undefined) {
    const ports = portsAt(def, selected);
    const port = ports.find((name) => targetAt(def, { from: selected, port: name }) === undefined) ?? ports[0];
    if (port !== undefined) return { from: selected, port };
  }
  const reached = reachableFrom(def, triggerId);
  const open = openSlots(def).filter((slot) => reached.has(slot.from));
  return open[open.length - 1] ?? { from: triggerId, port: nextPort };
}

export const slotKey = (slot: Slot): string => `${slot.from}/${slot.port}`;
