import { expect, test } from 'vitest';
import { drawMark, markedPhoto, offerPainter } from './watermark.js';

test('the lines stand inside the photo, one under the other, on a strip along its lower edge', () => {
  for (const [width, height] of [
    [1600, 1200],
    [400, 900],
    [90, 60],
  ] as const) {
    const texts: { text: string; y: number }[] = [];
    let strip = { y: 0, height: 0 };
    const context = {
      font: '',
      fillStyle: '',
      textBaseline: '',
      fillRect: (_x: number, y: number, _width: number, tall: number) => {
        strip = { y, height: tall };
      },
      fillText: (text: string, _x: number, y: number) => texts.push({ text, y }),
    };
    drawMark(context, width, height, ['王芳 · 东篱茶业', '2026-11-30 14:29', '无位置']);
    const size = Number(/^(\d+)px/.exec(context.font)?.[1]);
    expect(strip.y + strip.height).toBe(height);
    expect(texts.map(({ text }) => text)).toEqual(['王芳 · 东篱茶业', '2026-11-30 14:29', '无位置']);
    for (const [at, { y }] of texts.entries()) {
      expect(y).toBeGreaterThan(at === 0 ? strip.y : (texts[at - 1]?.y ?? 0) + size);
      expect(y + size).toBeLessThan(height);
    }
  }
});

test('a host without canvases of its own marks photos on the page, and one that cannot says so', async () => {
  const lines = ['王芳'];
  expect(await markedPhoto('wx://tmp/1.jpg', lines)).toEqual({ path: 'wx://tmp/1.jpg', marked: false });
  const takeAway = offerPainter(async (path, written) => `${path}?${written.join()}`);
  expect(await markedPhoto('wx://tmp/1.jpg', lines)).toEqual({ path: 'wx://tmp/1.jpg?王芳', marked: true });
  takeAway();
  const gone = offerPainter(() => Promise.reject(new Error('canvas')));
  expect(await markedPhoto('wx://tmp/1.jpg', lines)).toEqual({ path: 'wx://tmp/1.jpg', marked: false });
  gone();
});
