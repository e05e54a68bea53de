import { bodyPortsOf, type FlowDefinition } from '@lianke/shared/flows/definition';
import { nodeOf, portsAt, reachableFrom, type Slot, slotKey, targetAt, triggerId } from './graph.js';

/** px on the canvas at zoom 1. */
export const nodeWidth = 280;
export const tailWidth = 132;
export const tailHeight = 32;
const gapX = 48;
const gapY = 68;

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Where everything stands: nodes by id (the trigger under `trigger`), open ends by `slotKey`. */
export interface FlowLayout {
  nodes: Map<string, Box>;
  tails: Map<string, Box & { slot: Slot }>;
  /** For every slot the middle of its column's first stretch: its line passes here, and its ＋ stands here. */
  ways: Map<string, { slot: Slot; x: number; y: number }>;
}

interface Block {
  width: number;
  height: number;
  /** Writes the block's boxes with its top centre at (x, y). */
  place(x: number, y: number): void;
}

/**
 * Lays the flow out from top to bottom: each way on of a node is a column below it, and a node that several ways meet
 * again stands centred below all of them. `heightOf` is a card's height in px.
 */
export function layoutFlow(def: FlowDefinition, heightOf: (id: string) => number): FlowLayout {
  const result: FlowLayout = { nodes: new Map(), tails: new Map(), ways: new Map() };
  const drawn = new Set<string>();
  const roots = [triggerId];
  const reached = reachableFrom(def, triggerId);
  for (const node of def.nodes) {
    if (reached.has(node.id) || def.edges.some((edge) => edge.to === node.id)) continue;
    roots.push(node.id);
    for (const id of reachableFrom(def, node.id)) reached.add(id);
  }
  // A loose ring has no root; it still must be seen to be mended.
  for (const node of def.nodes) if (!reached.has(node.id)) roots.push(node.id);

  let x = 0;
  for (const root of roots) {
    if (drawn.has(root)) continue;
    const parents = dominators(def, root);
    const block = blockOf(root);
    block.place(root === triggerId ? 0 : x + block.width / 2, 0);
    x = (root === triggerId ? block.width / 2 : x + block.width) + gapX * 2;

    function blockOf(id: string): Block {
      drawn.add(id);
      const height = heightOf(id);
      const joins: string[] = [];
      const slots = portsAt(def, id).map((port) => ({ from: id, port }));
      // What follows a node's bodies stands below them, like a node that several ways meet again.
      const node = nodeOf(def, id);
      const after = node && bodyPortsOf(node).length > 0 ? slots.pop() : undefined;
      const columns = slots.map((slot) => {
        const to = targetAt(def, slot);
        if (to === undefined) return tailBlock(slot);
        if (drawn.has(to) || parents.get(to) !== id || isJoin(def, to, reached)) return emptyBlock;
        return blockOf(to);
      });
      const afterTo = after && targetAt(def, after);
      for (const [other, parent] of parents) {
        if (parent === id && !drawn.has(other)) joins.push(other);
      }
      const below = joins.filter((join) => !drawn.has(join)).map(blockOf);
      if (after && afterTo === undefined) below.push(tailBlock(after));
      const columnsWidth = columns.reduce((sum, column) => sum + column.width + gapX, -gapX);
      const columnsHeight = Math.max(0, ...columns.map((column) => column.height));
      const width = Math.max(nodeWidth, columnsWidth, ...below.map((block) => block.width));
      const total =
        height +
        (columns.length > 0 ? gapY + columnsHeight : 0) +
        below.reduce((sum, block) => sum + gapY + block.height, 0);
      return {
        width,
        height: total,
        place(centre, top) {
          result.nodes.set(id, { x: centre - nodeWidth / 2, y: top, width: nodeWidth, height });
          let left = centre - columnsWidth / 2;
          let bottom = top + height + gapY;
          columns.forEach((column, index) => {
            const slot = slots[index];
            const middle = left + column.width / 2;
            if (slot) result.ways.set(slotKey(slot), { slot, x: middle, y: top + height + plusDrop });
            column.place(middle, bottom);
            left += column.width + gapX;
          });
          bottom += columnsHeight + (columnsHeight > 0 ? gapY : 0);
          if (after) result.ways.set(slotKey(after), { slot: after, x: centre, y: bottom - gapY + plusDrop });
          for (const block of below) {
            block.place(centre, bottom);
            bottom += block.height + gapY;
          }
        },
      };
    }
  }
  return result;

  function tailBlock(slot: Slot): Block {
    return {
      width: tailWidth,
      height: tailHeight,
      place(centre, top) {
        const box = { x: centre - tailWidth / 2, y: top, width: tailWidth, height: tailHeight };
        result.tails.set(slotKey(slot), { ...box, slot });
      },
    };
  }
}

