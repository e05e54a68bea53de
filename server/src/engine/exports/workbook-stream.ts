import type { SheetCell } from '@lianke/shared/fields/sheet-types';
import { type ZipPart, zipStream } from './zip-stream.js';

/** A sheet of a workbook to be written; `rows` are pulled when its turn comes. */
export interface SheetSource {
  name: string;
  columns: readonly { header: string; width: number; format: string }[];
  rows: AsyncIterable<SheetCell[]>;
}

/** What one sheet holds (ECMA-376 18.3.1.73), and bytes below what a zip entry without its long form can be. */
const most = { rows: 1_048_576, bytes: 3.5 * 1024 ** 3 };
/** Characters a cell holds; programs refuse a file with more. */
const maxText = 32_767;
const flushAt = 64 * 1024;
const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packages = 'http://schemas.openxmlformats.org/package/2006';

/** An xlsx file as a stream: rows go into it one by one. A sheet that is full goes on in another one. */
export function workbookStream(sheets: readonly SheetSource[]): AsyncGenerator<Buffer> {
  return zipStream(parts(sheets));
}

async function* parts(sheets: readonly SheetSource[]): AsyncGenerator<ZipPart> {
  const styles = new Map<string, number>();
  const names: string[] = [];
  for (const sheet of sheets) {
    const rows = sheet.rows[Symbol.asyncIterator]();
    const state = { next: await rows.next() };
    for (let number = 1; number === 1 || !state.next.done; number++) {
      names.push(freshName(number === 1 ? sheet.name : `${sheet.name} ${number}`, names));
      yield { name: `xl/worksheets/sheet${names.length}.xml`, content: worksheet(sheet, rows, state, styles) };
    }
  }
  for (const [name, xml] of Object.entries(others(names, [...styles.keys()])))
    yield {
      name,
      content: (async function* () {
        yield Buffer.from(head + xml);
      })(),
    };
}

async function* worksheet(
  { columns }: SheetSource,
  rows: AsyncIterator<SheetCell[]>,
  state: { next: IteratorResult<SheetCell[]> },
  styles: Map<string, number>,
): AsyncGenerator<Buffer> {
  // 0 is plain, 1 the header's; formats follow.
  const style = columns.map(({ format }) => {
    if (format === 'General') return 0;
    if (!styles.has(format)) styles.set(format, styles.size + 2);
    return styles.get(format) ?? 0;
  });
  const letters = columns.map((_, index) => lettersOf(index));
  const widths = columns.map(
    ({ width }, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" style="${style[at]}" customWidth="1"/>`,
  );
  let xml = `${head}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${widths.join('')}</cols><sheetData><row r="1">`;
  for (const [at, { header }] of columns.entries()) xml += textCell(`${letters[at]}1`, 1, header);
  xml += '</row>';
  let bytes = 0;
  for (let row = 2; !state.next.done && row <= most.rows && bytes < most.bytes; row++) {
    xml += `<row r="${row}">`;
    const cells = state.next.value;
    for (let at = 0; at < cells.length; at++) {
      const cell = cells[at] ?? null;
      if (cell !== null) xml += cellXml(`${letters[at]}${row}`, style[at] ?? 0, cell);
    }
    xml += '</row>';
    if (xml.length >= flushAt) {
      const chunk = Buffer.from(xml);
      bytes += chunk.length;
      xml = '';
      yield chunk;
    }
    state.next = await rows.next();
  }
  yield Buffer.from(`${xml}</sheetData></worksheet>`);
}

function cellXml(place: string, style: number, cell: Exclude<SheetCell, null>): string {
  const s = style === 0 ? '' : ` s="${style}"`;
  if (typeof cell === 'number') return Number.isFinite(cell) ? `<c r="${place}"${s}><v>${cell}</v></c>` : '';
  if (typeof cell === 'boolean') return `<c r="${place}"${s} t="b"><v>${cell ? 1 : 0}</v></c>`;
  if (typeof cell === 'string') return textCell(place, style, cell);
  const time = cell.getTime();
  // Days since 1899-12-30, as the 1900 system counts them from March 1900 on; what is earlier stays a text.
  if (Number.isNaN(time)) return '';
  return time < Date.UTC(1900, 2, 1)
    ? textCell(place, style, cell.toISOString().slice(0, 10))
    : `<c r="${place}"${s}><v>${time / 86_400_000 + 25_569}</v></c>`;
}

function textCell(place: string, style: number, text: string): string {
  const kept = text.length > maxText ? text.slice(0, maxText) : text;
  return `<c r="${place}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escaped(kept)}</t></is></c>`;
}

const special = /[&<>]/;
const characters: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function escaped(text: string): string {
  let safe = text;
  // An escape that is none, and what XML cannot say (ECMA-376 22.9.2.19).
  if (safe.includes('_x')) safe = safe.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go
  safe = safe.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '').replaceAll('\r', '_x000D_');
  return special.test(safe) ? safe.replace(/[&<>]/g, (found) => characters[found] ?? '') : safe;
}

function attribute(text: string): string {
  return escaped(text).replaceAll('"', '&quot;');
}

/** Letters of a 0-based column. */
function lettersOf(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : lettersOf(Math.floor(index / 26) - 1) + last;
}

/** At most 31 characters, without those that programs refuse, and no name twice. */
export function freshName(wanted: string, taken: readonly string[]): string {
  const plain = wanted.replaceAll(/[\\/?*[\]:]/g, ' ');
  // No apostrophe at either end: names stand between two in references.
  const base =
    [...plain]
      .slice(0, 27)
      .join('')
      .replaceAll(/^['\s]+|['\s]+$/g, '') || 'Sheet1';
  const lower = taken.map((name) => name.toLowerCase());
  let name = base;
  for (let number = 2; lower.includes(name.toLowerCase()); number++) name = `${base} ${number}`;
  return name;
}

function others(names: readonly string[], formats: readonly string[]): Record<string, string> {
  const numbers = names.map((_, at) => at + 1);
  const kind = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  return {
    'xl/styles.xml': `<styleSheet xmlns="${main}"><numFmts count="${formats.length}">${formats.map((format, at) => `<numFmt numFmtId="${164 + at}" formatCode="${attribute(format)}"/>`).join('')}</numFmts><fonts count="2"><font><sz val="11"/><name val="等线"/></font><font><b/><sz val="11"/><name val="等线"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="${formats.length + 2}"><xf/><xf numFmtId="49" fontId="1" applyFont="1" applyNumberFormat="1"/>${formats.map((_, at) => `<xf numFmtId="${164 + at}" applyNumberFormat="1"/>`).join('')}</cellXfs></styleSheet>`,
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${names.map((name, at) => `<sheet name="${attribute(name)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${packages}/relationships">${numbers.map((n) => `<Relationship Id="rId${n}" Type="${office}/worksheet" Target="worksheets/sheet${n}.xml"/>`).join('')}<Relationship Id="rId${names.length + 1}" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
    '_rels/.rels': `<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    '[Content_Types].xml': `<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${kind}.sheet.main+xml"/>${numbers.map((n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${kind}.worksheet+xml"/>`).join('')}<Override PartName="/xl/styles.xml" ContentType="${kind}.styles+xml"/></Types>`,
  };
}
