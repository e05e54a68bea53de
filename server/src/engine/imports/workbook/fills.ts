import { attribute } from './large/xml-text.js';

/** A grey, a black: too little colour to have a hue. */
const paleness = 0.12;
const hues: [number, string][] = [
  [15, '红色'],
  [42, '橙色'],
  [70, '黄色'],
  [165, '绿色'],
  [195, '青色'],
  [255, '蓝色'],
  [290, '紫色'],
  [335, '粉色'],
  [361, '红色'],
];
/** The older colours by number (ECMA-376 18.8.27); 64 and 65 are the system's own. */
const indexed = [
  '000000',
  'FFFFFF',
  'FF0000',
  '00FF00',
  '0000FF',
  'FFFF00',
  'FF00FF',
  '00FFFF',
  '000000',
  'FFFFFF',
  'FF0000',
  '00FF00',
  '0000FF',
  'FFFF00',
  'FF00FF',
  '00FFFF',
  '800000',
  '008000',
  '000080',
  '808000',
  '800080',
  '008080',
  'C0C0C0',
  '808080',
];

/** The colour each cell style fills its cell with, by the style's index; undefined for none and for white. */
export function fillsOf(styles: string, theme: string): (string | undefined)[] {
  const colours = themeColours(theme);
  const fills = [...(inside(styles, 'fills') ?? '').matchAll(/<(?:\w+:)?fill>([\s\S]*?)<\/(?:\w+:)?fill>/g)].map(
    ([, xml = '']) => {
      if (!/patternType="solid"/.test(xml)) return undefined;
      const tag = /<(?:\w+:)?fgColor\s[^>]*>/.exec(xml)?.[0] ?? '';
      const rgb = colourOf(tag, colours);
      return rgb && nameOf(rgb);
    },
  );
  const xfs = [...(inside(styles, 'cellXfs') ?? '').matchAll(/<(?:\w+:)?xf\s[^>]*>/g)];
  return xfs.map(([tag]) => fills[Number(attribute(tag, ' fillId="') ?? 0)]);
}

function inside(xml: string, name: string): string | undefined {
  return new RegExp(`<(?:\\w+:)?${name}\\b[^>]*>([\\s\\S]*?)</(?:\\w+:)?${name}>`).exec(xml)?.[1];
}

/** In the order that `theme` numbers mean: light and dark of each pair are the other way round (ECMA-376 20.1.6.2). */
function themeColours(theme: string): string[] {
  const scheme = inside(theme, 'clrScheme') ?? '';
  const all = ['lt1', 'dk1', 'lt2', 'dk2', 'accent1', 'accent2', 'accent3', 'accent4', 'accent5', 'accent6'];
  return all.map(
    (name) => /(?:lastClr|srgbClr val)="([0-9A-Fa-f]{6})"/.exec(inside(scheme, name) ?? '')?.[1] ?? 'FFFFFF',
  );
}

function colourOf(tag: string, theme: readonly string[]): number[] | undefined {
  const rgb = attribute(tag, ' rgb="')?.slice(-6);
  const number = attribute(tag, ' theme="');
  const old = attribute(tag, ' indexed="');
  const hex = rgb ?? (number !== undefined ? theme[Number(number)] : indexed[Number(old ?? 64)]);
  if (!hex || !/^[0-9A-Fa-f]{6}$/.test(hex)) return undefined;
  const tint = Number(attribute(tag, ' tint="') ?? 0);
  return [0, 2, 4].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return tint < 0 ? part * (1 + tint) : part + (1 - part) * tint;
  });
}

/** What people call a colour; tints of one hue are one colour. */
function nameOf([red = 0, green = 0, blue = 0]: readonly number[]): string | undefined {
  const [most, least] = [Math.max(red, green, blue), Math.min(red, green, blue)];
  const spread = most - least;
  if (least > 0.97) return undefined;
  if (spread < paleness && most < 0.2) return '黑色';
  if (spread < 0.04 || (spread < paleness && most < 0.9)) return '灰色';
  const part =
    most === red ? (green - blue) / spread : most === green ? (blue - red) / spread + 2 : (red - green) / spread + 4;
  const hue = (part * 60 + 360) % 360;
  return hues.find(([below]) => hue < below)?.[1];
}

/** The colour of the first filled cell of each row of a worksheet's XML. */
export function rowFill(row: string, fills: readonly (string | undefined)[]): string | undefined {
  for (const [, style] of row.matchAll(/<(?:\w+:)?c\s[^>]*?\ss="(\d+)"/g)) {
    const fill = fills[Number(style)];
    if (fill) return fill;
  }
  return undefined;
}
