import type { RowColours, SheetRow, SheetRows } from './workbook.js';

/** Header of the column that says which colour a row is filled with. */
export const colourHeader = '单元格底色';

/** Rows with what colour they are as a further column; `plain` are the rows as they stand in the file. */
export class ColouredRows implements SheetRows {
  constructor(
    readonly plain: SheetRows,
    private readonly colours: RowColours,
  ) {}

  get length(): number {
    return this.plain.length;
  }

  at(index: number): SheetRow | undefined {
    const row = this.plain.at(index);
    return row && this.coloured(row, index);
  }

  slice(start: number, end: number): SheetRow[] {
    return this.plain.slice(start, end).map((row, at) => this.coloured(row, start + at));
  }

  private coloured(row: SheetRow, index: number): SheetRow {
    const name = this.colours.names[(this.colours.codes[index] ?? 0) - 1];
    if (name === undefined || row.every((cell) => cell === null)) return row;
    const longer = [...row];
    while (longer.length < this.colours.column) longer.push(null);
    longer[this.colours.column] = name;
    return longer;
  }
}

/** Takes in which colour each row has. */
export class ColourNotes {
  private readonly names: string[] = [];
  private codes = new Uint8Array(1024);
  private width = 0;

  /** @param width cells of the row */
  note(row: number, width: number, colour: string | undefined): void {
    this.width = Math.max(this.width, width);
    if (colour === undefined) return;
    if (row >= this.codes.length) {
      const longer = new Uint8Array(Math.max(row + 1, this.codes.length * 2));
      longer.set(this.codes);
      this.codes = longer;
    }
    if (!this.names.includes(colour)) this.names.push(colour);
    this.codes[row] = this.names.indexOf(colour) + 1;
  }

  /** Undefined when no row has a colour, or all columns are taken. @param columns a sheet may have so many */
  end(columns: number): RowColours | undefined {
    return this.names.length === 0 || this.width >= columns
      ? undefined
      : { column: this.width, names: this.names, codes: this.codes };
  }
}
