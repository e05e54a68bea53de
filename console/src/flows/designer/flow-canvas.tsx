import {
  Background,
  BackgroundVariant,
  Controls,
  type NodeHandle,
  Position,
  ReactFlow,
  useReactFlow,
  useStoreApi,
} from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import type { WaitingAt } from '@lianke/shared/flows/api';
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useDark } from '../../app/theme.js';
import './flow-canvas.css';
import { portsAt, type Slot, targetAt, triggerId } from '../model/graph.js';
import { type Box, edgePath, tailHeight, tailWidth } from '../model/layout.js';
import type { Speaker } from '../model/words.js';
import { lineOf, type Picture, portLabel, portPlace } from './picture.js';
import type { StepNode, StepState, TailNode, WayEdge } from './picture-types.js';
import { StepCard, TailCard } from './step-card.js';
import { WayLine } from './way-edge.js';

const nodeTypes = { step: StepCard, tail: TailCard };
const edgeTypes = { way: WayLine };

interface Props {
  speaker: Speaker;
  picture: Picture;
  selected: string | undefined;
  onSelect: (id: string | undefined) => void;
  /** Messages by node id. */
  faults?: ReadonlyMap<string, string[]>;
  /** How each step went; ways that were not taken are faded. */
  states?: ReadonlyMap<string, StepState>;
  /** How many runs stand at each step. */
  counts?: ReadonlyMap<string, WaitingAt>;
  /** What may be changed; absent: the picture is only looked at. */
  edit?: {
    activeSlot: string | undefined;
    onAdd: (slot: Slot, anchor: HTMLElement) => void;
    onCut: (slot: Slot) => void;
    onConnect: (slot: Slot, to: string) => void;
    /** A line pulled out of a dot was let go over the empty canvas. */
    onPulled: (slot: Slot, client: { x: number; y: number }) => void;
    onKey: (id: string, event: KeyboardEvent) => void;
  };
  children?: ReactNode;
}

// A large flow opens at its trigger in letters one can read, rather than whole and too small.
const readable = 0.7;
const noSlot = () => undefined;
// The library lets clicks through nodes that it neither drags nor selects.
const clickable = { pointerEvents: 'all' } as const;

/** The flow as a picture, from top to bottom; the designer edits through it, a run only shows itself in it. */
export function FlowCanvas({ speaker, picture, selected, onSelect, faults, states, counts, edit, children }: Props) {
  const { t } = useTranslation('flows');
  const dark = useDark();
  const nodes = useMemo(
    () => nodesOf(speaker, picture, selected, onSelect, faults, states, counts, edit),
    [speaker, picture, selected, onSelect, faults, states, counts, edit],
  );
  const edges = useMemo(() => edgesOf(speaker, picture, states, edit), [speaker, picture, states, edit]);
  const labels = useMemo(
    () => ({
      'controls.ariaLabel': t('design.view'),
      'controls.zoomIn.ariaLabel': t('design.zoomIn'),
      'controls.zoomOut.ariaLabel': t('design.zoomOut'),
      'controls.fitView.ariaLabel': t('design.fitView'),
    }),
    [t],
  );
  return (
    <section className="flow-canvas" aria-label={t('design.canvas')}>
      <ReactFlow<StepNode | TailNode, WayEdge>
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        ariaLabelConfig={labels}
        colorMode={dark ? 'dark' : 'light'}
        nodesDraggable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        nodesConnectable={edit !== undefined}
        elementsSelectable={false}
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        minZoom={0.25}
        maxZoom={1.5}
        panOnScroll
        connectionRadius={28}
        attributionPosition="bottom-right"
        onPaneClick={() => onSelect(undefined)}
        onConnect={(link) => {
          if (link.source && link.target)
            edit?.onConnect({ from: link.source, port: link.sourceHandle ?? 'next' }, link.target);
        }}
        onConnectEnd={(event, state) => {
          if (!edit || state.toNode || !state.fromNode || state.fromHandle?.type !== 'source') return;
          const point = 'changedTouches' in event ? event.changedTouches[0] : event;
          if (!point) return;
          edit.onPulled(
            { from: state.fromNode.id, port: state.fromHandle.id ?? 'next' },
            { x: point.clientX, y: point.clientY },
          );
        }}
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1.2} />
        <Controls showInteractive={false} position="bottom-left" />
        <Camera picture={picture} selected={selected} />
        {children}
      </ReactFlow>
    </section>
  );
}

/** Opens with the trigger at the top of the view, and keeps the selected step in sight. */
function Camera({ picture, selected }: { picture: Picture; selected: string | undefined }) {
  const flow = useReactFlow();
  const store = useStoreApi();
  const opened = useRef(false);
  useEffect(() => {
    const open = () => {
      const { width, height } = store.getState();
      if (opened.current || width === 0) return;
      opened.current = true;
      const boxes = [...picture.layout.nodes.values(), ...picture.layout.tails.values()];
      const left = Math.min(...boxes.map((box) => box.x));
      const right = Math.max(...boxes.map((box) => box.x + box.width));
      const bottom = Math.max(...boxes.map((box) => box.y + box.height));
      const zoom = Math.max(readable, Math.min(1, (width - 80) / (right - left), (height - 80) / bottom));
      const middle = (right - left) * zoom > width ? 0 : (left + right) / 2;
      void flow.setViewport({ x: width / 2 - middle * zoom, y: 36, zoom });
    };
    open();
    return store.subscribe(open);
  }, [flow, store, picture]);
  useEffect(() => {
    const box = selected === undefined ? undefined : picture.layout.nodes.get(selected);
    const { width, height, transform } = store.getState();
    if (!box || !opened.current) return;
    const [x, y, zoom] = transform;
    const edge = 32;
    const move = (from: number, to: number, room: number): number => {
      if (from < edge) return edge - from;
      return to > room - edge ? Math.max(room - edge - to, edge - from) : 0;
    };
    const dx = move(box.x * zoom + x, (box.x + box.width) * zoom + x, width);
    const dy = move(box.y * zoom + y, (box.y + box.height + 60) * zoom + y, height);
    if (dx !== 0 || dy !== 0) void flow.setViewport({ x: x + dx, y: y + dy, zoom }, { duration: 200 });
  }, [flow, store, picture, selected]);
  return null;
}

