import { createHash } from 'node:crypto';
import type { ImportId, RecordId } from '@lianke/shared/ids';

/**
 * Ids of the records an import makes, the same at every try: version 7 (RFC 9562 §5.7) with the import's own time, then the row
 * (20 bits), so that ids sort as the rows stand in the file, then a hash of import, target and row.
 */
export class RowIds {
  private readonly time: string;

  constructor(private readonly importId: ImportId) {
    this.time = importId.slice(0, 13);
  }

  /** @param row 0-based row of the sheet, at most 1,048,575 */
  of(target: string, row: number): RecordId {
    const hash = createHash('sha256').update(`${this.importId}/${target}/${row}`).digest('hex');
    const high = ((row >> 8) & 0xfff).toString(16).padStart(3, '0');
    const low = (row & 0xff).toString(16).padStart(2, '0');
    const variant = (0x8 | (Number.parseInt(hash[0] ?? '0', 16) & 0x3)).toString(16);
    return `${this.time}-7${high}-${variant}${low}${hash.slice(1, 2)}-${hash.slice(2, 14)}` as RecordId;
  }

  /** True for an id that this import made for the target. */
  made(target: string, id: string): boolean {
    if (!id.startsWith(`${this.time}-7`)) return false;
    const row = (Number.parseInt(id.slice(15, 18), 16) << 8) | Number.parseInt(id.slice(20, 22), 16);
    return this.of(target, row) === id;
  }
}
