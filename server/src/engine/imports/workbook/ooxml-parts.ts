import { posix } from 'node:path';
import { attribute, xmlText } from './large/xml-text.js';
import { damagedZip, type ZipFile } from './zip-file.js';

/** What one part of a package says about another. */
export interface Relation {
  type: string;
  /** Path of the other part inside the package. */
  target: string;
}

/** A worksheet of a workbook. */
export interface SheetPart {
  name: string;
  hidden: boolean;
  path: string;
}

/** The workbook of a package: its own XML, what it refers to, and its worksheets in order. */
export interface WorkbookParts {
  xml: string;
  relations: ReadonlyMap<string, Relation>;
  sheets: SheetPart[];
  /** Path of the first part of a kind, as `styles`. */
  partOf(kind: string): string | undefined;
}

/** What the part at `path` refers to, by id (ECMA-376 part 2, 9.3). */
export async function relationsOf(zip: ZipFile, path: string): Promise<Map<string, Relation>> {
  const folder = posix.dirname(path);
  const xml = (await zip.text(posix.join(folder, '_rels', `${posix.basename(path)}.rels`))) ?? '';
  return new Map(
    [...xml.matchAll(/<(?:\w+:)?Relationship\s[^>]*>/g)].map(([tag]) => {
      const target = xmlText(attribute(tag, ' Target="') ?? '');
      const inside = target.startsWith('/') ? target.slice(1) : posix.join(folder, target);
      return [attribute(tag, ' Id="') ?? '', { type: attribute(tag, ' Type="') ?? '', target: inside }];
    }),
  );
}

/** @throws AppError when the package is damaged */
export async function workbookParts(zip: ZipFile): Promise<WorkbookParts> {
  const root = [...(await relationsOf(zip, '')).values()].find(({ type }) => type.endsWith('/officeDocument'));
  if (!root) throw damagedZip();
  const xml = (await zip.text(root.target)) ?? '';
  const relations = await relationsOf(zip, root.target);
  const sheets: SheetPart[] = [];
  for (const [tag] of xml.matchAll(/<(?:\w+:)?sheet\s[^>]*>/g)) {
    const relation = relations.get(/\s(?:\w+:)?id="([^"]*)"/.exec(tag.replace(/sheetId="[^"]*"/, ''))?.[1] ?? '');
    if (!relation) throw damagedZip();
    if (!relation.type.endsWith('/worksheet')) continue;
    sheets.push({
      name: xmlText(attribute(tag, ' name="') ?? '').trim(),
      hidden: /\sstate="(?:veryH|h)idden"/.test(tag),
      path: relation.target,
    });
  }
  return {
    xml,
    relations,
    sheets,
    partOf: (kind) => [...relations.values()].find(({ type }) => type.endsWith(`/${kind}`))?.target,
  };
}
