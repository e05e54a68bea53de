import { Canvas as F2Canvas } from '@antv/f2';
import { Canvas, View } from '@tarojs/components';
import Taro, { useReady } from '@tarojs/taro';
import { useEffect, useRef } from 'react';
import { isH5 } from '../../platform/host.js';
import { measuringCanvas } from './measuring-canvas.js';

/** An element made by F2's own `jsx`. */
export type ChartNode = unknown;

interface HostCanvas {
  width: number;
  height: number;
  getContext(kind: '2d'): CanvasRenderingContext2D;
  createImage?(): HTMLImageElement;
  requestAnimationFrame?(run: (time: number) => void): number;
  cancelAnimationFrame?(id: number): void;
}
interface ChartHandle {
  render(): Promise<void>;
  update(props: object): Promise<void>;
  destroy(): void;
}
const Chart = F2Canvas as unknown as new (props: object) => ChartHandle;

interface Props {
  id: string;
  /** CSS pixels; the width is that of the place. */
  height: number;
  node: ChartNode;
}

/** F2 speaks in pixels of a 750 px design; this app in those of 375. */
function halved(value: unknown): unknown {
  if (typeof value === 'number') return value * 0.5;
  const match = typeof value === 'string' ? /^(-?\d+(?:\.\d+)?)px$/.exec(value) : null;
  return match ? Number(match[1]) * 0.5 : value;
}

function pixelRatio(): number {
  return isH5 ? window.devicePixelRatio || 1 : (Taro.getWindowInfo?.() ?? Taro.getSystemInfoSync()).pixelRatio;
}

function chartProps(canvas: HostCanvas, width: number, height: number, node: ChartNode): object {
  const context = canvas.getContext('2d');
  const ratio = pixelRatio();
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  return {
    context,
    width,
    height,
    pixelRatio: ratio,
    px2hd: halved,
    children: node,
    animate: false,
    createImage: () => canvas.createImage?.() ?? new Image(),
    requestAnimationFrame: canvas.requestAnimationFrame?.bind(canvas),
    cancelAnimationFrame: canvas.cancelAnimationFrame?.bind(canvas),
    offscreenCanvas: isH5 ? undefined : measuringCanvas(context),
  };
}

/** The host's canvas node and its size, once it is on the page. */
function findCanvas(id: string, height: number): Promise<{ canvas: HostCanvas; width: number } | undefined> {
  if (isH5) {
    const box = document.getElementById(id);
    const canvas = box?.tagName === 'CANVAS' ? box : box?.querySelector('canvas');
    if (!box || !canvas) return Promise.resolve(undefined);
    const { width } = box.getBoundingClientRect();
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    return Promise.resolve({ canvas: canvas as unknown as HostCanvas, width });
  }
  return new Promise((resolve) => {
    Taro.createSelectorQuery()
      .select(`#${id}`)
      .fields({ node: true, size: true })
      .exec((found: ({ node?: HostCanvas; width: number } | null)[]) => {
        const [first] = found;
        resolve(first?.node ? { canvas: first.node, width: first.width } : undefined);
      });
  });
}

/** Draws an F2 chart on h5, weapp and dd; a new `node` redraws it in place. */
export function F2Chart({ id, height, node }: Props) {
  const handle = useRef<ChartHandle | null>(null);
  const props = useRef<object>({});
  const busy = useRef(false);
  const latest = useRef(node);
  latest.current = node;

  const mount = async () => {
    if (handle.current || busy.current) return;
    busy.current = true;
    const found = await findCanvas(id, height);
    busy.current = false;
    if (!found || found.width === 0) return;
    props.current = chartProps(found.canvas, found.width, height, latest.current);
    handle.current = new Chart(props.current);
    void handle.current.render();
  };
  useReady(() => Taro.nextTick(() => void mount()));
  // biome-ignore lint/correctness/useExhaustiveDependencies: mounted once; `node` is followed below
  useEffect(() => {
    // Widgets that arrive after the page is ready get no ready event of their own.
    const timer = setTimeout(() => void mount(), 60);
    return () => {
      clearTimeout(timer);
      handle.current?.destroy();
      handle.current = null;
    };
  }, []);
  useEffect(() => {
    if (!handle.current) return;
    props.current = { ...props.current, children: node };
    void handle.current.update(props.current);
  }, [node]);

  return (
    <View style={{ height: `${height}Px` }}>
      <Canvas type="2d" id={id} canvasId={id} style={{ width: '100%', height: `${height}Px` }} />
    </View>
  );
}
