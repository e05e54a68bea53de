import { createReadStream } from 'node:fs';
import type { SheetCell } from '@lianke/shared/fields/sheet-types';
import iconv from 'iconv-lite';
import { notASheet } from '../decode-text.js';
import type { SpoolWriter } from '../row-spool.js';
import { SheetSink } from '../sheet-sink.js';
import { badFile, type ReadSheet, workbookLimits } from '../workbook.js';

const readBytes = 1024 * 1024;
const maxFieldLength = 1_000_000;

/** Reads a large CSV file row by row into a spool. @param plain undoes what programs put before a text against formulas */
export async function readLargeCsv(
  path: string,
  spool: SpoolWriter,
  plain: (text: string) => string,
): Promise<ReadSheet> {
  const decode = await decoderFor(path);
  const sink = new SheetSink(spool, '');
  let index = 0;
  const parser = new CsvParser((row) => {
    let width = 0;
    const cells = row.map((text, at): SheetCell => {
      if (text.trim() === '') return null;
      width = at + 1;
      return plain(text);
    });
    cells.length = width;
    if (width > workbookLimits.columns)
      throw badFile({
        zh: `文件有 ${width} 列，最多 ${workbookLimits.columns} 列，请删去不用的列再上传`,
        en: `the file has ${width} columns, at most ${workbookLimits.columns} are allowed; delete those you do not need and upload it again`,
      });
    sink.push(index++, cells);
  });
  for await (const chunk of createReadStream(path, { highWaterMark: readBytes })) parser.take(decode(chunk as Buffer));
  parser.end();
  return { name: '', hidden: false, ...sink.end() };
}

/** By its mark, else UTF-8 if the whole file is, else GB18030. */
async function decoderFor(path: string): Promise<(chunk: Buffer) => string> {
  const [first] = await createReadStream(path, { end: 3 }).toArray();
  const head = first as Buffer | undefined;
  if (head?.[0] === 0xff && head[1] === 0xfe) return iconvDecoder('utf16le');
  if (head?.[0] === 0xfe && head[1] === 0xff) return iconvDecoder('utf16be');
  const strict = new TextDecoder('utf-8', { fatal: true });
  let utf8 = true;
  for await (const chunk of createReadStream(path, { highWaterMark: readBytes })) {
    const bytes = chunk as Buffer;
    if (bytes.includes(0)) throw notASheet();
    try {
      if (utf8) strict.decode(bytes, { stream: true });
    } catch {
      utf8 = false;
    }
  }
  if (!utf8) return iconvDecoder('gb18030');
  const decoder = new TextDecoder('utf-8');
  return (chunk) => decoder.decode(chunk, { stream: true });
}

function iconvDecoder(name: string): (chunk: Buffer) => string {
  const decoder = iconv.getDecoder(name);
  return (chunk) => decoder.write(chunk);
}

/** RFC 4180 with the separator that the first lines use. */
class CsvParser {
  private pending = '';
  private separator = '';
  private row: string[] = [];

  constructor(private readonly emit: (row: string[]) => void) {}

  take(text: string): void {
    this.pending += text;
    if (this.separator === '') {
      if (this.pending.length < 64 * 1024) return;
      this.separator = separatorOf(this.pending);
    }
    this.parse(false);
  }

  end(): void {
    this.separator ||= separatorOf(this.pending);
    this.parse(true);
    if (this.row.length > 0) this.emit(this.row);
  }

  private parse(last: boolean): void {
    const text = this.pending.charCodeAt(0) === 0xfeff ? this.pending.slice(1) : this.pending;
    let at = 0;
    for (;;) {
      const field = this.field(text, at, last);
      if (!field) break;
      this.row.push(field.text);
      if (this.row.length > 20_000)
        throw badFile({
          zh: `文件超过 ${workbookLimits.columns} 列，请删去不用的列再上传`,
          en: `the file has more than ${workbookLimits.columns} columns; delete those you do not need and upload it again`,
        });
      at = field.next;
      if (!field.ends) continue;
      this.emit(this.row);
      this.row = [];
      if (at >= text.length) break;
    }
    this.pending = text.slice(at);
    if (this.pending.length > maxFieldLength + readBytes)
      throw badFile({
        zh: '文件里有一格过长，可能少了一个引号，请检查后再上传',
        en: 'a cell of the file is too long, perhaps because a quotation mark is missing; check it and upload it again',
      });
  }

  /** The field at `at`, or undefined when its end has not come yet. */
  private field(text: string, at: number, last: boolean): { text: string; next: number; ends: boolean } | undefined {
    if (at >= text.length && !(last && this.row.length > 0)) return undefined;
    let value = '';
    let end = at;
    if (text[at] === '"') {
      let from = at + 1;
      for (;;) {
        const quote = text.indexOf('"', from);
        if (quote < 0 || (quote + 1 >= text.length && !last)) {
          if (!last) return undefined;
          return { text: value + text.slice(from), next: text.length, ends: true };
        }
        value += text.slice(from, quote);
        from = quote + 1;
        end = from;
        if (text[from] !== '"') break;
        value += '"';
        from++;
      }
    }
    let stop = end;
    while (stop < text.length) {
      const code = text.charCodeAt(stop);
      if (code === 0x0a || code === 0x0d || code === this.separator.charCodeAt(0)) break;
      stop++;
    }
    if (stop >= text.length && !last) return undefined;
    value += text.slice(end, stop);
    const separator = text[stop];
    if (separator === '\r' && stop + 1 >= text.length && !last) return undefined;
    const next = separator === '\r' && text[stop + 1] === '\n' ? stop + 2 : stop + 1;
    return { text: value, next: Math.min(next, text.length), ends: separator !== this.separator };
  }
}

function separatorOf(text: string): string {
  const lines = text
    .slice(0, 64 * 1024)
    .split(/\r?\n/)
    .slice(0, 20);
  const counts = [',', '\t', ';', '|'].map((separator) => ({
    separator,
    count: lines.reduce((sum, line) => sum + line.split(separator).length - 1, 0),
  }));
  return counts.reduce((best, other) => (other.count > best.count ? other : best)).separator;
}
