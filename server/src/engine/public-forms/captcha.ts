import { randomInt } from 'node:crypto';

/** A sum to be read from a picture, and its answer. */
export interface Captcha {
  svg: string;
  answer: string;
}

type Point = readonly [number, number];

/** Strokes of each character in a box of 10 × 14; there is no text in the picture that could be read out of it. */
const strokes: Record<string, readonly (readonly Point[])[]> = {
  '0': [
    [
      [2, 3],
      [5, 1],
      [8, 3],
      [8, 11],
      [5, 13],
      [2, 11],
      [2, 3],
    ],
  ],
  '1': [
    [
      [3, 4],
      [6, 1],
      [6, 13],
    ],
    [
      [3, 13],
      [9, 13],
    ],
  ],
  '2': [
    [
      [2, 4],
      [4, 1],
      [7, 1],
      [8, 4],
      [2, 13],
      [8, 13],
    ],
  ],
  '3': [
    [
      [2, 2],
      [7, 1],
      [8, 4],
      [5, 6],
      [8, 9],
      [7, 12],
      [2, 13],
    ],
  ],
  '4': [
    [
      [6, 13],
      [6, 1],
      [1, 9],
      [9, 9],
    ],
  ],
  '5': [
    [
      [8, 1],
      [3, 1],
      [2, 6],
      [7, 6],
      [8, 10],
      [5, 13],
      [2, 12],
    ],
  ],
  '6': [
    [
      [7, 1],
      [3, 5],
      [2, 10],
      [5, 13],
      [8, 10],
      [6, 7],
      [2, 9],
    ],
  ],
  '7': [
    [
      [2, 1],
      [8, 1],
      [4, 13],
    ],
    [
      [3, 7],
      [7, 7],
    ],
  ],
  '8': [
    [
      [5, 6],
      [2, 4],
      [5, 1],
      [8, 4],
      [5, 6],
      [2, 10],
      [5, 13],
      [8, 10],
      [5, 6],
    ],
  ],
  '9': [
    [
      [8, 5],
      [5, 7],
      [2, 4],
      [5, 1],
      [8, 4],
      [7, 10],
      [3, 13],
    ],
  ],
  '+': [
    [
      [5, 4],
      [5, 11],
    ],
    [
      [1, 7],
      [9, 7],
    ],
  ],
  '-': [
    [
      [1, 7],
      [9, 7],
    ],
  ],
  '=': [
    [
      [1, 5],
      [9, 5],
    ],
    [
      [1, 9],
      [9, 9],
    ],
  ],
  '?': [
    [
      [2, 4],
      [4, 1],
      [7, 1],
      [8, 4],
      [5, 7],
      [5, 9],
    ],
    [
      [5, 12],
      [5, 13],
    ],
  ],
};

const width = 150;
const height = 44;

/** @param random a whole number below its argument */
export function makeCaptcha(random: (below: number) => number = (below) => randomInt(below)): Captcha {
  const plus = random(2) === 0;
  const a = 5 + random(15);
  const b = plus ? 1 + random(19) : 1 + random(a - 1);
  const text = `${a}${plus ? '+' : '-'}${b}=?`;
  const step = (width - 20) / text.length;
  const marks = [...text].map((char, index) => glyph(char, 10 + index * step, random)).join('');
  const noise = Array.from({ length: 5 }, () => {
    const at = () => `${random(width)} ${random(height)}`;
    return `<path d="M${at()} Q${at()} ${at()}" stroke="${shade(random)}" stroke-width="1" opacity="0.6"/>`;
  }).join('');
  return {
    svg: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" fill="none" stroke-linecap="round" stroke-linejoin="round"><rect width="${width}" height="${height}" rx="6" fill="#f0f2f5"/>${noise}${marks}</svg>`,
    answer: String(plus ? a + b : a - b),
  };
}

function glyph(char: string, x: number, random: (below: number) => number): string {
  const turn = ((random(31) - 15) * Math.PI) / 180;
  const size = 1.5 + random(50) / 100;
  const [dx, dy] = [x + random(4), 10 + random(8)];
  const place = ([px, py]: Point) => {
    const [cx, cy] = [(px - 5) * size, (py - 7) * size];
    const jitter = () => (random(100) - 50) / 60;
    const at = (value: number) => value.toFixed(1);
    return `${at(dx + 8 + cx * Math.cos(turn) - cy * Math.sin(turn) + jitter())} ${at(dy + 12 + cx * Math.sin(turn) + cy * Math.cos(turn) + jitter())}`;
  };
  const paths = (strokes[char] ?? []).map((line) => `M${line.map(place).join(' L')}`).join(' ');
  return `<path d="${paths}" stroke="${shade(random)}" stroke-width="2.4"/>`;
}

function shade(random: (below: number) => number): string {
  return `hsl(${random(360)} 45% ${25 + random(20)}%)`;
}
