import type { ReadField } from '../../api/queries.js';
import type { Column } from '../columns.js';
import { sumFields } from '../use-records.js';
import { type GridItem, recordOf } from './items.js';
import type { Block } from './use-cells.js';

/** What the foot says of a block of chosen cells. */
export interface ChosenCells {
  cells: number;
  sums: { field: ReadField; value: string }[];
}

/** Adds decimals as they are written, without the rounding of floating point. */
export function addUp(numbers: readonly string[]): string {
  const places = Math.max(0, ...numbers.map((text) => (text.split('.')[1] ?? '').length));
  const whole = numbers.reduce((sum, text) => {
    const [head = '0', tail = ''] = text.split('.');
    return sum + BigInt(head + tail.padEnd(places, '0'));
  }, 0n);
  const digits = (whole < 0n ? -whole : whole).toString().padStart(places + 1, '0');
  const point = digits.length - places;
  const tail = digits.slice(point).replace(/0+$/, '');
  const text = digits.slice(0, point) + (tail && `.${tail}`);
  return whole < 0n ? `-${text}` : text;
}

const plain = /^-?\d+(\.\d+)?$/;

/** How many cells a block holds, and the sums of its columns of numbers; undefined for a single cell. */
export function chosenSums(
  items: readonly GridItem[],
  columns: readonly Column[],
  { top, bottom, left, right }: Block,
): ChosenCells | undefined {
  const records = items.slice(top, bottom + 1).flatMap((item) => recordOf(item) ?? []);
  const chosen = columns.slice(left, right + 1);
  const cells = records.length * chosen.length;
  if (cells < 2) return undefined;
  const sums = sumFields(chosen).flatMap((field) => {
    const numbers = records.map(({ values }) => String(values[field.key] ?? '')).filter((text) => plain.test(text));
    return numbers.length === 0 ? [] : [{ field, value: addUp(numbers) }];
  });
  return { cells, sums };
}
