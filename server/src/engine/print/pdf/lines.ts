import type { Inline, PrintImage, TextStyle } from '../blocks.js';
import { type Face, fonts } from './fonts.js';

/** Text of one look, set in one font file. */
export interface Piece {
  text: string;
  face: Face;
  style: TextStyle;
  width: number;
}

export type Placed = { kind: 'piece'; piece: Piece } | { kind: 'image'; image: PrintImage };

export interface Line {
  parts: readonly Placed[];
  width: number;
  /** Above and below the baseline, without the leading. */
  ascent: number;
  descent: number;
}

/** Something that is not broken over lines: a word, a Chinese character with the marks that hang on it, an image. */
interface Word {
  parts: Placed[];
  width: number;
  /** A blank: it may end a line beyond its edge and never begins one. */
  blank: boolean;
}

/** What an inline that tells page numbers stands for; known only when the page is drawn. */
export interface PageNumbers {
  page: string;
  pages: string;
}

// 避头尾: what never begins a line, and what never ends one.
const hangs = new Set('，。、；：？！）】」』》〉”’％…—～·,.;:?!)]}%'.split(''));
const opens = new Set('（【「『《〈“‘￥¥([{'.split(''));
const wide = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\u{20000}-\u{3ffff}]/u;

/** Breaks inlines into lines no wider than `width`. */
export function breakLines(inlines: readonly Inline[], width: number, numbers: PageNumbers): Line[] {
  const lines: Line[] = [];
  let words: Word[] = [];
  const flush = (style?: TextStyle) => {
    lines.push(...fill(words, width, style));
    words = [];
  };
  for (const inline of inlines) {
    if (inline.kind === 'break') flush();
    else if (inline.kind === 'image') {
      const image = fitted(inline.image, width);
      words.push({ parts: [{ kind: 'image', image }], width: image.width, blank: false });
    } else {
      const text = inline.kind === 'text' ? inline.text : numbers[inline.kind];
      words.push(...wordsOf(text, inline));
    }
  }
  flush();
  return lines;
}

/** An image no wider than its place, in its own proportions. */
export function fitted(image: PrintImage, width: number, height = Number.POSITIVE_INFINITY): PrintImage {
  const scale = Math.min(1, width / image.width, height / image.height);
  return scale === 1 ? image : { ...image, width: image.width * scale, height: image.height * scale };
}

function wordsOf(text: string, style: TextStyle): Word[] {
  const words: Word[] = [];
  let word: string[] = [];
  const end = (blank = false) => {
    if (word.length > 0) words.push(measured(word, style, blank));
    word = [];
  };
  const characters = [...text.replaceAll('\t', '    ')];
  for (const [index, character] of characters.entries()) {
    const before = characters[index - 1];
    if (character === ' ') {
      end();
      word = [character];
      end(true);
      continue;
    }
    const glued = before !== undefined && before !== ' ' && (hangs.has(character) || opens.has(before));
    const apart = wide.test(character) || (before !== undefined && wide.test(before));
    if (apart && !glued) end();
    word.push(character);
  }
  end();
  return words;
}

function measured(characters: readonly string[], style: TextStyle, blank: boolean): Word {
  const pieces: Piece[] = [];
  for (const character of characters) {
    const { face, advance, character: drawn } = fonts.glyph(character.codePointAt(0) ?? 0x20, style.bold ?? false);
    const last = pieces.at(-1);
    const width = advance * style.size;
    if (last?.face === face) {
      last.text += drawn;
      last.width += width;
    } else pieces.push({ text: drawn, face, style, width });
  }
  return {
    parts: pieces.map((piece) => ({ kind: 'piece', piece })),
    width: pieces.reduce((sum, piece) => sum + piece.width, 0),
    blank,
  };
}

/** Puts words on lines. A word wider than a line is cut where the line ends. */
function fill(words: readonly Word[], width: number, style?: TextStyle): Line[] {
  const lines: Line[] = [];
  let current: Word[] = [];
  let used = 0;
  const flush = () => {
    while (current.at(-1)?.blank) current.pop();
    lines.push(lineOf(current, style));
    current = [];
    used = 0;
  };
  for (const word of words.flatMap((word) => (word.width > width ? cut(word, width) : [word]))) {
    if (used > 0 && used + word.width > width + 0.01 && !word.blank) flush();
    if (word.blank && current.length === 0 && lines.length > 0) continue;
    current.push(word);
    used += word.width;
  }
  flush();
  return lines;
}

function cut(word: Word, width: number): Word[] {
  const single = word.parts.flatMap((part) =>
    part.kind === 'image'
      ? []
      : [...part.piece.text].map((character) => measured([character], part.piece.style, false)),
  );
  if (single.length === 0) return [word];
  const pieces: Word[] = [];
  let taken: Word | undefined;
  for (const next of single) {
    if (taken && taken.width + next.width <= width) {
      taken.parts.push(...next.parts);
      taken.width += next.width;
    } else {
      taken = { ...next, parts: [...next.parts] };
      pieces.push(taken);
    }
  }
  return pieces;
}

function lineOf(words: readonly Word[], style?: TextStyle): Line {
  const parts = joined(words.flatMap((word) => word.parts));
  const { ascent, descent } = fonts.line;
  const sizes = parts.flatMap((part) => (part.kind === 'piece' ? [part.piece.style.size] : []));
  const size = Math.max(0, ...sizes) || style?.size || 10.5;
  const images = parts.flatMap((part) => (part.kind === 'image' ? [part.image.height] : []));
  return {
    parts,
    width: parts.reduce((sum, part) => sum + (part.kind === 'piece' ? part.piece.width : part.image.width), 0),
    ascent: Math.max(ascent * size, ...images),
    descent: descent * size,
  };
}

/** Neighbours of one look and font become one piece. */
function joined(parts: readonly Placed[]): Placed[] {
  const result: Placed[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (
      part.kind === 'piece' &&
      last?.kind === 'piece' &&
      last.piece.face === part.piece.face &&
      last.piece.style === part.piece.style
    )
      result[result.length - 1] = {
        kind: 'piece',
        piece: {
          ...last.piece,
          text: last.piece.text + part.piece.text,
          width: last.piece.width + part.piece.width,
        },
      };
    else result.push(part);
  }
  return result;
}
