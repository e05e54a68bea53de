import { bare } from '@lianke/shared/fields/sheet-text';
import { conceptOf } from '../columns/concepts.js';
import { unitFactor } from './header.js';

/** What the rows above a header say about columns: 「分级 A=战略 B=重点；金额单位万元」. */
export interface SheetNotes {
  aliases: { subject: string; pairs: { option: string; words: string[] }[] }[];
  units: { subject: string; factor: number }[];
}

const pair = /([^\s=，,、；;：:]+)\s*[=＝]\s*([^\s=＝，,、；;]+)/g;
const unit = /^(.*?)(?:单位)?[:：为是]?\s*((?:人民币)?(?:百万|千万|[千万亿])?元)$/;

export function readNotes(notes: readonly string[]): SheetNotes {
  const aliases: SheetNotes['aliases'] = [];
  const units: SheetNotes['units'] = [];
  for (const clause of notes.flatMap((note) => note.split(/[；;。\n]/))) {
    const text = clause.trim().replace(/^[（(]|[)）]$/g, '');
    const found = [...text.matchAll(pair)];
    if (found.length > 0) {
      const subject = lastWord(text.slice(0, found[0]?.index ?? 0));
      aliases.push({
        subject,
        pairs: found.map((match) => ({ option: match[1] ?? '', words: (match[2] ?? '').split(/[/／|]/) })),
      });
      continue;
    }
    const measured = unit.exec(text);
    const factor = measured && unitFactor(measured[2] ?? '');
    // A clause that only ends in 元 by chance has more in front than a column's name.
    if (factor && (measured[1] ?? '').length <= 12)
      units.push({ subject: lastWord((measured[1] ?? '').replace(/单位$/, '')), factor });
  }
  return { aliases, units };
}

/** Words for options of this column. */
export function aliasesFor(notes: SheetNotes, column: string): { option: string; words: string[] }[] {
  return notes.aliases.filter(({ subject }) => isAbout(subject, column)).flatMap(({ pairs }) => pairs);
}

/** The multiplier for this column's numbers, undefined when no note names one. */
export function factorFor(notes: SheetNotes, column: string): number | undefined {
  return notes.units.find(({ subject }) =>
    subject === '' ? /金额|价|费|款|额/.test(column) : isAbout(subject, column),
  )?.factor;
}

function isAbout(subject: string, column: string): boolean {
  if (subject === '') return false;
  const concept = conceptOf(subject)?.concept;
  return bare(column).includes(bare(subject)) || (concept !== undefined && concept === conceptOf(column)?.concept);
}

function lastWord(text: string): string {
  return (
    text
      .split(/[：:，,、\s]+/)
      .filter(Boolean)
      .at(-1) ?? ''
  ).replace(/[为是]$/, '');
}
