import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Face } from '../../print/pdf/fonts.js';

type Engine = typeof import('@resvg/resvg-wasm');

let ready: Promise<Engine> | undefined;

/** The engine is two and a half megabytes: read when a process first draws. */
function engine(): Promise<Engine> {
  ready ??= load().catch((error: unknown) => {
    ready = undefined;
    throw error;
  });
  return ready;
}

async function load(): Promise<Engine> {
  const wasm = await readFile(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm'));
  const loaded = await import('@resvg/resvg-wasm');
  await loaded.initWasm(wasm);
  return loaded;
}

/** An SVG as PNG, `zoom` pixels for each of its own, drawn with these parts of the font and no other. */
export async function rasterize(svg: string, faces: readonly Face[], zoom: number): Promise<Buffer> {
  const { Resvg } = await engine();
  const resvg = new Resvg(svg, {
    background: '#ffffff',
    fitTo: { mode: 'zoom', value: zoom },
    font: { fontBuffers: faces.map((face) => face.data), defaultFontFamily: 'Noto Sans SC' },
  });
  try {
    const image = resvg.render();
    try {
      return Buffer.from(image.asPng());
    } finally {
      image.free();
    }
  } finally {
    resvg.free();
  }
}
