import { rmSync } from 'node:fs';
import { Spool, SpooledRows, SpoolWriter } from '../row-spool.js';
import { SheetSink } from '../sheet-sink.js';
import { badFile, type Merge, type ReadSheet } from '../workbook.js';
import { damagedZip, type ZipFile } from '../zip-file.js';
import { columnOf, readRow } from './sheet-rows.js';
import { eachElement, prefixOf } from './xml-chunks.js';
import { attribute, richText, streamedText, xmlText } from './xml-text.js';

/** Bytes one part may unpack to; what a million rows of two hundred columns come to at most. */
const maxPartBytes = 6 * 1024 ** 3;
const maxTail = 16 * 1024 * 1024;
/** Texts that are kept in memory; more are spooled. */
const keptStrings = 200_000;

/**
 * Reads a large xlsx row by row into a spool: no sheet and no list of texts ever stands in memory as a whole. Floating pictures
 * and fill colours of such files are not looked at.
 */
export async function readLargeXlsx(zip: ZipFile, spoolPath: string): Promise<ReadSheet[]> {
  for (const entry of zip.entries.values())
    if (entry.encrypted) throw badFile('文件有密码，请在 WPS 或 Excel 中取消密码后再上传');
  const main = await mainPart(zip);
  const folder = main.includes('/') ? main.slice(0, main.lastIndexOf('/') + 1) : '';
  const workbook = (await zip.text(main)) ?? '';
  const rels = relations((await zip.text(`${folder}_rels/${main.slice(folder.length)}.rels`)) ?? '');
  const path = (target: string) => (target.startsWith('/') ? target.slice(1) : `${folder}${target}`);
  const partOf = (kind: string) => {
    const found = [...rels.values()].find((rel) => rel.type.endsWith(`/${kind}`));
    return found && path(found.target);
  };
  const dates = dateStyles((await zip.text(partOf('styles') ?? '')) ?? '');
  const date1904 = /<(?:\w+:)?workbookPr\b[^>]*\bdate1904="(?:1|true)"/.test(workbook);
  const stringsPath = `${spoolPath}.strings`;
  try {
    const strings = await sharedStrings(zip, partOf('sharedStrings'), stringsPath);
    const spool = new SpoolWriter(spoolPath);
    const sheets: ReadSheet[] = [];
    try {
      for (const [tag] of workbook.matchAll(/<(?:\w+:)?sheet\s[^>]*>/g)) {
        const rel = rels.get(/\s(?:\w+:)?id="([^"]*)"/.exec(tag.replace(/sheetId="[^"]*"/, ''))?.[1] ?? '');
        if (!rel) throw damagedZip();
        if (!rel.type.endsWith('/worksheet')) continue;
        const name = xmlText(attribute(tag, ' name="') ?? '').trim();
        const hidden = /\sstate="(?:veryH|h)idden"/.test(tag);
        sheets.push(await readSheet(zip, path(rel.target), { name, hidden }, { strings, dates, date1904 }, spool));
      }
    } finally {
      spool.close();
    }
    return sheets;
  } finally {
    rmSync(stringsPath, { force: true });
  }
}

async function readSheet(
  zip: ZipFile,
  part: string,
  { name, hidden }: { name: string; hidden: boolean },
  world: { strings: (index: number) => string; dates: readonly boolean[]; date1904: boolean },
  spool: SpoolWriter,
): Promise<ReadSheet> {
  const sink = new SheetSink(spool, name);
  let prefix = '';
  let tail = '';
  let previous = -1;
  await eachElement(
    zip.stream(part, maxPartBytes),
    (head) => {
      prefix = prefixOf(head);
      return `${prefix}row`;
    },
    (xml) => {
      const row = readRow(xml, previous, { ...world, prefix });
      previous = row.index;
      sink.push(row.index, row.cells, row.hidden);
      tail = '';
    },
    (xml) => {
      if (tail.length < maxTail) tail += xml;
    },
  );
  return { name, hidden, ...sink.end(mergesOf(tail), listsOf(tail)) };
}

