// @vitest-environment jsdom
import { act, useRef } from 'react';
import { createRoot } from 'react-dom/client';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Selection } from './use-designer.js';
import { useReveal } from './use-reveal.js';

const heights: Record<string, number> = { canvas: 0, near: 100, far: 2000, head: 2400 };
const scrolled: string[] = [];
beforeAll(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  HTMLElement.prototype.getBoundingClientRect = function (this: HTMLElement) {
    const top = heights[this.id] ?? 0;
    return new DOMRect(0, top, 400, this.id === 'canvas' ? 800 : 60);
  };
  HTMLElement.prototype.scrollIntoView = function (this: HTMLElement) {
    scrolled.push(this.id);
  };
});
afterAll(() => vi.unstubAllGlobals());

function Canvas({ selection }: { selection: Selection }) {
  const canvas = useRef<HTMLDivElement>(null);
  useReveal(canvas, selection);
  return (
    <div ref={canvas} id="canvas">
      <div id="near" data-field="a" />
      <div id="far" data-field="b" />
      <section data-section="s">
        <div id="head" />
      </section>
    </div>
  );
}

it('a field added to a long form does not stay below the edge of the canvas', async () => {
  vi.stubGlobal(
    'DOMRect',
    class {
      readonly bottom: number;
      constructor(
        readonly left: number,
        readonly top: number,
        readonly width: number,
        readonly height: number,
      ) {
        this.bottom = top + height;
      }
    },
  );
  const app = createRoot(document.createElement('div'));
  const choose = (selection: Selection) => act(async () => app.render(<Canvas selection={selection} />));
  await choose({ kind: 'form' });
  await choose({ kind: 'field', uid: 'a' });
  expect(scrolled).toEqual([]);
  await choose({ kind: 'field', uid: 'b' });
  await choose({ kind: 'section', uid: 's' });
  await choose({ kind: 'field', uid: 'gone' });
  expect(scrolled).toEqual(['far', 'head']);
  await act(async () => app.unmount());
});
