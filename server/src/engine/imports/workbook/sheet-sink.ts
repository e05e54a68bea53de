import type { SheetCell } from '@lianke/shared/fields/sheet-types';
import { ColourNotes } from './coloured-rows.js';
import { withDittos } from './ditto.js';
import type { SpoolWriter } from './row-spool.js';
import { refuseProgramCall } from './unsafe.js';
import { badFile, type Merge, type ReadSheet, workbookLimits } from './workbook.js';

/** Takes the rows of one large sheet in, as they come. */
export class SheetSink {
  private next = 0;
  private above: readonly SheetCell[] = [];
  private readonly hiddenRows: number[] = [];
  private readonly colours = new ColourNotes();

  constructor(
    private readonly spool: SpoolWriter,
    private readonly name: string,
  ) {}

  /** Rows so far, empty ones between included. */
  get rows(): number {
    return this.next;
  }

  /** @param index 0-based, larger than the one before; rows left out are empty */
  push(index: number, cells: SheetCell[], hidden = false, colour?: string): void {
    // Formats reach to the last row of the sheet; rows of nothing but formats end it.
    if (cells.length === 0) return;
    if (index >= workbookLimits.rows + 100)
      throw badFile({
        zh: `${this.name === '' ? '文件' : `工作表“${this.name}”`}超过 100 万行，请拆成几个文件再上传`,
        en: `${this.name === '' ? 'the file' : `sheet "${this.name}"`} has more than a million rows; split it into several files and upload again`,
      });
    for (; this.next < index; this.next++) this.spool.push([]);
    for (const cell of cells) refuseProgramCall(cell, index);
    const row = withDittos(cells, this.above);
    this.spool.push(row);
    this.colours.note(index, row.length, colour);
    if (hidden) this.hiddenRows.push(index);
    this.above = row;
    this.next++;
  }

  end(merges: Merge[] = [], lists: ReadSheet['lists'] = []): Omit<ReadSheet, 'name' | 'hidden'> {
    const colours = this.colours.end(workbookLimits.columns);
    return {
      spooled: this.spool.endSheet(),
      hiddenRows: this.hiddenRows,
      merges,
      lists,
      ...(colours && { colours }),
    };
  }
}
