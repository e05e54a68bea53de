import { DndContext, DragOverlay, PointerSensor, useSensor, useSensors } from '@dnd-kit/core';
import type { FlowNodeType } from '@lianke/shared/flows/definition';
import { type ReactNode, useState } from 'react';
import { type Slot, slotKey } from '../model/graph.js';
import { PaletteFace } from './step-palette.js';

interface Props {
  landing: Slot | undefined;
  onLanding(next: (old: Slot | undefined) => Slot | undefined): void;
  /** The place for a step under the pointer, in pixels of the window. */
  slotAt(client: { x: number; y: number }): Slot | undefined;
  onDrop(type: FlowNodeType, slot: Slot): void;
  children: ReactNode;
}

/** Steps pulled out of the palette onto the picture. */
export function StepDrag({ landing, onLanding, slotAt, onDrop, children }: Props) {
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 5 } }));
  const [dragged, setDragged] = useState<FlowNodeType>();
  const end = () => {
    setDragged(undefined);
    onLanding(() => undefined);
  };
  return (
    <DndContext
      sensors={sensors}
      onDragStart={({ active }) => setDragged(active.data.current?.type as FlowNodeType)}
      onDragMove={({ activatorEvent, delta }) => {
        const start = activatorEvent as PointerEvent;
        onLanding((old) => {
          const next = slotAt({ x: start.clientX + delta.x, y: start.clientY + delta.y });
          return old && next && slotKey(old) === slotKey(next) ? old : next;
        });
      }}
      onDragEnd={() => {
        if (dragged && landing) onDrop(dragged, landing);
        end();
      }}
      onDragCancel={end}
    >
      {children}
      <DragOverlay dropAnimation={null}>
        {dragged && (
          <div className="palette-item dragging">
            <PaletteFace type={dragged} />
          </div>
        )}
      </DragOverlay>
    </DndContext>
  );
}
