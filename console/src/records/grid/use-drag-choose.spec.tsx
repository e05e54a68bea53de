// @vitest-environment jsdom
import { act, useRef } from 'react';
import { createRoot } from 'react-dom/client';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { paceAt, useDragChoose, within } from './use-drag-choose.js';

const box = { left: 0, top: 36, right: 400, bottom: 300 };
const frames: FrameRequestCallback[] = [];
beforeAll(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  vi.stubGlobal('requestAnimationFrame', (go: FrameRequestCallback) => frames.push(go));
  vi.stubGlobal('cancelAnimationFrame', () => frames.splice(0));
});
afterAll(() => vi.unstubAllGlobals());
afterEach(() => frames.splice(0));

interface Told {
  choose: (...cells: unknown[]) => void;
  clicked: (id: string) => void;
  done: () => void;
}

function Table({ choose, clicked, done }: Told) {
  const viewport = useRef<HTMLDivElement>(null);
  const drag = useDragChoose(viewport, { head: 0, still: () => 0, choose, done });
  return (
    <div ref={viewport} {...drag}>
      {/* biome-ignore-start lint/a11y/noStaticElementInteractions: cells as the table draws them */}
      {/* biome-ignore-start lint/a11y/useKeyWithClickEvents: as above */}
      {['cell-1-1', 'cell-3-2'].map((id) => (
        <div key={id} id={id} onClick={() => clicked(id)}>
          <input aria-label={id} />
        </div>
      ))}
      {/* biome-ignore-end lint/a11y/useKeyWithClickEvents: as above */}
      {/* biome-ignore-end lint/a11y/noStaticElementInteractions: cells as the table draws them */}
    </div>
  );
}

async function draw() {
  const told = { choose: vi.fn(), clicked: vi.fn(), done: vi.fn() };
  const root = document.createElement('div');
  document.body.append(root);
  const app = createRoot(root);
  await act(async () => app.render(<Table {...told} />));
  const cell = (id: string) => root.querySelector(`#${id}`) as HTMLElement;
  const under = (id: string) => {
    document.elementFromPoint = () => cell(id);
  };
  const fire = (target: EventTarget, type: string, init: MouseEventInit = {}) =>
    act(async () => {
      target.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true, button: 0, ...init }));
    });
  return { ...told, cell, under, fire, end: () => act(async () => app.unmount()) };
}

it('drawing over cells with the mouse chooses the block, and the click that ends it edits nothing', async () => {
  const { choose, clicked, done, cell, under, fire, end } = await draw();
  await fire(cell('cell-1-1'), 'pointerdown');
  under('cell-1-1');
  await fire(window, 'pointermove', { buttons: 1, clientX: 5, clientY: 5 });
  expect(choose).not.toHaveBeenCalled();
  under('cell-3-2');
  await fire(window, 'pointermove', { buttons: 1, clientX: 50, clientY: 90 });
  expect(choose).toHaveBeenLastCalledWith({ row: 3, col: 2 }, { row: 1, col: 1 });
  await fire(window, 'pointerup');
  await fire(cell('cell-1-1'), 'click');
  expect(clicked).not.toHaveBeenCalled();
  expect(done).toHaveBeenCalledTimes(1);
  // After that clicks are clicks, and moves draw nothing.
  await fire(cell('cell-1-1'), 'pointerdown');
  await fire(window, 'pointerup');
  await fire(cell('cell-1-1'), 'click');
  expect(clicked).toHaveBeenCalledTimes(1);
  await fire(window, 'pointermove', { buttons: 1, clientX: 50, clientY: 90 });
  expect(choose).toHaveBeenCalledTimes(1);
  await end();
});

it('what is edited keeps its own selection, and Shift and the right button draw nothing', async () => {
  const { choose, cell, under, fire, end } = await draw();
  under('cell-3-2');
  await fire(cell('cell-1-1').querySelector('input') as Element, 'pointerdown');
  await fire(window, 'pointermove', { buttons: 1 });
  await fire(cell('cell-1-1'), 'pointerdown', { shiftKey: true });
  await fire(window, 'pointermove', { buttons: 1 });
  await fire(cell('cell-1-1'), 'pointerdown', { button: 2 });
  await fire(window, 'pointermove', { buttons: 2 });
  expect(choose).not.toHaveBeenCalled();
  await end();
});

it('past an edge the table goes on by itself, and the nearest cell counts', () => {
  expect(paceAt(box, { x: 200, y: 150 })).toEqual({ x: 0, y: 0 });
  expect(paceAt(box, { x: 399, y: 500 })).toEqual({ x: 14, y: 14 });
  expect(paceAt(box, { x: 200, y: 10 })).toEqual({ x: 0, y: -14 });
  expect(within(box, { x: -50, y: 999 })).toEqual({ x: 1, y: 299 });
});
