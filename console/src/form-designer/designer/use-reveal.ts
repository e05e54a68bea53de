import { type RefObject, useEffect } from 'react';
import type { Selection } from './use-designer.js';

/** What stands on the canvas for a selection: the field or words, or the head of a section. */
function elementOf(canvas: HTMLElement, selection: Selection): Element | null {
  if (selection.kind === 'form') return null;
  if (selection.kind === 'section')
    return canvas.querySelector(`[data-section="${selection.uid}"]`)?.firstElementChild ?? null;
  return canvas.querySelector(`[data-field="${selection.uid}"]`);
}

/**
 * Scrolls the canvas to what was just selected, unless it can be seen: a field added to a long form, found by its name,
 * or named by a fault. What was clicked on does not jump.
 */
export function useReveal(canvas: RefObject<HTMLElement | null>, selection: Selection): void {
  useEffect(() => {
    const element = canvas.current && elementOf(canvas.current, selection);
    if (!element || !canvas.current) return;
    const view = canvas.current.getBoundingClientRect();
    const { top, bottom } = element.getBoundingClientRect();
    const middle = (top + bottom) / 2;
    if (middle < view.top || middle > view.bottom) element.scrollIntoView({ block: 'center' });
  }, [canvas, selection]);
}
