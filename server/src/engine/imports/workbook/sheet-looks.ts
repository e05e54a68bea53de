import { ColourNotes } from './coloured-rows.js';
import { fillsOf, rowFill } from './fills.js';
import { eachElement, prefixOf } from './large/xml-chunks.js';
import { attribute } from './large/xml-text.js';
import { type WorkbookParts, workbookParts } from './ooxml-parts.js';
import { placePictures, readPictures } from './pictures.js';
import { type ReadWorkbook, type RowColours, workbookLimits } from './workbook.js';
import type { ZipFile } from './zip-file.js';

/** Pictures and fill colours of an xlsx that was read whole; other kinds of workbooks are answered as they are. */
export async function withLooks(zip: ZipFile, read: ReadWorkbook): Promise<ReadWorkbook> {
  if (!zip.entries.has('[Content_Types].xml') || [...zip.entries.keys()].some((name) => name.endsWith('workbook.bin')))
    return read;
  const parts = await workbookParts(zip);
  const { pictures, sheets } = await readPictures(zip, parts);
  const fills = await cellFills(zip, parts);
  for (const sheet of read.sheets) {
    const part = parts.sheets.find(({ name }) => name === sheet.name);
    const placed = part && sheets.get(part.path);
    if (placed) for (const [at, row] of sheet.rows.entries()) placePictures(row, at, placed);
    if (!part || !fills.some(Boolean)) continue;
    const colours = await coloursOf(zip, part.path, sheet.rows, fills);
    if (colours) sheet.colours = colours;
  }
  return { ...read, ...(pictures.length > 0 && { pictures }) };
}

async function cellFills(zip: ZipFile, parts: WorkbookParts): Promise<(string | undefined)[]> {
  const styles = await zip.text(parts.partOf('styles') ?? '');
  return styles ? fillsOf(styles, (await zip.text(parts.partOf('theme') ?? '')) ?? '') : [];
}

async function coloursOf(
  zip: ZipFile,
  path: string,
  rows: ReadWorkbook['sheets'][number]['rows'],
  fills: readonly (string | undefined)[],
): Promise<RowColours | undefined> {
  const notes = new ColourNotes();
  for (const [at, row] of rows.entries()) notes.note(at, row.length, undefined);
  let previous = -1;
  await eachElement(
    zip.stream(path, workbookLimits.unpackedBytes),
    (head) => `${prefixOf(head)}row`,
    (xml) => {
      const number = attribute(xml.slice(0, xml.indexOf('>')), ' r="');
      previous = number === undefined ? previous + 1 : Number(number) - 1;
      if (previous < rows.length) notes.note(previous, 0, rowFill(xml, fills));
    },
  );
  return notes.end(workbookLimits.columns);
}
