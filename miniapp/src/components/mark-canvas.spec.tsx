// @vitest-environment jsdom
import { expect, onTestFinished, test, vi } from 'vitest';
import { draw } from '../../test/draw.js';
import { taro } from '../../test/fake-taro.js';
import { markedPhoto } from '../platform/watermark.js';
import { MarkCanvas } from './mark-canvas.js';

test('a photo is drawn on a canvas of the page, as large as it may be, with the lines on it', async () => {
  const written: string[] = [];
  const drawImage = vi.fn();
  const canvas = {
    ...{ drawImage, setFontSize: vi.fn(), setFillStyle: vi.fn(), setTextBaseline: vi.fn(), fillRect: vi.fn() },
    fillText: (text: string) => void written.push(text),
    draw: (_: boolean, done: () => void) => done(),
  };
  const toFile = vi.fn(async () => ({ tempFilePath: 'dd://tmp/marked.jpg' }));
  const host = {
    createCanvasContext: () => canvas,
    getImageInfo: async () => ({ width: 3000, height: 4000 }),
    canvasToTempFilePath: toFile,
  };
  Object.assign(taro, host);
  onTestFinished(() => {
    for (const name of Object.keys(host)) Reflect.deleteProperty(taro, name);
  });
  const page = draw(<MarkCanvas />, {});
  await page.until(() => expect(page.root.querySelector('.mark-papers')).toBeTruthy());
  const made = await markedPhoto('dd://tmp/1.jpg', ['王芳 · 东篱茶业', '2026-11-30 14:29']);
  expect(made).toEqual({ path: 'dd://tmp/marked.jpg', marked: true });
  // The fake phone has two pixels for one of the page.
  expect(drawImage).toHaveBeenCalledWith('dd://tmp/1.jpg', 0, 0, 600, 800);
  expect(toFile).toHaveBeenCalledWith(expect.objectContaining({ destWidth: 1200, destHeight: 1600 }));
  expect(written).toEqual(['王芳 · 东篱茶业', '2026-11-30 14:29']);
});
