import Taro from '@tarojs/taro';

/** The part of a 2D context that a mark needs; every host's canvas has it. */
interface Context {
  font: string;
  fillStyle: unknown;
  textBaseline: unknown;
  fillRect(x: number, y: number, width: number, height: number): void;
  fillText(text: string, x: number, y: number): void;
  drawImage(image: never, x: number, y: number, width: number, height: number): void;
}

/**
 * Writes lines over the lower edge of a photo, on a darker strip so that they can be read on any picture.
 * @param width of the photo, pixels; so `height`
 */
export function drawMark(
  context: Pick<Context, Exclude<keyof Context, 'drawImage'>>,
  width: number,
  height: number,
  lines: readonly string[],
): void {
  const size = Math.max(12, Math.round(Math.max(width, height) / 42));
  const pad = Math.round(size * 0.7);
  const step = Math.round(size * 1.45);
  const strip = lines.length * step + pad * 2 - (step - size);
  context.fillStyle = 'rgba(0, 0, 0, 0.45)';
  context.fillRect(0, height - strip, width, strip);
  context.fillStyle = '#fff';
  context.textBaseline = 'top';
  context.font = `${size}px sans-serif`;
  for (const [at, line] of lines.entries()) context.fillText(line, pad, height - strip + pad + at * step);
}

interface OffscreenCanvas {
  width: number;
  height: number;
  getContext(kind: '2d'): Context;
  createImage(): { src: string; width: number; height: number; onload: () => void; onerror: () => void };
}

/** The largest side of a marked photo in mini-programs, pixels. */
export const longestSide = 1600;

/** Writes lines on a photo and answers the path of what came of it. */
type Painter = (path: string, lines: readonly string[]) => Promise<string>;
let ofPage: Painter | undefined;

/** Offers the canvas of a page, for hosts that know no others; the answer takes it away. */
export function offerPainter(painter: Painter): () => void {
  ofPage = painter;
  return () => {
    if (ofPage === painter) ofPage = undefined;
  };
}

async function paintApart(path: string, lines: readonly string[]): Promise<string> {
  const canvas = Taro.createOffscreenCanvas({
    type: '2d',
    width: 1,
    height: 1,
  } as never) as unknown as OffscreenCanvas;
  const image = canvas.createImage();
  await new Promise<void>((resolve, reject) => {
    image.onload = resolve;
    image.onerror = () => reject(new Error('image'));
    image.src = path;
  });
  const scale = Math.min(1, longestSide / Math.max(image.width, image.height));
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  const context = canvas.getContext('2d');
  context.drawImage(image as never, 0, 0, canvas.width, canvas.height);
  drawMark(context, canvas.width, canvas.height, lines);
  const answer = await Taro.canvasToTempFilePath({ canvas: canvas as never, fileType: 'jpg', quality: 0.82 } as never);
  return answer.tempFilePath;
}

/**
 * A photo of a mini-program with lines on it, as a new local file; the photo itself, and `marked` false, where the host
 * has no canvas for it.
 * @param path local path of a JPEG or PNG
 */
export async function markedPhoto(path: string, lines: readonly string[]): Promise<{ path: string; marked: boolean }> {
  if (lines.length === 0) return { path, marked: true };
  const ways = [typeof Taro.createOffscreenCanvas === 'function' ? paintApart : undefined, ofPage];
  for (const paint of ways) {
    const made = await paint?.(path, lines).catch(() => undefined);
    if (made) return { path: made, marked: true };
  }
  return { path, marked: false };
}
