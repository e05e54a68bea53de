import { createCanvas, Image, loadImage } from '@napi-rs/canvas';
import type { Callbacks } from './native-requests.js';
import { findNode, type RenderedNode } from './node.js';
import type { MiniPhone } from './phone.js';
import type { Platform } from './platform.js';

/** Every element that a query asks for has this size. */
const size = { width: 351, height: 260, left: 0, top: 0, right: 351, bottom: 260 };
const ratio = 2;

/** A picture that is loaded from the phone's files. */
function hostImage(phone: MiniPhone): Image {
  const image = new Image();
  const own = Object.getOwnPropertyDescriptor(Image.prototype, 'src');
  Object.defineProperty(image, 'src', {
    configurable: true,
    get: () => own?.get?.call(image) as unknown,
    set: (path: string) => {
      const bytes = phone.files.get(path);
      if (bytes) own?.set?.call(image, bytes);
      else setTimeout(() => image.onerror?.(new Error(`no file ${path}`)), 0);
    },
  });
  return image;
}

function canvasNode(width: number, height: number, phone: MiniPhone) {
  return Object.assign(createCanvas(width, height), {
    createImage: () => hostImage(phone),
    requestAnimationFrame: (run: (time: number) => void) => setTimeout(() => run(Date.now()), 16),
    cancelAnimationFrame: clearTimeout,
  });
}
export type CanvasNode = ReturnType<typeof canvasNode>;

interface ExportOptions extends Callbacks {
  canvas?: CanvasNode;
  canvasId?: string;
  fileType?: string;
  quality?: number;
}

/** Canvases: nodes of elements, the older contexts by id, and pictures made of both. */
export class NativeCanvases {
  /** By element id (new) or canvas id (old). */
  readonly all = new Map<string, CanvasNode>();

  constructor(
    private readonly platform: Platform,
    private readonly phone: MiniPhone,
    private readonly currentNodes: () => RenderedNode[],
  ) {}

  api(): Record<string, unknown> {
    return {
      createSelectorQuery: () => this.query(),
      createCanvasContext: (id: string) => this.oldContext(id),
      canvasToTempFilePath: (options: ExportOptions) => this.export(options),
      ...(this.platform.key === 'weapp'
        ? {
            createOffscreenCanvas: ({ width = 64, height = 64 }: { width?: number; height?: number } = {}) =>
              canvasNode(width, height, this.phone),
          }
        : {}),
    };
  }

  /** WeChat finds an old canvas by its canvas id, DingTalk by the id of its element. */
  private oldCanvas(id: string): CanvasNode | undefined {
    const attribute = this.platform.key === 'weapp' ? 'canvas-id' : 'id';
    const element = findNode(
      this.currentNodes(),
      (node) => node.name === 'canvas' && node.attributes[attribute] === id,
    );
    if (!element) return undefined;
    const known = this.all.get(id);
    if (known) return known;
    // WeChat's old canvas is as large as its element; DingTalk's has the size of its attributes, whatever its style.
    const given = (name: string) => Number.parseFloat(String(element.attributes[name] ?? ''));
    const [width, height] =
      this.platform.key === 'weapp' ? [size.width, size.height] : [given('width') || 300, given('height') || 225];
    const canvas = canvasNode(width * ratio, height * ratio, this.phone);
    canvas.getContext('2d').scale(ratio, ratio);
    this.all.set(id, canvas);
    return canvas;
  }

