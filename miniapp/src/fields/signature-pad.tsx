import { Canvas, View } from '@tarojs/components';
import Taro from '@tarojs/taro';
import { useEffect, useRef } from 'react';
import { isDd, isH5 } from '../platform/host.js';
import type { LocalFile } from '../platform/pick-files.js';

interface Point {
  x: number;
  y: number;
}

const ink = '#1f2329';
const pen = 2.5;
/** As `.pad` has it on a screen of 375 px: 16 px on both sides and a line of one around. */
const padSize = { width: 341, height: 220 };

function strokeTo(id: string, from: Point, to: Point): void {
  const context = Taro.createCanvasContext(id);
  context.setStrokeStyle(ink);
  context.setLineWidth(pen);
  context.setLineCap('round');
  context.moveTo(from.x, from.y);
  context.lineTo(to.x, to.y);
  context.stroke();
  context.draw(true);
}

const browserCanvas = (id: string) => document.querySelector<HTMLCanvasElement>(`#${id}-paper`);

function paperSize(): { width: string; height: string } {
  const scale = Taro.getSystemInfoSync().windowWidth / 375;
  return { width: `${padSize.width * scale}px`, height: `${padSize.height * scale}px` };
}

/** Wipes what was drawn. */
export function clearPad(id: string): void {
  if (isH5) {
    const canvas = browserCanvas(id);
    canvas?.getContext('2d')?.clearRect(0, 0, canvas.width, canvas.height);
    return;
  }
  Taro.createCanvasContext(id).draw(false);
}

/** What was drawn as a PNG ready for upload. */
export async function padPicture(id: string): Promise<LocalFile> {
  const path = isH5
    ? (browserCanvas(id)?.toDataURL('image/png') ?? '')
    : (await Taro.canvasToTempFilePath({ canvasId: id, fileType: 'png' })).tempFilePath;
  return { path, name: 'signature.png', size: Math.round(path.length * 0.75), image: true };
}

interface Props {
  id: string;
  hint: string;
  onDraw(): void;
}

/** A field to sign on with a finger, or with the mouse in a browser. */
export function SignaturePad({ id, hint, onDraw }: Props) {
  const last = useRef<Point | null>(null);
  const drawn = useRef(onDraw);
  drawn.current = onDraw;

  useEffect(() => {
    if (!isH5) return;
    const host = document.querySelector<HTMLElement>(`#${id}`);
    if (!host) return;
    const canvas = document.createElement('canvas');
    canvas.id = `${id}-paper`;
    canvas.style.cssText = 'position:absolute;inset:0;width:100%;height:100%;touch-action:none';
    host.appendChild(canvas);
    const scale = window.devicePixelRatio || 1;
    canvas.width = host.clientWidth * scale;
    canvas.height = host.clientHeight * scale;
    const context = canvas.getContext('2d');
    if (!context) return;
    context.scale(scale, scale);
    Object.assign(context, { lineCap: 'round', lineJoin: 'round', lineWidth: pen, strokeStyle: ink });
    let from: Point | null = null;
    const move = (event: PointerEvent) => {
      if (!from) return;
      context.beginPath();
      context.moveTo(from.x, from.y);
      from = { x: event.offsetX, y: event.offsetY };
      context.lineTo(from.x, from.y);
      context.stroke();
    };
    canvas.onpointerdown = (event) => {
      canvas.setPointerCapture(event.pointerId);
      from = { x: event.offsetX, y: event.offsetY };
      move(event);
      drawn.current();
    };
    canvas.onpointermove = move;
    canvas.onpointerup = () => {
      from = null;
    };
    return () => canvas.remove();
  }, [id]);

  if (isH5) {
    return (
      <View id={id} className="pad">
        <View className="pad__hint">{hint}</View>
      </View>
    );
  }
  // DingTalk finds a canvas by the element's id and draws at its attributes' size, whatever its style.
  const paper = isDd ? paperSize() : {};
  const pointOf = (event: { touches: unknown }): Point | null => {
    const [touch] = event.touches as Point[];
    return touch ? { x: touch.x, y: touch.y } : null;
  };
  return (
    <View className="pad">
      <View className="pad__hint">{hint}</View>
      <Canvas
        id={id}
        canvasId={id}
        {...paper}
        className="pad__paper"
        disableScroll
        onTouchStart={(event) => {
          last.current = pointOf(event);
          onDraw();
        }}
        onTouchMove={(event) => {
          const at = pointOf(event);
          if (last.current && at) strokeTo(id, last.current, at);
          last.current = at;
        }}
        onTouchEnd={() => {
          last.current = null;
        }}
      />
    </View>
  );
}
