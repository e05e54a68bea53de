// @vitest-environment jsdom
import { expect, test, vi } from 'vitest';
import { taro } from '../../test/fake-taro.js';
import { keepTopPageShown } from './top-page.js';

/** As Taro's router has its pages: an element whose id is the path, and a stack of which the last is on top. */
function page(path: string) {
  const element = document.createElement('div');
  element.id = path;
  document.body.append(element);
  return { path, element };
}
const hidden = (element: Element) => element.classList.contains('taro_page_shade');

test('going back right after opening a page leaves no empty screen', async () => {
  const list = page('/pages/tasks/index?stamp=AA');
  const task = page('/pages/task/index?id=t1&stamp=AB');
  const stack = vi.spyOn(taro, 'getCurrentPages');
  const changed = () => {
    for (const [event, listener] of taro.eventCenter.on.mock.calls) if (event === '__afterTaroRouterChange') listener();
  };
  keepTopPageShown();

  stack.mockReturnValue([list, task]);
  changed();
  // Below another it is hidden as ever.
  list.element.classList.add('taro_page_shade');
  await Promise.resolve();
  expect(hidden(list.element)).toBe(true);

  list.element.classList.remove('taro_page_shade');
  stack.mockReturnValue([list]);
  changed();
  // The router's timer of the page that was opened and left again.
  list.element.classList.add('taro_page_shade');
  await Promise.resolve();
  expect(hidden(list.element)).toBe(false);
  stack.mockRestore();
});
