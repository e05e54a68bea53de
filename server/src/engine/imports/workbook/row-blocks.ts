import type { SheetCell } from '@lianke/shared/fields/sheet-types';

const kinds = { none: 0, text: 1, number: 2, yes: 3, no: 4, date: 5 } as const;
const headBytes = 16;
const eight = (bytes: number) => Math.ceil(bytes / 8) * 8;

/** Rows encoded together: enough to be read at one go, few enough to be held a handful at a time. */
export const blockRows = 1000;

/**
 * Rows as bytes: counts, then the numbers (8 bytes each: values, dates in ms since 1970), then per row where its cells, texts and
 * numbers begin, then per cell what it is and how long its text is, then all texts in UTF-16, which is
 * read back five times as fast as UTF-8: each pass over a file does so.
 */
export function encodeBlock(rows: readonly (readonly SheetCell[])[]): Buffer {
  const cells = rows.reduce((sum, row) => sum + row.length, 0);
  const starts = new Uint32Array((rows.length + 1) * 3);
  const kindOf = new Uint8Array(cells);
  const lengths = new Uint32Array(cells);
  const numbers: number[] = [];
  const texts: string[] = [];
  let [cell, textLength] = [0, 0];
  for (const [at, row] of rows.entries()) {
    starts.set([cell, textLength, numbers.length], at * 3);
    for (const value of row) {
      if (typeof value === 'string') {
        kindOf[cell] = kinds.text;
        lengths[cell] = value.length;
        textLength += value.length;
        texts.push(value);
      } else if (typeof value === 'boolean') kindOf[cell] = value ? kinds.yes : kinds.no;
      else if (value !== null) {
        kindOf[cell] = typeof value === 'number' ? kinds.number : kinds.date;
        numbers.push(typeof value === 'number' ? value : value.getTime());
      }
      cell++;
    }
  }
  starts.set([cell, textLength, numbers.length], rows.length * 3);
  const text = Buffer.from(texts.join(''), 'utf16le');
  const head = Buffer.alloc(headBytes);
  for (const [at, value] of [rows.length, cells, numbers.length, text.length].entries())
    head.writeUInt32LE(value, at * 4);
  const parts = [head, bytesOf(Float64Array.from(numbers)), bytesOf(starts), bytesOf(lengths), bytesOf(kindOf), text];
  return Buffer.concat(parts.map((part) => Buffer.concat([part], eight(part.length))));
}

function bytesOf(array: Float64Array | Uint32Array | Uint8Array): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}

/** A block that was read back; its rows are made as they are asked for. */
export class RowBlock {
  private readonly starts: Uint32Array;
  private readonly numbers: Float64Array;
  private readonly lengths: Uint32Array;
  private readonly kindOf: Uint8Array;
  private readonly text: string;
  readonly rows: number;

  /** @param bytes what `encodeBlock` made, in a buffer of its own */
  constructor(bytes: ArrayBuffer) {
    const [rows = 0, cells = 0, numbers = 0, textBytes = 0] = new Uint32Array(bytes, 0, 4);
    let at = headBytes;
    const next = (size: number) => {
      const start = at;
      at += eight(size);
      return start;
    };
    this.rows = rows;
    this.numbers = new Float64Array(bytes, next(numbers * 8), numbers);
    this.starts = new Uint32Array(bytes, next((rows + 1) * 12), (rows + 1) * 3);
    this.lengths = new Uint32Array(bytes, next(cells * 4), cells);
    this.kindOf = new Uint8Array(bytes, next(cells), cells);
    this.text = Buffer.from(bytes, next(textBytes), textBytes).toString('utf16le');
  }

  row(index: number): SheetCell[] {
    const start = this.starts[index * 3] ?? 0;
    const end = this.starts[index * 3 + 3] ?? start;
    let text = this.starts[index * 3 + 1] ?? 0;
    let number = this.starts[index * 3 + 2] ?? 0;
    const row = new Array<SheetCell>(end - start);
    for (let cell = start; cell < end; cell++) {
      const kind = this.kindOf[cell];
      let value: SheetCell = null;
      if (kind === kinds.text) {
        const length = this.lengths[cell] ?? 0;
        value = this.text.slice(text, text + length);
        text += length;
      } else if (kind === kinds.number) value = this.numbers[number++] ?? 0;
      else if (kind === kinds.date) value = new Date(this.numbers[number++] ?? 0);
      else if (kind !== kinds.none) value = kind === kinds.yes;
      row[cell - start] = value;
    }
    return row;
  }
}
