import { type DragEndEvent, type DragStartEvent, PointerSensor, useSensor, useSensors } from '@dnd-kit/core';
import type { FieldTypeName } from '@lianke/shared/fields/registry';
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import type { Place } from '../model/design.js';
import { landingAt, nearestBox } from '../model/landing.js';
import type { LayoutKind } from './layout-actions.js';

export type Dragged =
  | { kind: 'type'; type: FieldTypeName }
  /** A field, or words or a line, that stands on the canvas. */
  | { kind: 'field'; uid: string }
  /** Something of the palette that holds no value. */
  | { kind: 'layout'; what: LayoutKind }
  /** A field of a subform's rows. */
  | { kind: 'inner'; parent: string; uid: string };

function boxOf(element: Element) {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  return { left, top, right, bottom };
}

/** A place on the canvas, and behind which item its line is drawn if not before the next. */
export interface DropPlace extends Place {
  after: boolean;
  /** Among the columns of a subform. */
  inside?: { uid: string; index: number };
}

/** The place among the columns of the subform under the point, if there is one. */
function insideAt(canvas: HTMLElement, x: number, y: number): DropPlace['inside'] {
  const subform = [...canvas.querySelectorAll<HTMLElement>('[data-subform]')].find((item) => {
    const box = boxOf(item);
    return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
  });
  const uid = subform?.dataset.subform;
  if (!subform || !uid) return undefined;
  const boxes = [...subform.querySelectorAll<HTMLElement>('[data-inner]')].map((item) => ({
    ...boxOf(item),
    wide: false,
  }));
  return { uid, index: landingAt(boxes, x, y).index };
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
  const inside = insideAt(canvas, x, y);
  const last = items.at(-1);
  const name = section.dataset.section ?? '';
  if (index === items.length && last?.dataset.system === 'true')
    return { section: name, index: index - 1, after: false, ...(inside && { inside }) };
  return { section: name, index, after, ...(inside && { inside }) };
}

/**
 * Dragging onto the canvas. The landing place follows the pointer itself, not the drag library's boxes: nothing on the
 * canvas moves meanwhile, so that what is seen is where it lands. Escape gives up.
 */
export function useDrag(
  canvas: RefObject<HTMLElement | null>,
  onDrop: (what: Dragged, at: DropPlace) => void,
  /** Whether what is dragged may go into a subform; else it lands beside it. */
  fitsInside: (what: Dragged, uid: string) => boolean,
) {
  const [dragged, setDragged] = useState<Dragged | null>(null);
  const [landing, setLanding] = useState<DropPlace | null>(null);
  const pointer = useRef({ x: 0, y: 0 });
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 4 } }));

  const fits = useRef(fitsInside);
  fits.current = fitsInside;
  const held = useRef<Dragged>(undefined);
  const look = useCallback((): DropPlace | null => {
    const element = canvas.current;
    const found = element && placeAt(element, pointer.current.x, pointer.current.y);
    if (!found) return null;
    const { inside, ...beside } = found;
    if (inside && held.current && fits.current(held.current, inside.uid)) return found;
    // A field of rows lives only in its subform.
    return held.current?.kind === 'inner' ? null : beside;
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
      old?.section === next?.section &&
      old?.index === next?.index &&
      old?.after === next?.after &&
      old?.inside?.uid === next?.inside?.uid &&
      old?.inside?.index === next?.inside?.index
        ? old
        : next,
    );
  }, [look]);

  return {
    dragged,
    landing,
    handlers: {
      sensors,
      onDragStart: (event: DragStartEvent) => {
        held.current = event.active.data.current as Dragged;
        setDragged(held.current);
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
