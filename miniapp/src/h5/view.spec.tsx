// @vitest-environment jsdom
import { createRoot } from 'react-dom/client';
import { expect, onTestFinished, test, vi } from 'vitest';
import { View } from './view.js';

async function shown(props: Parameters<typeof View>[0]): Promise<Element> {
  const root = document.createElement('div');
  document.body.append(root);
  const app = createRoot(root);
  app.render(<View {...props} id="row" />);
  onTestFinished(() => {
    app.unmount();
    root.remove();
  });
  return vi.waitFor(() => {
    const found = root.querySelector('#row');
    if (!found) throw new Error('not drawn yet');
    return found;
  });
}
const touch = (element: Element, kind: string) => element.dispatchEvent(new Event(kind, { bubbles: true }));

test('a row that shows touches still hears of swipes (no swipe opened its actions on H5)', async () => {
  const heard: string[] = [];
  const row = await shown({
    hoverClass: 'is-pressed',
    onTouchStart: () => void heard.push('start'),
    onTouchMove: () => void heard.push('move'),
    onTouchEnd: () => void heard.push('end'),
  });
  for (const kind of ['touchstart', 'touchmove', 'touchend']) touch(row, kind);
  expect(heard).toEqual(['start', 'move', 'end']);
});

test('a finger that rests is a long press, one that moves is none', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const held = vi.fn();
  const drawing = shown({ onLongPress: held });
  await vi.advanceTimersByTimeAsync(100);
  const row = await drawing;
  touch(row, 'touchstart');
  touch(row, 'touchmove');
  await vi.advanceTimersByTimeAsync(1000);
  expect(held).not.toHaveBeenCalled();
  touch(row, 'touchstart');
  await vi.advanceTimersByTimeAsync(1000);
  expect(held).toHaveBeenCalledOnce();
});

test('what mini-programs call a role is one in browsers too', async () => {
  const row = await shown({ 'aria-role': 'checkbox', 'aria-checked': true } as Parameters<typeof View>[0]);
  expect([row.getAttribute('role'), row.getAttribute('aria-checked')]).toEqual(['checkbox', 'true']);
  expect(row.hasAttribute('aria-role')).toBe(false);
});