  /** What is drawn appears with `draw`, which wipes what was there before unless told to keep it. */
  private oldContext(id: string): Record<string, (...args: never[]) => unknown> {
    let steps: ((context: ReturnType<CanvasNode['getContext']>) => unknown)[] = [];
    return {
      setFillStyle: (style: string) => void steps.push((on) => Object.assign(on, { fillStyle: style })),
      setFontSize: (points: number) => void steps.push((on) => Object.assign(on, { font: `${points}px sans-serif` })),
      setTextBaseline: (line: string) => void steps.push((on) => Object.assign(on, { textBaseline: line })),
      fillRect: (...box: [number, number, number, number]) => void steps.push((on) => on.fillRect(...box)),
      fillText: (text: string, x: number, y: number) => void steps.push((on) => on.fillText(text, x, y)),
      drawImage: (path: string, ...box: [number, number, number, number]) =>
        void steps.push(async (on) => {
          const bytes = this.phone.files.get(path);
          if (bytes) on.drawImage(await loadImage(bytes), ...box);
        }),
      setStrokeStyle: (style: string) => void steps.push((on) => Object.assign(on, { strokeStyle: style })),
      setLineWidth: (width: number) => void steps.push((on) => Object.assign(on, { lineWidth: width })),
      setLineCap: (cap: CanvasLineCap) => void steps.push((on) => Object.assign(on, { lineCap: cap })),
      moveTo: (x: number, y: number) =>
        void steps.push((on) => {
          on.beginPath();
          on.moveTo(x, y);
        }),
      lineTo: (x: number, y: number) => void steps.push((on) => on.lineTo(x, y)),
      stroke: () => void steps.push((on) => on.stroke()),
      draw: async (keep?: boolean, done?: () => void) => {
        const canvas = this.oldCanvas(id);
        const context = canvas?.getContext('2d');
        const taken = steps;
        steps = [];
        if (canvas && context) {
          if (!keep) context.clearRect(0, 0, canvas.width, canvas.height);
          // Only a picture has to be waited for: strokes that follow each other fast stay in their order.
          for (const step of taken) {
            const painted = step(context);
            if (painted instanceof Promise) await painted;
          }
        }
        done?.();
      },
    };
  }

  private export(options: ExportOptions): void {
    const canvas = options.canvas ?? this.oldCanvas(options.canvasId ?? '');
    setTimeout(() => {
      if (!canvas) return options.fail?.({ error: 2, errMsg: 'canvasToTempFilePath:fail canvas is empty' });
      const jpeg = options.fileType === 'jpg';
      const bytes = jpeg
        ? canvas.toBuffer('image/jpeg', Math.round((options.quality ?? 1) * 100))
        : canvas.toBuffer('image/png');
      const path = this.phone.keepTemporary(bytes, jpeg ? 'jpg' : 'png');
      options.success?.(this.platform.key === 'weapp' ? { tempFilePath: path } : { filePath: path });
    }, 0);
  }

  /** Answers queries by id with a fixed size, and canvases with a real 2d canvas kept per id. */
  private query() {
    const wanted: { selector: string; node: boolean; done?(answer: unknown): void }[] = [];
    const answer = ({ selector, node }: (typeof wanted)[number]): unknown => {
      const element = findNode(this.currentNodes(), (item) => item.attributes.id === selector.slice(1));
      if (!element) return null;
      if (!node || element.name !== 'canvas') return { ...size };
      const canvas = this.all.get(selector) ?? canvasNode(size.width, size.height, this.phone);
      this.all.set(selector, canvas);
      return { ...size, node: canvas };
    };
    const query = {
      in: () => query,
      select(selector: string) {
        const entry: (typeof wanted)[number] = { selector, node: false };
        wanted.push(entry);
        const ask = (node: boolean, done?: (found: unknown) => void) => {
          entry.node = node;
          entry.done = done;
          return query;
        };
        return {
          fields: (fields: { node?: boolean }, done?: (found: unknown) => void) => ask(fields.node === true, done),
          node: (done?: (found: unknown) => void) => ask(true, done),
          boundingClientRect: (done?: (found: unknown) => void) => ask(false, done),
          scrollOffset: (done?: (found: unknown) => void) => ask(false, done),
        };
      },
      selectAll: (selector: string) => query.select(selector),
      selectViewport: () => query.select('#viewport'),
      exec(done?: (found: unknown[]) => void) {
        setTimeout(() => {
          const found = wanted.map(answer);
          for (const [index, entry] of wanted.entries()) entry.done?.(found[index]);
          done?.(found);
        }, 0);
      },
    };
    return query;
  }
}
