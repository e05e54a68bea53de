import { Canvas, View } from '@tarojs/components';
import Taro from '@tarojs/taro';
import { useEffect, useState } from 'react';
import { drawMark, longestSide, offerPainter } from '../platform/watermark.js';

/** A photo that is being marked on a canvas of its own. */
interface Job {
  id: string;
  path: string;
  lines: readonly string[];
  width: number;
  height: number;
  /** Pixels of the picture for one of the canvas's. */
  ratio: number;
  done(path: string): void;
  fail(error: unknown): void;
}

/** So long a host may take to paint, ms, before the photo goes without its mark. */
const patience = 8000;
let made = 0;

/** The older canvas context takes by calls what a mark sets as properties. */
function penOf(context: Taro.CanvasContext): Parameters<typeof drawMark>[0] {
  return {
    set font(font: string) {
      context.setFontSize(Number.parseInt(font, 10));
    },
    set fillStyle(style: unknown) {
      context.setFillStyle(String(style));
    },
    set textBaseline(line: unknown) {
      context.setTextBaseline(line === 'top' ? 'top' : 'normal');
    },
    fillRect: (x, y, width, height) => context.fillRect(x, y, width, height),
    fillText: (text, x, y) => context.fillText(text, x, y),
  };
}

async function paint({ id, path, lines, width, height, ratio }: Job): Promise<string> {
  const context = Taro.createCanvasContext(id);
  context.drawImage(path, 0, 0, width, height);
  drawMark(penOf(context), width, height, lines);
  await new Promise<void>((resolve) => context.draw(false, () => resolve()));
  const size = { destWidth: Math.round(width * ratio), destHeight: Math.round(height * ratio) };
  return (await Taro.canvasToTempFilePath({ ...size, canvasId: id, fileType: 'jpg', quality: 0.82 })).tempFilePath;
}

async function jobFor(path: string, lines: readonly string[]): Promise<Omit<Job, 'done' | 'fail'>> {
  const image = await Taro.getImageInfo({ src: path });
  const ratio = Taro.getSystemInfoSync().pixelRatio || 1;
  const scale = Math.min(1, longestSide / Math.max(image.width, image.height)) / ratio;
  const side = (length: number) => Math.max(1, Math.floor(length * scale));
  return { id: `mark-${++made}`, path, lines, width: side(image.width), height: side(image.height), ratio };
}

/** Canvases out of sight, on which photos are marked where the host knows only canvases of a page (DingTalk). */
export function MarkCanvas() {
  const [jobs, setJobs] = useState<Job[]>([]);
  useEffect(
    () =>
      offerPainter(async (path, lines) => {
        const job = await jobFor(path, lines);
        const painted = new Promise<string>((done, fail) => {
          setTimeout(() => fail(new Error('canvas')), patience);
          setJobs((old) => [...old, { ...job, done, fail }]);
        });
        return painted.finally(() => setJobs((old) => old.filter((other) => other.id !== job.id)));
      }),
    [],
  );
  return (
    <View className="mark-papers">
      {jobs.map((job) => (
        <Paper key={job.id} job={job} />
      ))}
    </View>
  );
}

function Paper({ job }: { job: Job }) {
  useEffect(() => Taro.nextTick(() => void paint(job).then(job.done, job.fail)), [job]);
  // DingTalk draws at the attributes' size, others at the style's.
  const size = { width: `${job.width}px`, height: `${job.height}px` };
  return <Canvas id={job.id} canvasId={job.id} {...size} style={size} />;
}
