import { type Face, fonts } from '../../print/pdf/fonts.js';

export interface TextStyle {
  size: number;
  color: string;
  bold?: boolean;
  /** Which end of the text stands at `x`. */
  anchor?: 'start' | 'middle' | 'end';
  /** Longer text ends with an ellipsis. */
  width?: number;
}

/** Builds an SVG, and knows which parts of the font its texts need. Lengths are pixels from the left and the top. */
export class Drawing {
  private readonly parts: string[] = [];
  private readonly used = new Map<string, Face>();

  /** Parts of the font that the texts so far are drawn with. */
  get faces(): Face[] {
    return [...this.used.values()];
  }

  /** Text whose baseline is at `y`; what the font does not have is drawn as its box. */
  text(x: number, y: number, text: string, { size, color, bold = false, anchor = 'start', width }: TextStyle): void {
    const shown = width === undefined ? oneLine(text) : cut(oneLine(text), size, width, bold);
    const drawn = [...shown].map((character) => {
      const { face, character: known } = fonts.glyph(character.codePointAt(0) ?? 0, bold);
      this.used.set(face.key, face);
      return known;
    });
    this.parts.push(
      `<text x="${round(x)}" y="${round(y)}" font-size="${size}" font-weight="${bold ? 700 : 400}" fill="${color}" text-anchor="${anchor}">${escaped(drawn.join(''))}</text>`,
    );
  }

  rect(x: number, y: number, width: number, height: number, color: string, radius = 0): void {
    const [w, h] = [Math.max(0, width), Math.max(0, height)];
    this.parts.push(
      `<rect x="${round(x)}" y="${round(y)}" width="${round(w)}" height="${round(h)}" rx="${radius}" fill="${color}"/>`,
    );
  }

  line(x1: number, y1: number, x2: number, y2: number, color: string, width = 1): void {
    this.path(`M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}`, { stroke: color, width });
  }

  path(d: string, { fill = 'none', stroke, width = 1 }: { fill?: string; stroke?: string; width?: number }): void {
    const line = stroke ? ` stroke="${stroke}" stroke-width="${width}" stroke-linejoin="round"` : '';
    this.parts.push(`<path d="${d}" fill="${fill}"${line}/>`);
  }

  svg(width: number, height: number): string {
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Noto Sans SC">${this.parts.join('')}</svg>`;
  }
}

export function widthOf(text: string, size: number, bold = false): number {
  let width = 0;
  for (const character of text) width += fonts.glyph(character.codePointAt(0) ?? 0, bold).advance * size;
  return width;
}

function cut(text: string, size: number, width: number, bold: boolean): string {
  if (widthOf(text, size, bold) <= width) return text;
  let kept = '';
  for (const character of text) {
    if (widthOf(`${kept}${character}…`, size, bold) > width) break;
    kept += character;
  }
  return `${kept}…`;
}

export const round = (value: number): number => Math.round(value * 100) / 100;

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Control characters are no part of XML at all. */
function escaped(text: string): string {
  const plain = [...text].filter((character) => (character.codePointAt(0) ?? 0) >= 0x20).join('');
  return plain.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
