import { type FlowDefinition, portsOf } from '@lianke/shared/flows/definition';
import { nodeOf, portsAt, type Slot, slotKey, triggerId } from '../model/graph.js';
import { type Box, type FlowLayout, layoutFlow, nodeWidth } from '../model/layout.js';
import { caseName, nodeName, type Speaker, sayNode, sayTrigger } from '../model/words.js';

/** What a card shows. */
export interface CardText {
  kind: 'trigger' | FlowDefinition['nodes'][number]['type'];
  name: string;
  sentence: string;
  height: number;
}

export interface Picture {
  cards: Map<string, CardText>;
  layout: FlowLayout;
}

const headHeight = 38;
const lineHeight = 20;
const footRoom = 14;
const maxLines = 4;
/** px of a card's text column. */
const textWidth = nodeWidth - 28;

/** px of a text at 13 px: full-width characters a whole em, others about half. */
function widthOf(text: string): number {
  let width = 0;
  for (const char of text) width += char.charCodeAt(0) > 0xff ? 13 : 7.2;
  return width;
}

/** Lines that a sentence takes on a card, cut at four. */
export function linesOf(sentence: string): number {
  const lines = sentence.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / textWidth)), 0);
  return Math.min(lines, maxLines);
}

/** Cards and their places for a definition, as its speaker says it. */
export function pictureOf(speaker: Speaker): Picture {
  const cards = new Map<string, CardText>();
  const add = (id: string, kind: CardText['kind'], sentence: string) =>
    cards.set(id, {
      kind,
      name: nodeName(speaker, id),
      sentence,
      height: headHeight + linesOf(sentence) * lineHeight + footRoom,
    });
  add(triggerId, 'trigger', sayTrigger(speaker, speaker.def.trigger));
  for (const node of speaker.def.nodes) add(node.id, node.type, sayNode(speaker, node));
  const layout = layoutFlow(speaker.def, (id) => cards.get(id)?.height ?? headHeight + lineHeight + footRoom);
  return { cards, layout };
}

const portLabels = {
  else: 'port.else',
  approved: 'port.approved',
  rejected: 'port.rejected',
  none: 'port.none',
  failed: 'port.failed',
  each: 'port.each',
} as const;
/** What the usual way on is called where there are others. */
const nextLabels: { [type: string]: 'port.found' | 'port.joined' | 'port.looped' | 'port.succeeded' } = {
  findRecords: 'port.found',
  parallel: 'port.joined',
  loop: 'port.looped',
  http: 'port.succeeded',
};

/** The words on a way on: the case's name, 同意, 否则; empty where there is only one. */
export function portLabel(speaker: Pick<Speaker, 't' | 'def'>, slot: Slot): string {
  const node = nodeOf(speaker.def, slot.from);
  if (!node || portsOf(node).length < 2) return '';
  if (node.type === 'branch' && slot.port.startsWith('case:')) return caseName(speaker.t, node, slot.port.slice(5));
  if (node.type === 'parallel' && slot.port.startsWith('way:')) {
    const index = node.ways.findIndex((way) => way.id === slot.port.slice(4));
    return node.ways[index]?.name || speaker.t('port.way', { n: index + 1 });
  }
  if (slot.port === 'next') return speaker.t(nextLabels[node.type] ?? 'port.next');
  return speaker.t(slot.port in portLabels ? portLabels[slot.port as keyof typeof portLabels] : 'port.next');
}

/** Where a port's dot stands on its card's lower edge, 0–1 from the left. */
export function portPlace(def: FlowDefinition, slot: Slot): number {
  const ports = portsAt(def, slot.from);
  return (ports.indexOf(slot.port) + 1) / (ports.length + 1);
}

/** The points of the line of a slot: from its dot, over its column, to what follows. */
export function lineOf(
  def: FlowDefinition,
  layout: FlowLayout,
  slot: Slot,
  target: Box | undefined,
): { from: { x: number; y: number }; way: { x: number; y: number }; to: { x: number; y: number } } | undefined {
  const box = layout.nodes.get(slot.from);
  const way = layout.ways.get(slotKey(slot));
  if (!box || !way || !target) return undefined;
  return {
    from: { x: box.x + box.width * portPlace(def, slot), y: box.y + box.height },
    way,
    to: { x: target.x + target.width / 2, y: target.y },
  };
}
