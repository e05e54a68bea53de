import { createHash } from 'node:crypto';
import type { ImportId, RecordId } from '@lianke/shared/ids';

/**
 * Ids of the records an import makes, the same at every try: version 7 (RFC 9562 §5.7) with the import's own time, then the row
 * (20 bits), so that ids sort as the rows stand in the file, then 54 bits of a hash of import and target.
 */
export class RowIds {
  private readonly time: string;
  private readonly tails = new Map<string, { variant: string; head: string; tail: string }>();

  constructor(private readonly importId: ImportId) {
    this.time = importId.slice(0, 13);
  }

  /** @param row 0-based row of the sheet, at most 1,048,575 */
  of(target: string, row: number): RecordId {
    const { variant, head, tail } = this.tail(target);
    const high = ((row >> 8) & 0xfff).toString(16).padStart(3, '0');
    const low = (row & 0xff).toString(16).padStart(2, '0');
    return `${this.time}-7${high}-${variant}${low}${head}-${tail}` as RecordId;
  }

  /** True for an id that this import made for the target. */
  made(target: string, id: string): boolean {
    const { variant, head, tail } = this.tail(target);
    return id.startsWith(`${this.time}-7`) && id.endsWith(`${head}-${tail}`) && id[19] === variant;
  }

  private tail(target: string): { variant: string; head: string; tail: string } {
    const known = this.tails.get(target);
    if (known) return known;
    const hash = createHash('sha256').update(`${this.importId}/${target}`).digest('hex');
    const variant = (0x8 | (Number.parseInt(hash.slice(0, 1), 16) & 0x3)).toString(16);
    const made = { variant, head: hash.slice(1, 2), tail: hash.slice(2, 14) };
    this.tails.set(target, made);
    return made;
  }
}
