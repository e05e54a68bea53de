// @vitest-environment jsdom
import { afterEach, expect, test, vi } from 'vitest';
import { keepAboveKeyboard } from './keyboard.js';

afterEach(() => {
  document.body.innerHTML = '';
  vi.unstubAllGlobals();
});

/** What a client shows of the page, and how it tells of a change. */
function viewport() {
  const view = Object.assign(new EventTarget(), { height: window.innerHeight, offsetTop: 0, scale: 1 });
  vi.stubGlobal('visualViewport', view);
  return (change: Partial<typeof view>) => {
    Object.assign(view, change);
    view.dispatchEvent(new Event('resize'));
  };
}
const covered = () => document.documentElement.style.getPropertyValue('--keyboard');

test('the bar at the foot stands above the keyboard, and the field comes back into sight (iOS laid it over both)', () => {
  const changed = viewport();
  keepAboveKeyboard();
  const input = document.body.appendChild(document.createElement('input'));
  input.scrollIntoView = vi.fn();
  input.focus();

  changed({ height: window.innerHeight - 300 });
  expect(covered()).toBe('300px');
  expect(input.scrollIntoView).toHaveBeenCalledTimes(1);
  // iOS moves what it shows as well: less of the page's foot is covered.
  changed({ offsetTop: 120 });
  expect(covered()).toBe('180px');
  changed({ height: window.innerHeight, offsetTop: 0 });
  expect(covered()).toBe('0px');
  expect(input.scrollIntoView).toHaveBeenCalledTimes(2);
});

test('a bar of the browser’s, and a page zoomed in, are no keyboard', () => {
  const changed = viewport();
  keepAboveKeyboard();
  changed({ height: window.innerHeight - 300 });
  changed({ height: window.innerHeight - 56 });
  expect(covered()).toBe('0px');
  changed({ height: window.innerHeight / 2, scale: 2 });
  expect(covered()).toBe('0px');
});
