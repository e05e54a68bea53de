import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import type { SheetCell } from '@lianke/shared/fields/sheet-types';
import { blockRows, encodeBlock, RowBlock } from './row-blocks.js';
import type { SheetRow, SheetRows } from './workbook.js';

/** Blocks of a sheet that are held: neighbours are asked for together. */
const heldBlocks = 8;

/** Where the blocks of one sheet stand in a spool file. */
export interface SpooledSheet {
  rows: number;
  offsets: number[];
  sizes: number[];
}

/** Writes the rows of large sheets to a file, a block at a time, so that they never stand in memory together. */
export class SpoolWriter {
  private readonly file: number;
  private position = 0;
  private pending: SheetCell[][] = [];
  private sheet: SpooledSheet = { rows: 0, offsets: [], sizes: [] };

  constructor(path: string) {
    this.file = openSync(path, 'w', 0o600);
  }

  push(row: SheetCell[]): void {
    this.pending.push(row);
    this.sheet.rows++;
    if (this.pending.length >= blockRows) this.flush();
  }

  /** Ends a sheet; the next row begins another one. */
  endSheet(): SpooledSheet {
    this.flush();
    const { sheet } = this;
    this.sheet = { rows: 0, offsets: [], sizes: [] };
    return sheet;
  }

  close(): void {
    closeSync(this.file);
  }

  private flush(): void {
    if (this.pending.length === 0) return;
    const bytes = encodeBlock(this.pending);
    for (let done = 0; done < bytes.length; )
      done += writeSync(this.file, bytes, done, bytes.length - done, this.position + done);
    this.sheet.offsets.push(this.position);
    this.sheet.sizes.push(bytes.length);
    this.position += bytes.length;
    this.pending = [];
  }
}

const forgotten = new FinalizationRegistry<number>((file) => closeSync(file));

/** An open spool file; it is closed when nothing reads its rows any more. */
export class Spool {
  readonly file: number;

  constructor(path: string) {
    this.file = openSync(path, 'r');
    forgotten.register(this, this.file);
  }
}

/** Cells of a row that get the value of another row: the lower parts of merged cells. */
export type Fills = ReadonlyMap<number, readonly { column: number; from: number }[]>;

/** The rows of a sheet in a spool file. */
export class SpooledRows implements SheetRows {
  private readonly held = new Map<number, RowBlock>();
  private lastIndex = -1;
  private lastRow: SheetRow = [];

  constructor(
    private readonly spool: Spool,
    private readonly sheet: SpooledSheet,
    private readonly options: { heldBlocks?: number; fills?: Fills } = {},
  ) {}

  get length(): number {
    return this.sheet.rows;
  }

  at(index: number): SheetRow | undefined {
    if (index === this.lastIndex) return this.lastRow;
    if (index < 0 || index >= this.sheet.rows) return undefined;
    const row = this.block(Math.floor(index / blockRows)).row(index % blockRows);
    for (const { column, from } of this.options.fills?.get(index) ?? []) {
      while (row.length < column) row.push(null);
      row[column] = this.block(Math.floor(from / blockRows)).row(from % blockRows)[column] ?? null;
    }
    this.lastIndex = index;
    this.lastRow = row;
    return row;
  }

  slice(start: number, end: number): SheetRow[] {
    const rows: SheetRow[] = [];
    for (let index = start; index < Math.min(end, this.length); index++) rows.push(this.at(index) ?? []);
    return rows;
  }

  private block(number: number): RowBlock {
    const known = this.held.get(number);
    if (known) return known;
    const size = this.sheet.sizes[number] ?? 0;
    const bytes = new ArrayBuffer(size);
    const view = new Uint8Array(bytes);
    const offset = this.sheet.offsets[number] ?? 0;
    for (let done = 0; done < size; ) {
      const read = readSync(this.spool.file, view, done, size - done, offset + done);
      if (read === 0) throw new Error('a spooled workbook is cut short');
      done += read;
    }
    const block = new RowBlock(bytes);
    this.held.set(number, block);
    const [oldest] = this.held.keys();
    if (this.held.size > (this.options.heldBlocks ?? heldBlocks) && oldest !== undefined) this.held.delete(oldest);
    return block;
  }
}
