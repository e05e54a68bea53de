import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type FontMetrics, readMetrics, unpackWoff } from './sfnt.js';

/** A font file as pdfs embed it. Only the glyphs that a page uses go into it. */
export interface Face {
  key: string;
  data: Buffer;
  metrics: FontMetrics;
}

export interface Glyph {
  /** The character that is drawn. */
  character: string;
  face: Face;
  /** Parts of an em. */
  advance: number;
}

const folder = dirname(createRequire(import.meta.url).resolve('@fontsource/noto-sans-sc/package.json'));
const main = 'chinese-simplified';
/** Shown for characters that no part of the font has, such as emoji. */
const missing = 0x25a1;

/**
 * Noto Sans SC (OFL), as it comes in the package: one file with the common characters, and about a hundred with the rare
 * ones, each read when a text first needs it. Names written with rare characters are printed like any other.
 */
class Fonts {
  private readonly faces = new Map<string, Face>();
  private readonly known = new Map<string, Glyph>();
  private slices: { name: string; ranges: [number, number][] }[] | undefined;

  glyph(codePoint: number, bold: boolean): Glyph {
    const key = `${bold ? 'b' : 'r'}${codePoint}`;
    const kept = this.known.get(key);
    if (kept) return kept;
    const found = this.find(codePoint, bold) ?? this.find(missing, bold) ?? this.find(0x3f, bold);
    if (!found) throw new Error('the printing font has no question mark');
    this.known.set(key, found);
    return found;
  }

  /** How far lines reach above and below their baseline, in parts of an em. */
  get line(): { ascent: number; descent: number } {
    return this.face(main, false).metrics;
  }

  private find(codePoint: number, bold: boolean): Glyph | undefined {
    const drawn = { character: String.fromCodePoint(codePoint) };
    const first = this.face(main, bold);
    const advance = first.metrics.advance(codePoint);
    if (advance !== undefined) return { ...drawn, face: first, advance };
    for (const { name, ranges } of this.ranges()) {
      if (!ranges.some(([from, to]) => codePoint >= from && codePoint <= to)) continue;
      const face = this.face(name, bold);
      const width = face.metrics.advance(codePoint);
      if (width !== undefined) return { ...drawn, face, advance: width };
    }
    return undefined;
  }

  private face(name: string, bold: boolean): Face {
    const key = `${name}-${bold ? 700 : 400}`;
    const kept = this.faces.get(key);
    if (kept) return kept;
    const data = unpackWoff(readFileSync(join(folder, 'files', `noto-sans-sc-${key}-normal.woff`)));
    const face = { key, data, metrics: readMetrics(data) };
    this.faces.set(key, face);
    return face;
  }

  private ranges() {
    this.slices ??= Object.entries(
      JSON.parse(readFileSync(join(folder, 'unicode.json'), 'utf8')) as Record<string, string>,
    ).map(([name, ranges]) => ({
      name: name.replace(/^\[(\d+)\]$/, '$1'),
      ranges: ranges.split(',').map((range): [number, number] => {
        const [from = '', to = from] = range.trim().replace(/^U\+/i, '').split('-');
        return [Number.parseInt(from, 16), Number.parseInt(to, 16)];
      }),
    }));
    return this.slices;
  }
}

/** Read once a process: the files do not change and belong to no tenant. */
export const fonts = new Fonts();
