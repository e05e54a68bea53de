import type { GeoBox } from '@lianke/shared/geo/box';
import { inBox } from '@lianke/shared/geo/box';
import type { Spot } from '@lianke/shared/records/places';
import type { Pixel } from './mercator.js';

/** Closer than this, in pixels, marks would cover one another. */
const tooClose = 40;

export interface Mark extends Pixel {
  count: number;
  /** What a filter `within` finds its records by. */
  box: GeoBox;
  /** Several squares: a closer look may tell them apart. */
  merged: boolean;
  colors: readonly { id: string; count: number }[];
  record: Spot['record'];
}

/** The server's squares as marks of the window: those whose marks would cover one another become one, the fullest first. */
export function marksOf(spots: readonly Spot[], placeOf: (spot: Spot) => Pixel): Mark[] {
  const marks: (Mark & { weight: Pixel })[] = [];
  const byFullness = [...spots].sort((a, b) => b.count - a.count);
  for (const spot of byFullness) {
    const at = placeOf(spot);
    const near = marks.find((mark) => Math.hypot(mark.x - at.x, mark.y - at.y) < tooClose);
    if (!near) {
      marks.push({
        ...at,
        weight: { x: at.x * spot.count, y: at.y * spot.count },
        count: spot.count,
        box: spot.box,
        merged: false,
        colors: spot.colors ?? [],
        record: spot.record,
      });
      continue;
    }
    near.merged = true;
    near.count += spot.count;
    near.weight = { x: near.weight.x + at.x * spot.count, y: near.weight.y + at.y * spot.count };
    near.box = around(near.box, spot.box);
    near.colors = added(near.colors, spot.colors ?? []);
    near.record = undefined;
  }
  return marks.map(({ weight, ...mark }) => ({ ...mark, x: weight.x / mark.count, y: weight.y / mark.count }));
}

function around(a: GeoBox, b: GeoBox): GeoBox {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}

function added(a: Mark['colors'], b: Mark['colors']): Mark['colors'] {
  const sums = new Map<string, number>();
  for (const { id, count } of [...a, ...b]) sums.set(id, (sums.get(id) ?? 0) + count);
  return [...sums].map(([id, count]) => ({ id, count })).sort((x, y) => y.count - x.count);
}

/** Pixels across of a mark: it grows with its number, slowly. */
export function markSize(count: number): number {
  return count === 1 ? 20 : Math.min(64, 30 + Math.round(Math.log10(count) * 10));
}

/** A ring of the shares of colours, as a CSS background. */
export function ringOf(colors: Mark['colors'], colorOf: (id: string) => string): string {
  const all = colors.reduce((sum, each) => sum + each.count, 0);
  let at = 0;
  const parts = colors.map(({ id, count }) => {
    const from = at;
    at += (count / all) * 100;
    return `${colorOf(id)} ${from.toFixed(2)}% ${at.toFixed(2)}%`;
  });
  return `conic-gradient(${parts.join(', ')})`;
}

/** Names for the ground of a map without tiles: the first ones that leave one another room. */
export function labelsShown<City extends { lat: number; lng: number; capital: boolean }>(
  cities: readonly City[],
  box: GeoBox,
  placeOf: (city: City) => Pixel,
): (City & Pixel)[] {
  const room = { x: 76, y: 30 };
  const shown: (City & Pixel)[] = [];
  const inOrder = [...cities].sort((a, b) => Number(b.capital) - Number(a.capital));
  for (const city of inOrder) {
    if (!inBox(box, city)) continue;
    const at = placeOf(city);
    if (shown.some((other) => Math.abs(other.x - at.x) < room.x && Math.abs(other.y - at.y) < room.y)) continue;
    shown.push({ ...city, ...at });
  }
  return shown;
}
