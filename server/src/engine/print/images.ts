import { inflateSync } from 'node:zlib';
import type { PrintImage } from './blocks.js';

const mostPixels = 40_000_000;
/** Screen pixels in a point. */
const perPoint = 96 / 72;

/**
 * A picture ready for paper, or undefined when it is of another kind or broken. PNGs are unpacked once here: the writer
 * of the file does so later, where nobody could catch what a bad one throws.
 */
export function printImage(data: Buffer, width: number, height: number): PrintImage | undefined {
  const size = pngSize(data) ?? jpegSize(data);
  if (!size || size.width < 1 || size.height < 1) return undefined;
  const natural = { width: size.width / perPoint, height: size.height / perPoint };
  const scale = Math.min(1, width / natural.width, height / natural.height);
  return { data, format: size.format, width: natural.width * scale, height: natural.height * scale };
}

interface Size {
  format: PrintImage['format'];
  width: number;
  height: number;
}

const channels: Partial<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

function pngSize(data: Buffer): Size | undefined {
  if (data.length < 33 || data.readUInt32BE(0) !== 0x89504e47) return undefined;
  const [width, height, depth, color, interlace] = [
    data.readUInt32BE(16),
    data.readUInt32BE(20),
    data[24] ?? 0,
    data[25] ?? 0,
    data[28] ?? 0,
  ];
  const samples = channels[color];
  if (samples === undefined || depth !== 8 || interlace !== 0 || width * height > mostPixels) return undefined;
  const expected = height * (1 + width * samples);
  const packed: Buffer[] = [];
  let palette = color !== 3;
  let at = 8;
  while (at + 12 <= data.length) {
    const length = data.readUInt32BE(at);
    const kind = data.toString('latin1', at + 4, at + 8);
    if (kind === 'IDAT') packed.push(data.subarray(at + 8, at + 8 + length));
    if (kind === 'PLTE') palette = length >= 3;
    if (kind === 'IEND') break;
    at += 12 + length;
  }
  if (!palette) return undefined;
  try {
    if (inflateSync(Buffer.concat(packed), { maxOutputLength: expected }).length !== expected) return undefined;
  } catch {
    return undefined;
  }
  return { format: 'png', width, height };
}

function jpegSize(data: Buffer): Size | undefined {
  if (data.length < 4 || data.readUInt16BE(0) !== 0xffd8) return undefined;
  let at = 2;
  while (at + 9 < data.length) {
    if (data[at] !== 0xff) return undefined;
    const marker = data[at + 1] ?? 0;
    // Frames of every kind but those of tables and restarts.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      const [height, width] = [data.readUInt16BE(at + 5), data.readUInt16BE(at + 7)];
      return width * height > mostPixels ? undefined : { format: 'jpeg', width, height };
    }
    if (marker === 0xff) at += 1;
    else at += 2 + data.readUInt16BE(at + 2);
  }
  return undefined;
}
