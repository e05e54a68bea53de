import type { SheetCell } from '@lianke/shared/fields/sheet-types';
import { withDittos } from './ditto.js';
import type { SpoolWriter } from './row-spool.js';
import { badFile, type Merge, type ReadSheet, workbookLimits } from './workbook.js';

/** Takes the rows of one large sheet in, as they come. */
export class SheetSink {
  private next = 0;
  private above: readonly SheetCell[] = [];
  private readonly hiddenRows: number[] = [];

  constructor(
    private readonly spool: SpoolWriter,
    private readonly name: string,
  ) {}

  /** @param index 0-based, larger than the one before; rows left out are empty */
  push(index: number, cells: SheetCell[], hidden = false): void {
    // Formats reach to the last row of the sheet; rows of nothing but formats end it.
    if (cells.length === 0) return;
    if (index >= workbookLimits.rows + 100)
      throw badFile(`${this.name === '' ? '文件' : `工作表“${this.name}”`}超过 100 万行，请拆成几个文件再上传`);
    for (; this.next < index; this.next++) this.spool.push([]);
    const row = withDittos(cells, this.above);
    this.spool.push(row);
    if (hidden) this.hiddenRows.push(index);
    this.above = row;
    this.next++;
  }

  end(merges: Merge[] = [], lists: ReadSheet['lists'] = []): Omit<ReadSheet, 'name' | 'hidden'> {
    return { spooled: this.spool.endSheet(), hiddenRows: this.hiddenRows, merges, lists };
  }
}
