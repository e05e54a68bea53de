// @vitest-environment jsdom
import { act, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import '../../i18n/index.js';
import '../i18n.js';
import { cellAt } from './cell-at.js';
import { FillHandle } from './fill-handle.js';
import { GridMenu } from './grid-menu.js';

class NoSizes {
  observe() {}
  unobserve() {}
  disconnect() {}
}
beforeAll(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  vi.stubGlobal('ResizeObserver', NoSizes);
  HTMLElement.prototype.setPointerCapture ??= () => undefined;
});
afterAll(() => vi.unstubAllGlobals());

async function draw(node: ReactNode) {
  const root = document.createElement('div');
  document.body.append(root);
  const app = createRoot(root);
  await act(async () => app.render(node));
  return { root, end: () => act(async () => app.unmount()) };
}
const fire = (element: Element, type: string, init: MouseEventInit = {}) =>
  act(async () => {
    element.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true, button: 0, ...init }));
  });
const block = { top: 1, bottom: 2, left: 0, right: 1 };

it('pulled down the corner fills to the row under the pointer, never past the last one', async () => {
  const onFill = vi.fn();
  const { root, end } = await draw(
    <div>
      <div>
        <FillHandle block={block} place={{ left: 44, width: 200 }} rowHeight={36} rows={6} onFill={onFill} />
      </div>
    </div>,
  );
  const handle = root.querySelector('[title="按住往下拖，填充下面的行"]') as Element;
  // In jsdom everything stands at 0: the pointer's y is the place in the table's body.
  await fire(handle, 'pointerdown', { clientY: 108 });
  await fire(handle, 'pointermove', { clientY: 36 * 4 + 5 });
  await fire(handle, 'pointerup');
  expect(onFill).toHaveBeenLastCalledWith({ ...block, bottom: 4 }, block);
  await fire(handle, 'pointerdown', { clientY: 108 });
  await fire(handle, 'pointermove', { clientY: 36 * 50 });
  await fire(handle, 'pointerup');
  expect(onFill).toHaveBeenLastCalledWith({ ...block, bottom: 5 }, block);
  await fire(handle, 'pointerdown', { clientY: 108 });
  await fire(handle, 'pointermove', { clientY: 10 });
  await fire(handle, 'pointerup');
  expect(onFill).toHaveBeenCalledTimes(2);
  await end();
});

it('the right button chooses the cell under it unless it is chosen already, and leaves links alone', async () => {
  const onChoose = vi.fn();
  const { root, end } = await draw(
    <GridMenu block={block} onChoose={onChoose} onFill={() => undefined} onCopy={() => undefined}>
      <div>
        <div id="cell-4-1">
          <b>甲</b>
        </div>
        <div id="cell-2-1">乙</div>
        <div id="cell-5-0">
          <a href="/x">丙</a>
        </div>
      </div>
    </GridMenu>,
  );
  await fire(root.querySelector('b') as Element, 'contextmenu', { button: 2 });
  expect(onChoose.mock.calls).toEqual([[{ row: 4, col: 1 }]]);
  await fire(root.querySelector('#cell-2-1') as Element, 'contextmenu', { button: 2 });
  await fire(root.querySelector('a') as Element, 'contextmenu', { button: 2 });
  expect(onChoose).toHaveBeenCalledTimes(1);
  expect(cellAt(root.querySelector('b'))).toEqual({ row: 4, col: 1 });
  expect(cellAt(root)).toBeUndefined();
  await vi.waitFor(() => expect(document.body.textContent).toContain('向下填充'));
  await end();
});