/** Merged ranges in what follows the rows. */
function mergesOf(tail: string): Merge[] {
  return [...tail.matchAll(/<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"/g)].map(
    ([, startCol = '', startRow, endCol = '', endRow]) => ({
      startRow: Number(startRow) - 1,
      endRow: Number(endRow) - 1,
      startCol: columnOf(startCol),
      endCol: columnOf(endCol),
    }),
  );
}

/** Drop-down lists written out in the sheet, by column. */
function listsOf(tail: string): ReadSheet['lists'] {
  return [
    ...tail.matchAll(/<(?:\w+:)?dataValidation\s[^>]*?type="list"[^>]*>([\s\S]*?)<\/(?:\w+:)?dataValidation>/g),
  ].flatMap(([tag, body = '']) => {
    const column = columnOf(/sqref="([A-Z]+)/.exec(tag)?.[1] ?? '');
    const text = /<(?:\w+:)?formula1>"([^"]*)"</.exec(body.replaceAll('&quot;', '"'))?.[1];
    return column < 0 || !text ? [] : [{ column, values: streamedText(text).split(',') }];
  });
}

async function mainPart(zip: ZipFile): Promise<string> {
  const root = relations((await zip.text('_rels/.rels')) ?? '');
  const found = [...root.values()].find((rel) => rel.type.endsWith('/officeDocument'));
  if (!found) throw damagedZip();
  return found.target.replace(/^\//, '');
}

function relations(xml: string): Map<string, { type: string; target: string }> {
  return new Map(
    [...xml.matchAll(/<(?:\w+:)?Relationship\s[^>]*>/g)].map(([tag]) => [
      attribute(tag, ' Id="') ?? '',
      { type: attribute(tag, ' Type="') ?? '', target: xmlText(attribute(tag, ' Target="') ?? '') },
    ]),
  );
}

/** Number formats that always mean dates (ECMA-376 18.8.30, East Asian ones included). */
function isBuiltInDate(id: number): boolean {
  return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
}

/** Which cell styles show dates. */
export function dateStyles(xml: string): boolean[] {
  const custom = new Map<number, boolean>();
  for (const [tag] of xml.matchAll(/<(?:\w+:)?numFmt\s[^>]*>/g)) {
    const code = xmlText(attribute(tag, ' formatCode="') ?? '');
    const plain = code.replace(/"[^"]*"|\\.|\[(?!h|m|s)[^\]]*\]/gi, '').split(';')[0] ?? '';
    custom.set(Number(attribute(tag, ' numFmtId="')), /[ymdhs]/i.test(plain) && !/general/i.test(plain));
  }
  const block = /<(?:\w+:)?cellXfs\b[^>]*>([\s\S]*?)<\/(?:\w+:)?cellXfs>/.exec(xml)?.[1] ?? '';
  return [...block.matchAll(/<(?:\w+:)?xf\s[^>]*>/g)].map(([tag]) => {
    const id = Number(attribute(tag, ' numFmtId="') ?? 0);
    return custom.get(id) ?? isBuiltInDate(id);
  });
}

/** Texts by their index; a long list of them stands in a file. */
async function sharedStrings(zip: ZipFile, part: string | undefined, path: string): Promise<(index: number) => string> {
  if (!part || !zip.entries.has(part)) return () => '';
  const kept: string[] = [];
  const spool = new SpoolWriter(path);
  let prefix = '';
  let count = 0;
  try {
    await eachElement(
      zip.stream(part, maxPartBytes),
      (head) => {
        prefix = prefixOf(head);
        return `${prefix}si`;
      },
      (xml) => {
        const text = richText(xml, prefix);
        if (count++ < keptStrings) kept.push(text);
        else spool.push([text]);
      },
    );
    const rest = spool.endSheet();
    if (rest.rows === 0) return (index) => kept[index] ?? '';
    const rows = new SpooledRows(new Spool(path), rest, { heldBlocks: 200 });
    return (index) => kept[index] ?? String(rows.at(index - keptStrings)?.[0] ?? '');
  } finally {
    spool.close();
  }
}
