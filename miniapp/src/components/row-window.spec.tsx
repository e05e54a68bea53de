// @vitest-environment jsdom
import { afterEach, expect, test, vi } from 'vitest';
import { draw } from '../../test/draw.js';
import { taro } from '../../test/fake-taro.js';
import { RowWindow } from './row-window.js';

type Found = { intersectionRatio: number; boundingClientRect: { height: number } };
const listeners = new Map<string, (found: Found) => void>();
const stopped: string[] = [];

/** A host that tells where its elements are; what it tells is up to the test. */
function host() {
  Object.assign(taro, {
    createIntersectionObserver: () => {
      let watched = '';
      const observer = {
        relativeToViewport: () => observer,
        observe: (selector: string, listener: (found: Found) => void) => {
          watched = selector;
          listeners.set(selector, listener);
        },
        disconnect: () => void stopped.push(watched),
      };
      return observer;
    },
  });
}

afterEach(() => {
  Object.assign(taro, { createIntersectionObserver: undefined });
  listeners.clear();
  stopped.length = 0;
});

const rows = (count: number) => Array.from({ length: count }, (_, at) => `第 ${at} 行。`);
const list = (count: number) => <RowWindow items={rows(count)} row={(text) => <div key={text}>{text}</div>} />;
const tell = (selector: string | undefined, found: Found) => listeners.get(selector ?? '')?.(found);

test('rows far from the screen are not drawn and keep their place, and come back with it', async () => {
  host();
  const page = draw(list(75), {});
  await page.shows('第 74 行。');
  await page.until(() => expect(listeners.size).toBe(3));
  const [first] = listeners.keys();
  tell(first, { intersectionRatio: 0, boundingClientRect: { height: 1920 } });
  await page.gone('第 0 行。');
  expect(page.text()).toContain('第 30 行。');
  expect(page.root.querySelector<HTMLElement>(first ?? '')?.style.height).toBe('1920px');
  tell(first, { intersectionRatio: 0.01, boundingClientRect: { height: 1920 } });
  await page.shows('第 0 行。');
});

test('a page that another one covers draws all that it drew before', async () => {
  host();
  const page = draw(list(75), {});
  await page.until(() => expect(listeners.size).toBe(3));
  const [first, second, third] = listeners.keys();
  for (const part of [first, second]) tell(part, { intersectionRatio: 0, boundingClientRect: { height: 0 } });
  tell(third, { intersectionRatio: 0, boundingClientRect: { height: 960 } });
  await page.gone('第 74 行。');
  expect(page.text()).toContain('第 0 行。');
  expect(page.text()).toContain('第 59 行。');
});

test('a short list, and a host that cannot tell, draw everything', async () => {
  const watch = vi.fn();
  Object.assign(taro, { createIntersectionObserver: watch });
  await draw(list(30), {}).shows('第 29 行。');
  expect(watch).not.toHaveBeenCalled();
  Object.assign(taro, { createIntersectionObserver: undefined });
  await draw(list(75), {}).shows('第 74 行。');
});
