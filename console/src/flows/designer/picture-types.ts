import type { runStep, WaitingAt } from '@lianke/shared/flows/api';
import type { Edge, Node } from '@xyflow/react';
import type { KeyboardEvent } from 'react';
import type { z } from 'zod';
import type { Slot } from '../model/graph.js';
import type { CardText } from './picture.js';

export type StepState = z.infer<typeof runStep>['state'];

export type StepNode = Node<
  {
    card: CardText;
    faults: string[];
    selected: boolean;
    state: StepState | undefined;
    /** Runs that stand here now. */
    count: WaitingAt | undefined;
    ports: { id: string; place: number }[];
    editable: boolean;
    onSelect: (id: string) => void;
    onKey?: ((id: string, event: KeyboardEvent) => void) | undefined;
  },
  'step'
>;

export type TailNode = Node<
  { slot: Slot; after: string; active: boolean; editable: boolean; onAdd: (slot: Slot, anchor: HTMLElement) => void },
  'tail'
>;

export type WayEdge = Edge<
  {
    path: string;
    label: string;
    way: { x: number; y: number };
    /** Where the label stands: below the dot it belongs to. */
    labelAt: { x: number; y: number };
    slot: Slot;
    tail: boolean;
    active: boolean;
    faded: boolean;
    editable: boolean;
    after: string;
    onAdd: (slot: Slot, anchor: HTMLElement) => void;
    onCut: (slot: Slot) => void;
  },
  'way'
>;
