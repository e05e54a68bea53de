import Taro from '@tarojs/taro';

/** What F2's renderer needs of an offscreen canvas: it only measures text on it. */
interface Measuring {
  width: number;
  height: number;
  getContext(): unknown;
}

/** Ascent and descent of common fonts, in parts of the font size. */
const ascent = 0.9;
const descent = 0.25;

/**
 * A canvas to measure text on. DingTalk has no offscreen canvas: there the main context measures widths, and font
 * heights are answered from the font size as pixel rows, the way the renderer reads them.
 */
export function measuringCanvas(main: CanvasRenderingContext2D): unknown {
  try {
    const canvas = Taro.createOffscreenCanvas({ type: '2d', width: 64, height: 64 }) as unknown as {
      getContext?(kind: '2d'): { measureText?: unknown };
    };
    if (canvas.getContext?.('2d').measureText) return canvas;
  } catch {
    // Answered below.
  }
  return widthsOf(main);
}

function widthsOf(main: CanvasRenderingContext2D): Measuring {
  const fontSize = () => Number(/(\d+(?:\.\d+)?)px/.exec(main.font)?.[1] ?? 12);
  const context = {
    set font(value: string) {
      main.font = value;
    },
    get font() {
      return main.font;
    },
    fillStyle: '',
    textBaseline: '',
    fillRect() {},
    fillText() {},
    clearRect() {},
    save() {},
    restore() {},
    measureText: (text: string) => main.measureText(text),
    getImageData(_x: number, _y: number, width: number, height: number) {
      const data = new Uint8ClampedArray(width * height * 4).fill(255);
      // The renderer draws text on a baseline at 1.4 times half the height and looks for rows that are not white.
      const baseline = Math.floor((height / 2) * 1.4);
      const from = Math.max(0, baseline - Math.round(fontSize() * ascent));
      const to = Math.min(height, baseline + Math.round(fontSize() * descent));
      for (let row = from; row < to; row++) data[row * width * 4] = 0;
      return { data };
    },
  };
  return { width: 10, height: 10, getContext: () => context };
}
