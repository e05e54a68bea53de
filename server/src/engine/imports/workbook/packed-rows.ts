import type { SheetCell } from '@lianke/shared/fields/sheet-types';
import type { SheetRows } from './workbook.js';

const kinds = { none: 0, text: 1, number: 2, yes: 3, no: 4, date: 5 } as const;
/** Rows whose texts are put together at once. */
const step = 1000;
/** Sheets of at most so many cells keep the rows that were made: they are asked for many times. */
const keptCells = 500_000;

/**
 * The cells of a sheet as one text and three arrays of numbers: a tenth of the objects that rows of cells are, nothing for
 * the garbage collector to walk through, and handed from thread to thread without being copied cell by cell.
 */
export interface PackedCells {
  /** Cells between the beginnings of two rows. */
  width: number;
  /** Cells of each row. */
  lengths: Uint16Array<ArrayBuffer>;
  kinds: Uint8Array<ArrayBuffer>;
  /** Numbers, dates in ms since 1970, where a text begins. */
  values: Float64Array<ArrayBuffer>;
  /** Where a text ends. */
  ends: Uint32Array<ArrayBuffer>;
  text: string;
}

/** Packs rows and empties them on the way, so that both never stand in memory together. */
export function packCells(rows: SheetCell[][]): PackedCells {
  const width = rows.reduce((widest, row) => Math.max(widest, row.length), 0);
  const cells: PackedCells = {
    width,
    lengths: new Uint16Array(rows.length),
    kinds: new Uint8Array(rows.length * width),
    values: new Float64Array(rows.length * width),
    ends: new Uint32Array(rows.length * width),
    text: '',
  };
  const texts: string[] = [];
  let pending: string[] = [];
  let length = 0;
  for (const [at, row] of rows.entries()) {
    cells.lengths[at] = row.length;
    for (const [column, cell] of row.entries()) {
      const place = at * width + column;
      if (cell === null) continue;
      if (typeof cell === 'string') {
        cells.kinds[place] = kinds.text;
        cells.values[place] = length;
        length += cell.length;
        cells.ends[place] = length;
        pending.push(cell);
      } else if (typeof cell === 'boolean') cells.kinds[place] = cell ? kinds.yes : kinds.no;
      else {
        cells.kinds[place] = typeof cell === 'number' ? kinds.number : kinds.date;
        cells.values[place] = typeof cell === 'number' ? cell : cell.getTime();
      }
    }
    row.length = 0;
    if (at % step !== 0) continue;
    texts.push(pending.join(''));
    pending = [];
  }
  cells.text = [...texts, ...pending].join('');
  return cells;
}

/** What may be handed over to another thread instead of copied. */
export function transferable(cells: PackedCells): ArrayBuffer[] {
  return [cells.lengths.buffer, cells.kinds.buffer, cells.values.buffer, cells.ends.buffer];
}

/** Rows made of packed cells as they are asked for. */
export class PackedRows implements SheetRows {
  private lastIndex = -1;
  private lastRow: readonly SheetCell[] = [];
  private readonly kept: (readonly SheetCell[])[] | undefined;

  constructor(private readonly cells: PackedCells) {
    if (cells.kinds.length <= keptCells) this.kept = [];
  }

  get length(): number {
    return this.cells.lengths.length;
  }

  at(index: number): readonly SheetCell[] | undefined {
    // One row is asked for again and again while it is judged.
    if (index === this.lastIndex) return this.lastRow;
    const row = this.kept?.[index] ?? this.read(index);
    if (!row) return undefined;
    if (this.kept) this.kept[index] = row;
    this.lastIndex = index;
    this.lastRow = row;
    return row;
  }

  slice(start: number, end: number): (readonly SheetCell[])[] {
    const rows: (readonly SheetCell[])[] = [];
    for (let index = start; index < Math.min(end, this.length); index++) rows.push(this.read(index) ?? []);
    return rows;
  }

  private read(index: number): SheetCell[] | undefined {
    const length = this.cells.lengths[index];
    if (length === undefined) return undefined;
    const row = new Array<SheetCell>(length);
    const start = index * this.cells.width;
    for (let column = 0; column < length; column++) row[column] = this.cell(start + column);
    return row;
  }

  private cell(place: number): SheetCell {
    const value = this.cells.values[place] ?? 0;
    switch (this.cells.kinds[place]) {
      case kinds.text:
        return this.cells.text.slice(value, this.cells.ends[place]);
      case kinds.number:
        return value;
      case kinds.date:
        return new Date(value);
      case kinds.yes:
        return true;
      case kinds.no:
        return false;
      default:
        return null;
    }
  }
}
