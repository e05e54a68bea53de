import { type DragEndEvent, type DragStartEvent, PointerSensor, useSensor, useSensors } from '@dnd-kit/core';
import type { FieldTypeName } from '@lianke/shared/fields/registry';
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import type { Place } from '../model/design.js';
import { landingAt, nearestBox } from '../model/landing.js';

export type Dragged = { kind: 'type'; type: FieldTypeName } | { kind: 'field'; uid: string };

function boxOf(element: Element) {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  return { left, top, right, bottom };
}

/** A place on the canvas, and behind which item its line is drawn if not before the next. */
export interface DropPlace extends Place {
  after: boolean;
}

/**
 * The place under a point of the canvas; undefined outside of it. Below everything it is the end, but before a system
 * field that stands last: the owner keeps the end until someone moves it.
 */
export function placeAt(canvas: HTMLElement, x: number, y: number): DropPlace | undefined {
  const area = boxOf(canvas);
  if (x < area.left || x > area.right || y < area.top || y > area.bottom) return undefined;
  const sections = [...canvas.querySelectorAll<HTMLElement>('[data-section]')];
  const section = sections[nearestBox(sections.map(boxOf), y)];
  if (!section) return undefined;
  const items = [...section.querySelectorAll<HTMLElement>('[data-field]')];
  const boxes = items.map((item) => ({ ...boxOf(item), wide: item.dataset.wide === 'true' }));
  const { index, after } = landingAt(boxes, x, y);
  const last = items.at(-1);
  const name = section.dataset.section ?? '';
  if (index === items.length && last?.dataset.system === 'true')
    return { section: name, index: index - 1, after: false };
  return { section: name, index, after };
}

/**
 * Dragging onto the canvas. The landing place follows the pointer itself, not the drag library's boxes: nothing on the
 * canvas moves meanwhile, so that what is seen is where it lands. Escape gives up.
 */
export function useDrag(canvas: RefObject<HTMLElement | null>, onDrop: (what: Dragged, at: Place) => void) {
  const [dragged, setDragged] = useState<Dragged | null>(null);
  const [landing, setLanding] = useState<DropPlace | null>(null);
  const pointer = useRef({ x: 0, y: 0 });
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 4 } }));

  const look = useCallback((): DropPlace | null => {
    const element = canvas.current;
    return element ? (placeAt(element, pointer.current.x, pointer.current.y) ?? null) : null;
  }, [canvas]);

  useEffect(() => {
    const follow = (event: PointerEvent) => {
      pointer.current = { x: event.clientX, y: event.clientY };
    };
    window.addEventListener('pointermove', follow, true);
    window.addEventListener('pointerup', follow, true);
    return () => {
      window.removeEventListener('pointermove', follow, true);
      window.removeEventListener('pointerup', follow, true);
    };
  }, []);

  const show = useCallback(() => {
    const next = look();
    setLanding((old) =>
      old?.section === next?.section && old?.index === next?.index && old?.after === next?.after ? old : next,
    );
  }, [look]);

  return {
    dragged,
    landing,
    handlers: {
      sensors,
      onDragStart: (event: DragStartEvent) => {
        setDragged(event.active.data.current as Dragged);
        show();
      },
      onDragMove: show,
      onDragEnd: (event: DragEndEvent) => {
        const at = look();
        setDragged(null);
        setLanding(null);
        if (at) onDrop(event.active.data.current as Dragged, at);
      },
      onDragCancel: () => {
        setDragged(null);
        setLanding(null);
      },
    },
  };
}
