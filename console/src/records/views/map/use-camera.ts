import { mostZoom } from '@lianke/shared/records/places';
import {
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  type RefObject,
  useEffect,
  useRef,
  useState,
} from 'react';
import { type Camera, leastZoom, type Pixel, panned, type Size, zoomedAt } from './mercator.js';

/** Pixels an arrow key moves the map. */
const step = 80;
/** So much turning of a wheel is a step. */
const wheelStep = 60;
/** So much further apart are two fingers for a step. */
const pinchStep = 1.5;
/** Pixels a pointer may tremble before it drags. */
const tremble = 4;

const clampZoom = (zoom: number) => Math.max(leastZoom, Math.min(mostZoom, zoom));

/** The size of an element, as it changes. */
export function useSize(ref: RefObject<HTMLElement | null>): Size | undefined {
  const [size, setSize] = useState<Size>();
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return size;
}

/** Moves a camera by pointer, wheel, fingers and keys. `camera` undefined: nothing moves yet. */
export function useCamera(
  ref: RefObject<HTMLElement | null>,
  camera: Camera | undefined,
  size: Size | undefined,
  onMove: (camera: Camera) => void,
) {
  const pointers = useRef(new Map<number, Pixel>());
  const apart = useRef(0);
  const dragged = useRef(0);
  const latest = useRef({ camera, size, onMove });
  latest.current = { camera, size, onMove };

  const at = (event: { clientX: number; clientY: number }): Pixel => {
    const edge = ref.current?.getBoundingClientRect();
    return { x: event.clientX - (edge?.left ?? 0), y: event.clientY - (edge?.top ?? 0) };
  };

  function zoomBy(steps: number, where?: Pixel) {
    const { camera: now, size: shown, onMove: move } = latest.current;
    if (!now || !shown) return;
    const zoom = clampZoom(now.zoom + steps);
    if (zoom !== now.zoom) move(zoomedAt(now, zoom, where ?? { x: shown.width / 2, y: shown.height / 2 }, shown));
  }
  const zoomer = useRef(zoomBy);
  zoomer.current = zoomBy;

  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    let turned = 0;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      turned += event.deltaY;
      if (Math.abs(turned) < wheelStep) return;
      const edge = element.getBoundingClientRect();
      zoomer.current(turned < 0 ? 1 : -1, { x: event.clientX - edge.left, y: event.clientY - edge.top });
      turned = 0;
    };
    // React listens passively: the page would scroll along.
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [ref]);

  function spread(): { far: number; middle: Pixel } | undefined {
    const [a, b] = [...pointers.current.values()];
    return a && b
      ? { far: Math.hypot(a.x - b.x, a.y - b.y), middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 } }
      : undefined;
  }

  return {
    zoomBy,
    /** Whether the click that follows ends a drag. */
    wasDrag: () => dragged.current > tremble,
    handlers: {
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        if (event.button !== 0) return;
        if (pointers.current.size === 0) dragged.current = 0;
        pointers.current.set(event.pointerId, at(event));
        apart.current = spread()?.far ?? 0;
      },
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        const before = pointers.current.get(event.pointerId);
        const { camera: now, onMove: move } = latest.current;
        if (!before || !now) return;
        const here = at(event);
        pointers.current.set(event.pointerId, here);
        const both = spread();
        if (both) {
          dragged.current = tremble + 1;
          const ratio = both.far / Math.max(1, apart.current);
          if (ratio < pinchStep && ratio > 1 / pinchStep) return;
          zoomBy(ratio > 1 ? 1 : -1, both.middle);
          apart.current = both.far;
          return;
        }
        dragged.current += Math.hypot(here.x - before.x, here.y - before.y);
        if (dragged.current <= tremble) return;
        // Held from the first pull on, so that marks can still be clicked.
        event.currentTarget.setPointerCapture(event.pointerId);
        move(panned(now, here.x - before.x, here.y - before.y));
      },
      onPointerUp: (event: PointerEvent<HTMLElement>) => pointers.current.delete(event.pointerId),
      onPointerCancel: (event: PointerEvent<HTMLElement>) => pointers.current.delete(event.pointerId),
      onDoubleClick: (event: MouseEvent<HTMLElement>) => {
        if (!(event.target as Element).closest('button')) zoomBy(1, at(event));
      },
      onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
        if (!camera || event.ctrlKey || event.metaKey || event.altKey) return;
        const moves: Record<string, [number, number]> = {
          ArrowLeft: [step, 0],
          ArrowRight: [-step, 0],
          ArrowUp: [0, step],
          ArrowDown: [0, -step],
        };
        const by = moves[event.key];
        if (by) onMove(panned(camera, by[0], by[1]));
        else if (event.key === '+' || event.key === '=') zoomBy(1);
        else if (event.key === '-') zoomBy(-1);
        else return;
        event.preventDefault();
      },
    },
  };
}