/** A column whose way leads straight to where the ways meet again. */
const emptyBlock: Block = { width: tailWidth, height: 0, place: () => undefined };

function isJoin(def: FlowDefinition, id: string, among: Set<string>): boolean {
  return def.edges.filter((edge) => edge.to === id && (edge.from === triggerId || among.has(edge.from))).length > 1;
}

/** For each node below `root`: the last node that every way from `root` to it passes. */
function dominators(def: FlowDefinition, root: string): Map<string, string> {
  const all = [...reachableFrom(def, root)];
  const before = new Map<string, string[]>();
  for (const id of all) before.set(id, []);
  for (const id of all) {
    const left = reachableFrom(def, root, id);
    for (const other of all) if (other !== id && !left.has(other)) before.get(other)?.push(id);
  }
  const parents = new Map<string, string>();
  for (const id of all) {
    const above = before.get(id) ?? [];
    const nearest = above.sort((a, b) => (before.get(b)?.length ?? 0) - (before.get(a)?.length ?? 0))[0];
    if (nearest !== undefined) parents.set(id, nearest);
  }
  return parents;
}

/** The slot nearest to a point on the canvas, within `reach` px; where a dragged node would land. */
export function nearestSlot(
  layout: FlowLayout,
  point: { x: number; y: number },
  reach = Number.POSITIVE_INFINITY,
): Slot | undefined {
  let best: { slot: Slot; distance: number } | undefined;
  for (const [key, way] of layout.ways) {
    const tail = layout.tails.get(key);
    const at = tail ? { x: way.x, y: tail.y + tail.height / 2 } : way;
    const distance = Math.hypot(at.x - point.x, at.y - point.y);
    if (distance <= reach && (!best || distance < best.distance)) best = { slot: way.slot, distance };
  }
  return best?.slot;
}

/** px from a card's lower edge to the ＋ of its way on; the port's label stands above it. */
export const plusDrop = 44;
const corner = 8;

/** An SVG path from a card's lower edge over the slot's column to the top of what follows, with rounded corners. */
export function edgePath(
  from: { x: number; y: number },
  way: { x: number; y: number },
  to: { x: number; y: number },
): string {
  const points = [
    from,
    { x: from.x, y: from.y + 12 },
    { x: way.x, y: from.y + 12 },
    { x: way.x, y: to.y - 14 },
    { x: to.x, y: to.y - 14 },
    to,
  ];
  return rounded(points.filter((point, index) => index === 0 || !same(point, points[index - 1])));
}

const same = (a: { x: number; y: number }, b: { x: number; y: number } | undefined): boolean =>
  b !== undefined && Math.abs(a.x - b.x) < 0.5 && Math.abs(a.y - b.y) < 0.5;

function rounded(points: { x: number; y: number }[]): string {
  const first = points[0];
  if (!first) return '';
  let path = `M${first.x},${first.y}`;
  for (let index = 1; index < points.length; index++) {
    const before = points[index - 1];
    const at = points[index];
    const after = points[index + 1];
    if (!before || !at) continue;
    if (!after) {
      path += `L${at.x},${at.y}`;
      continue;
    }
    const start = towards(at, before, corner);
    const end = towards(at, after, corner);
    path += `L${start.x},${start.y}Q${at.x},${at.y} ${end.x},${end.y}`;
  }
  return path;
}

/** The point `by` px from `at` on the way to `to`, at most half of that way. */
function towards(at: { x: number; y: number }, to: { x: number; y: number }, by: number): { x: number; y: number } {
  const length = Math.hypot(to.x - at.x, to.y - at.y);
  if (length === 0) return at;
  const part = Math.min(by, length / 2) / length;
  return { x: at.x + (to.x - at.x) * part, y: at.y + (to.y - at.y) * part };
}
