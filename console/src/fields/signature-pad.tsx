import { type PointerEvent, type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import styles from './fields.module.css';

export interface SignaturePadHandle {
  clear(): void;
  /** What was drawn as a PNG on a clear ground. */
  picture(): Promise<File | undefined>;
}

/** A field to sign on with mouse, pen or finger. */
export function SignaturePad({
  handle,
  label,
  drawn,
  onDraw,
}: {
  /** Not `ref`: React 18 keeps that from function components. */
  handle: Ref<SignaturePadHandle>;
  label: string;
  drawn: boolean;
  onDraw: () => void;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const last = useRef<{ x: number; y: number } | null>(null);

  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const scale = window.devicePixelRatio || 1;
    element.width = element.clientWidth * scale;
    element.height = element.clientHeight * scale;
    const context = element.getContext('2d');
    if (!context) return;
    context.scale(scale, scale);
    context.lineCap = 'round';
    context.lineJoin = 'round';
    context.strokeStyle = '#1f2329';
  }, []);

  useImperativeHandle(handle, () => ({
    clear() {
      const element = canvas.current;
      element?.getContext('2d')?.clearRect(0, 0, element.width, element.height);
    },
    picture: () =>
      new Promise((resolve) => {
        canvas.current?.toBlob(
          (blob) => resolve(blob ? new File([blob], 'signature.png', { type: 'image/png' }) : undefined),
          'image/png',
        );
      }),
  }));

  function draw(event: PointerEvent<HTMLCanvasElement>) {
    const context = event.currentTarget.getContext('2d');
    if (!context || !last.current) return;
    const at = { x: event.nativeEvent.offsetX, y: event.nativeEvent.offsetY };
    context.lineWidth = event.pressure > 0 && event.pointerType === 'pen' ? 1 + event.pressure * 3 : 2.5;
    context.beginPath();
    context.moveTo(last.current.x, last.current.y);
    context.lineTo(at.x, at.y);
    context.stroke();
    last.current = at;
  }

  return (
    <div className={styles.pad}>
      <div className={styles.padHint} aria-hidden>
        {drawn ? '' : label}
      </div>
      <canvas
        ref={canvas}
        className={styles.padCanvas}
        aria-label={label}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          last.current = { x: event.nativeEvent.offsetX, y: event.nativeEvent.offsetY };
          draw(event);
          onDraw();
        }}
        onPointerMove={draw}
        onPointerUp={() => {
          last.current = null;
        }}
      />
    </div>
  );
}