/**
 * Where the dots stand in their card (px). Told rather than measured: the library measures after drawing and would leave
 * out a line whose card has just been replaced.
 */
function handlesOf(def: Speaker['def'], id: string, box: Box): NodeHandle[] {
  const dot = 14;
  const source = portsAt(def, id).map((port): NodeHandle => {
    const x = box.width * portPlace(def, { from: id, port }) - dot / 2;
    const y = box.height - dot / 2;
    return { id: port, type: 'source', position: Position.Bottom, x, y, width: dot, height: dot };
  });
  if (id === triggerId) return source;
  const target = { x: box.width / 2 - 4, y: -4, width: 8, height: 8 };
  return [{ id: 'in', type: 'target', position: Position.Top, ...target }, ...source];
}

function nodesOf(
  speaker: Speaker,
  picture: Picture,
  selected: string | undefined,
  onSelect: (id: string | undefined) => void,
  faults: ReadonlyMap<string, string[]> | undefined,
  states: ReadonlyMap<string, StepState> | undefined,
  counts: Props['counts'],
  edit: Props['edit'],
): (StepNode | TailNode)[] {
  const { def } = speaker;
  const nodes: (StepNode | TailNode)[] = [];
  for (const [id, box] of picture.layout.nodes) {
    const card = picture.cards.get(id);
    if (!card) continue;
    nodes.push({
      id,
      type: 'step',
      position: { x: box.x, y: box.y },
      width: box.width,
      height: box.height,
      measured: { width: box.width, height: box.height },
      handles: handlesOf(def, id, box),
      style: clickable,
      data: {
        card,
        faults: faults?.get(id) ?? [],
        selected: selected === id,
        state: states ? (states.get(id) ?? (card.kind === 'trigger' ? undefined : 'skipped')) : undefined,
        count: counts?.get(id),
        ports: portsAt(def, id).map((port) => ({ id: port, place: portPlace(def, { from: id, port }) })),
        editable: edit !== undefined,
        onSelect,
        onKey: edit?.onKey,
      },
    });
  }
  for (const [key, tail] of picture.layout.tails) {
    const label = portLabel(speaker, tail.slot);
    const name = picture.cards.get(tail.slot.from)?.name ?? '';
    nodes.push({
      id: `tail:${key}`,
      type: 'tail',
      position: { x: tail.x, y: tail.y },
      width: tailWidth,
      height: tailHeight,
      measured: { width: tailWidth, height: tailHeight },
      handles: [{ id: 'in', type: 'target', position: Position.Top, x: tailWidth / 2, y: 0, width: 1, height: 1 }],
      connectable: false,
      style: clickable,
      data: {
        slot: tail.slot,
        after: label ? `${name}·${label}` : name,
        active: edit?.activeSlot === key,
        editable: edit !== undefined,
        onAdd: edit?.onAdd ?? noSlot,
      },
    });
  }
  return nodes;
}

function edgesOf(
  speaker: Speaker,
  picture: Picture,
  states: ReadonlyMap<string, StepState> | undefined,
  edit: Props['edit'],
): WayEdge[] {
  const { def } = speaker;
  const { layout } = picture;
  const edges: WayEdge[] = [];
  for (const [key, way] of layout.ways) {
    const to = targetAt(def, way.slot);
    const target = to === undefined ? layout.tails.get(key) : layout.nodes.get(to);
    const line = lineOf(def, layout, way.slot, target);
    if (!line) continue;
    const label = portLabel(speaker, way.slot);
    const name = picture.cards.get(way.slot.from)?.name ?? '';
    const reached = (id: string | undefined) => {
      const state = id === undefined ? undefined : states?.get(id);
      return state !== undefined && state !== 'skipped';
    };
    edges.push({
      id: `way:${key}`,
      type: 'way',
      source: way.slot.from,
      sourceHandle: way.slot.port,
      target: to ?? `tail:${key}`,
      targetHandle: 'in',
      data: {
        path: edgePath(line.from, line.way, line.to),
        label,
        way: { x: way.x, y: way.y },
        labelAt: { x: way.x, y: line.from.y + 20 },
        slot: way.slot,
        tail: to === undefined,
        active: edit?.activeSlot === key,
        faded: states !== undefined && !reached(to),
        editable: edit !== undefined,
        after: label ? `${name}·${label}` : name,
        onAdd: edit?.onAdd ?? noSlot,
        onCut: edit?.onCut ?? noSlot,
      },
    });
  }
  return edges;
}
