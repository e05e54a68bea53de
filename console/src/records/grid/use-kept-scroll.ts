import { type RefObject, useLayoutEffect, useRef } from 'react';

/** The place survives a visit to a record's page: restored once, kept while scrolling. */
export function useKeptScroll(
  viewport: RefObject<HTMLElement | null>,
  scrollTop: number,
  onScrollTop: (top: number) => void,
): void {
  const latest = useRef({ scrollTop, onScrollTop });
  latest.current = { scrollTop, onScrollTop };
  useLayoutEffect(() => {
    const element = viewport.current;
    if (!element) return;
    element.scrollTop = latest.current.scrollTop;
    const keep = () => latest.current.onScrollTop(element.scrollTop);
    element.addEventListener('scrollend', keep);
    return () => element.removeEventListener('scrollend', keep);
  }, [viewport]);
}
