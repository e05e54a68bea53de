import { rmSync } from 'node:fs';
import { fillsOf, rowFill } from '../fills.js';
import { type SheetPart, workbookParts } from '../ooxml-parts.js';
import { placePictures, readPictures, type SheetPictures } from '../pictures.js';
import { Spool, SpooledRows, SpoolWriter } from '../row-spool.js';
import { SheetSink } from '../sheet-sink.js';
import { UncomputedCells } from '../uncomputed.js';
import { boundedMerges, refuseUnsafeParts } from '../unsafe.js';
import { badFile, type Merge, type Picture, type ReadSheet } from '../workbook.js';
import type { ZipFile } from '../zip-file.js';
import { columnOf, readRow } from './sheet-rows.js';
import { eachElement, prefixOf } from './xml-chunks.js';
import { attribute, richText, streamedText, xmlText } from './xml-text.js';

/** Bytes one part may unpack to; what a million rows of two hundred columns come to at most. */
const maxPartBytes = 6 * 1024 ** 3;
const maxTail = 16 * 1024 * 1024;
/** Texts that are kept in memory; more are spooled. */
const keptStrings = 200_000;

/**
 * Reads a large xlsx row by row into a spool: no sheet and no list of texts ever stands in memory as a whole.
 */
export async function readLargeXlsx(
  zip: ZipFile,
  spoolPath: string,
): Promise<{ sheets: ReadSheet[]; pictures: Picture[] }> {
  for (const entry of zip.entries.values())
    if (entry.encrypted)
      throw badFile({
        zh: '文件有密码，请在 WPS 或 Excel 中取消密码后再上传',
        en: 'the file has a password; remove the password in WPS or Excel and upload it again',
      });
  refuseUnsafeParts([...zip.entries.keys()]);
  const parts = await workbookParts(zip);
  const styles = (await zip.text(parts.partOf('styles') ?? '')) ?? '';
  const fills = fillsOf(styles, (await zip.text(parts.partOf('theme') ?? '')) ?? '');
  const { pictures, sheets: pictured } = await readPictures(zip, parts);
  const date1904 = /<(?:\w+:)?workbookPr\b[^>]*\bdate1904="(?:1|true)"/.test(parts.xml);
  const stringsPath = `${spoolPath}.strings`;
  try {
    const strings = await sharedStrings(zip, parts.partOf('sharedStrings'), stringsPath);
    const spool = new SpoolWriter(spoolPath);
    const sheets: ReadSheet[] = [];
    try {
      for (const part of parts.sheets) {
        const looks = { pictures: pictured.get(part.path), fills: fills.some(Boolean) ? fills : [] };
        sheets.push(await readSheet(zip, part, { strings, dates: dateStyles(styles), date1904 }, looks, spool));
      }
    } finally {
      spool.close();
    }
    return { sheets, pictures };
  } finally {
    rmSync(stringsPath, { force: true });
  }
}

async function readSheet(
  zip: ZipFile,
  { name, hidden, path }: SheetPart,
  world: { strings: (index: number) => string; dates: readonly boolean[]; date1904: boolean },
  looks: { pictures: SheetPictures | undefined; fills: readonly (string | undefined)[] },
  spool: SpoolWriter,
): Promise<ReadSheet> {
  const sink = new SheetSink(spool, name);
  const uncomputed = new UncomputedCells();
  let prefix = '';
  let tail = '';
  let previous = -1;
  await eachElement(
    zip.stream(path, maxPartBytes),
    (head) => {
      prefix = prefixOf(head);
      return `${prefix}row`;
    },
    (xml) => {
      const row = readRow(xml, previous, { ...world, prefix });
      previous = row.index;
      if (looks.pictures) placePictures(row.cells, row.index, looks.pictures);
      const colour = looks.fills.length > 0 ? rowFill(xml, looks.fills) : undefined;
      for (const column of row.uncomputed) uncomputed.add(row.index, column);
      sink.push(row.index, row.cells, row.hidden, colour);
      tail = '';
    },
    (xml) => {
      if (tail.length < maxTail) tail += xml;
    },
  );
  const without = uncomputed.end();
  return {
    name,
    hidden,
    ...sink.end(boundedMerges(mergesOf(tail), sink.rows), listsOf(tail)),
    ...(without && { uncomputed: without }),
  };
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
