import { inflateSync } from 'node:zlib';

const directoryEntry = 20;
const woffHeader = 44;

/** A WOFF file as the plain font inside it: its tables unpacked once, instead of anew at each look-up. */
export function unpackWoff(woff: Buffer): Buffer {
  if (woff.toString('latin1', 0, 4) !== 'wOFF') throw new Error('not a WOFF font');
  const count = woff.readUInt16BE(12);
  const head = Buffer.alloc(12 + 16 * count);
  woff.copy(head, 0, 4, 8);
  head.writeUInt16BE(count, 4);
  const parts: Buffer[] = [head];
  let at = head.length;
  for (let index = 0; index < count; index++) {
    const entry = woffHeader + directoryEntry * index;
    const offset = woff.readUInt32BE(entry + 4);
    const packed = woff.readUInt32BE(entry + 8);
    const length = woff.readUInt32BE(entry + 12);
    const raw = woff.subarray(offset, offset + packed);
    const data = packed < length ? inflateSync(raw) : raw;
    const slot = 12 + 16 * index;
    woff.copy(head, slot, entry, entry + 4);
    head.writeUInt32BE(woff.readUInt32BE(entry + 16), slot + 4);
    head.writeUInt32BE(at, slot + 8);
    head.writeUInt32BE(data.length, slot + 12);
    const padding = (4 - (data.length % 4)) % 4;
    parts.push(data, Buffer.alloc(padding));
    at += data.length + padding;
  }
  return Buffer.concat(parts);
}

export interface FontMetrics {
  /** Parts of an em that the text reaches above and below its baseline. */
  ascent: number;
  descent: number;
  /** Width of a character in parts of an em; undefined when the font has no glyph for it. */
  advance(codePoint: number): number | undefined;
}

/** Reads how wide characters are, straight from the font's tables. */
export function readMetrics(font: Buffer): FontMetrics {
  const table = (tag: string): Buffer => {
    const count = font.readUInt16BE(4);
    for (let index = 0; index < count; index++) {
      const slot = 12 + 16 * index;
      if (font.toString('latin1', slot, slot + 4) !== tag) continue;
      const offset = font.readUInt32BE(slot + 8);
      return font.subarray(offset, offset + font.readUInt32BE(slot + 12));
    }
    throw new Error(`the font has no table ${tag}`);
  };
  const em = table('head').readUInt16BE(18);
  const hhea = table('hhea');
  const widths = hhea.readUInt16BE(34);
  const hmtx = table('hmtx');
  const glyphOf = characterMap(table('cmap'));
  return {
    ascent: hhea.readInt16BE(4) / em,
    descent: -hhea.readInt16BE(6) / em,
    advance: (codePoint) => {
      const glyph = glyphOf(codePoint);
      return glyph === 0 ? undefined : hmtx.readUInt16BE(4 * Math.min(glyph, widths - 1)) / em;
    },
  };
}

function characterMap(cmap: Buffer): (codePoint: number) => number {
  const count = cmap.readUInt16BE(2);
  const found = Array.from({ length: count }, (_, index) => cmap.subarray(cmap.readUInt32BE(4 + 8 * index + 4)));
  const full = found.find((part) => part.readUInt16BE(0) === 12);
  const short = found.find((part) => part.readUInt16BE(0) === 4);
  const sorted = full ? groups(full) : short ? segments(short) : [];
  return (codePoint) => {
    let low = 0;
    let high = sorted.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const range = sorted[middle] as Range;
      if (codePoint > range.end) low = middle + 1;
      else if (codePoint < range.start) high = middle - 1;
      else return range.glyph(codePoint);
    }
    return 0;
  };
}

interface Range {
  start: number;
  end: number;
  glyph(codePoint: number): number;
}

function groups(part: Buffer): Range[] {
  return Array.from({ length: part.readUInt32BE(12) }, (_, index) => {
    const at = 16 + 12 * index;
    const start = part.readUInt32BE(at);
    const first = part.readUInt32BE(at + 8);
    return { start, end: part.readUInt32BE(at + 4), glyph: (codePoint) => first + codePoint - start };
  });
}

function segments(part: Buffer): Range[] {
  const double = part.readUInt16BE(6);
  return Array.from({ length: double / 2 }, (_, index) => {
    const end = part.readUInt16BE(14 + 2 * index);
    const start = part.readUInt16BE(16 + double + 2 * index);
    const delta = part.readUInt16BE(16 + 2 * double + 2 * index);
    const slot = 16 + 3 * double + 2 * index;
    const offset = part.readUInt16BE(slot);
    return {
      start,
      end,
      glyph: (codePoint) => {
        if (offset === 0) return (codePoint + delta) & 0xffff;
        const glyph = part.readUInt16BE(slot + offset + 2 * (codePoint - start));
        return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
      },
    };
  });
}
