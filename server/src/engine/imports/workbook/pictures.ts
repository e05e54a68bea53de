import { pictureCell } from '@lianke/shared/fields/sheet-pictures';
import type { SheetCell } from '@lianke/shared/fields/sheet-types';
import { sniffMime } from '../../files/sniff-mime.js';
import { attribute } from './large/xml-text.js';
import { relationsOf, type WorkbookParts } from './ooxml-parts.js';
import type { Picture } from './workbook.js';
import type { ZipFile } from './zip-file.js';

/** Bytes a picture may have. */
export const maxPictureBytes = 20 * 1024 * 1024;

/** A picture that lies over cells; rows and columns are 0-based. */
interface Floating {
  name: string;
  column: number;
  /** The last column it reaches into. */
  toColumn: number;
}

/** Pictures of one sheet. */
export interface SheetPictures {
  /** By the row their upper edge is in. */
  floating: ReadonlyMap<number, Floating[]>;
  /** WPS puts pictures into cells by `DISPIMG("<id>", 1)`. */
  byId: ReadonlyMap<string, string>;
}

/** Pictures of a workbook: those that can be taken in, and where they are on each sheet, by the sheet's path. */
export async function readPictures(
  zip: ZipFile,
  parts: WorkbookParts,
): Promise<{ pictures: Picture[]; sheets: Map<string, SheetPictures> }> {
  const sheets = new Map<string, SheetPictures>();
  if (![...zip.entries.keys()].some((name) => name.includes('media/'))) return { pictures: [], sheets };
  const byId = await cellPictures(zip, parts);
  const used = new Set(byId.values());
  for (const { path } of parts.sheets) {
    const floating = await floatingOn(zip, path);
    for (const list of floating.values()) for (const { name } of list) used.add(name);
    if (floating.size > 0 || byId.size > 0) sheets.set(path, { floating, byId });
  }
  const pictures: Picture[] = [];
  for (const name of used) {
    const entry = zip.entries.get(name);
    if (!entry || entry.unpacked > maxPictureBytes) continue;
    const mime = sniffMime(await headOf(zip, name), name);
    if (mime.startsWith('image/')) pictures.push({ name, mime, size: entry.unpacked });
  }
  return { pictures, sheets };
}

async function headOf(zip: ZipFile, name: string): Promise<Buffer> {
  for await (const chunk of zip.stream(name, maxPictureBytes)) return chunk.subarray(0, 64);
  return Buffer.alloc(0);
}

/** Pictures in cells, by their id (`xl/cellimages.xml`). */
async function cellPictures(zip: ZipFile, parts: WorkbookParts): Promise<Map<string, string>> {
  const path = [...parts.relations.values()].find(({ type }) => /\/cellImages?$/i.test(type))?.target;
  const xml = path && (await zip.text(path));
  if (!path || !xml) return new Map();
  const relations = await relationsOf(zip, path);
  return new Map(
    [...xml.matchAll(/<(\w+:)?pic[\s>][\s\S]*?<\/\1?pic>/g)].flatMap(([pic]): [string, string][] => {
      const id = /<(?:\w+:)?cNvPr\s[^>]*?\bname="([^"]*)"/.exec(pic)?.[1];
      const target = embedded(pic, relations);
      return id && target ? [[id, target]] : [];
    }),
  );
}

async function floatingOn(zip: ZipFile, sheet: string): Promise<Map<number, Floating[]>> {
  const found = new Map<number, Floating[]>();
  for (const { type, target } of (await relationsOf(zip, sheet)).values()) {
    if (!type.endsWith('/drawing')) continue;
    const xml = (await zip.text(target)) ?? '';
    const relations = await relationsOf(zip, target);
    for (const [anchor] of xml.matchAll(/<(\w+:)?(?:two|one)CellAnchor[\s>][\s\S]*?<\/\1?(?:two|one)CellAnchor>/g)) {
      const name = embedded(anchor, relations);
      const [from, to] = [placeIn(anchor, 'from'), placeIn(anchor, 'to')];
      if (!name || !from) continue;
      const picture = { name, column: from.column, toColumn: Math.max(from.column, to?.column ?? from.column) };
      found.set(from.row, [...(found.get(from.row) ?? []), picture]);
    }
  }
  return found;
}

function embedded(xml: string, relations: Awaited<ReturnType<typeof relationsOf>>): string | undefined {
  const tag = /<(?:\w+:)?blip\s[^>]*>/.exec(xml)?.[0] ?? '';
  return relations.get(attribute(tag, ' r:embed="') ?? '')?.target;
}

function placeIn(anchor: string, end: 'from' | 'to'): { row: number; column: number } | undefined {
  const xml = new RegExp(`<(?:\\w+:)?${end}>([\\s\\S]*?)</(?:\\w+:)?${end}>`).exec(anchor)?.[1] ?? '';
  const number = (name: string) => Number(new RegExp(`<(?:\\w+:)?${name}>\\s*(\\d+)`).exec(xml)?.[1] ?? Number.NaN);
  const place = { row: number('row'), column: number('col') };
  return Number.isNaN(place.row) || Number.isNaN(place.column) ? undefined : place;
}

const inCell = /^=?\s*(?:_xlfn\.)?DISPIMG\(\s*"([^"]+)"/i;

/** True for a formula that calls for a picture rather than a value. */
export function isPictureCall(formula: string): boolean {
  return inCell.test(formula);
}

/**
 * Puts pictures into the cells of a row: those that a cell calls for, and those that lie over an empty cell. A cell with
 * a text keeps it.
 */
export function placePictures(row: SheetCell[], at: number, pictures: SheetPictures): void {
  for (const [column, cell] of row.entries()) {
    const id = typeof cell === 'string' && cell.length < 200 ? inCell.exec(cell)?.[1] : undefined;
    if (id === undefined) continue;
    const name = pictures.byId.get(id);
    row[column] = name === undefined ? null : pictureCell([name]);
  }
  const here = new Map<number, string[]>();
  for (const { name, column, toColumn } of pictures.floating.get(at) ?? []) {
    let free = column;
    while (free < toColumn && (row[free] ?? null) !== null) free++;
    if ((row[free] ?? null) === null) here.set(free, [...(here.get(free) ?? []), name]);
  }
  for (const [column, names] of here) {
    while (row.length < column) row.push(null);
    row[column] = pictureCell(names);
  }
}
