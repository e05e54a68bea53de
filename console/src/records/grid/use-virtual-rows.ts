import { type RefObject, useEffect, useLayoutEffect, useState } from 'react';

const overscan = 8;

/** Which rows of a fixed height are in sight of a scrolling element, a few beyond each edge included. */
export function useVirtualRows(
  ref: RefObject<HTMLElement | null>,
  count: number,
  rowHeight: number,
  headHeight: number,
) {
  const [view, setView] = useState({ top: 0, height: 600 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = () => setView({ top: element.scrollTop, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    let frame = 0;
    const onScroll = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => setView({ top: element.scrollTop, height: element.clientHeight }));
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      cancelAnimationFrame(frame);
      element.removeEventListener('scroll', onScroll);
    };
  }, [ref]);
  return visibleRange(view.top, view.height - headHeight, rowHeight, count);
}

/** Row indices `[first, last)` to draw for a scroll place and a height, both in pixels. */
export function visibleRange(top: number, height: number, rowHeight: number, count: number) {
  const first = Math.max(0, Math.min(count, Math.floor(top / rowHeight) - overscan));
  const last = Math.min(count, Math.ceil((top + Math.max(height, 0)) / rowHeight) + overscan);
  return { first, last: Math.max(first, last) };
}
