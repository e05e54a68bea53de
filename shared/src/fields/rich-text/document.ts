/** How a run of text is set off. */
export interface RichMarks {
  bold?: boolean;
  italic?: boolean;
  underline?: boolean;
  strike?: boolean;
  /** Where a link leads: http, https, mailto or tel. */
  href?: string;
}

/** Text of one look; `\n` is a line break inside its block. */
export interface RichRun extends RichMarks {
  text: string;
}

export type RichBlock =
  | { tag: 'p' | 'h2' | 'h3' | 'blockquote'; runs: RichRun[] }
  | { tag: 'ul' | 'ol'; items: RichRun[][] };

/** What a rich text can hold, and nothing else can be said in it: no styles, no pictures, no scripts. */
export type RichDocument = RichBlock[];

/** True for links that lead somewhere harmless. */
export function isSafeHref(href: string): boolean {
  return /^(?:https?:\/\/|mailto:|tel:)[^\s<>"']+$/i.test(href) && href.length <= 2000;
}

export const markOrder = [
  ['bold', 'strong'],
  ['italic', 'em'],
  ['underline', 'u'],
  ['strike', 's'],
] as const;

const sameLook = (a: RichMarks, b: RichMarks) =>
  a.href === b.href && markOrder.every(([mark]) => Boolean(a[mark]) === Boolean(b[mark]));

/** Joins neighbours of one look, drops empty runs and outer blanks. */
export function tidyRuns(runs: readonly RichRun[]): RichRun[] {
  const out: RichRun[] = [];
  for (const run of runs) {
    const last = out.at(-1);
    if (run.text === '') continue;
    if (last && sameLook(last, run)) last.text += run.text;
    else out.push({ ...run });
  }
  for (const run of out) run.text = run.text.replace(/[ \t]*\n[ \t]*/g, '\n').replace(/[ \t]{2,}/g, ' ');
  const first = out[0];
  if (first) first.text = first.text.replace(/^\s+/, '');
  const end = out.at(-1);
  if (end) end.text = end.text.replace(/\s+$/, '');
  const kept = out.filter((run) => run.text !== '');
  return kept.length < out.length ? tidyRuns(kept) : kept;
}

/** The blocks that hold something. */
export function tidyDocument(blocks: RichDocument): RichDocument {
  return blocks.flatMap((block): RichDocument => {
    if ('runs' in block) {
      const runs = tidyRuns(block.runs);
      return runs.length > 0 ? [{ tag: block.tag, runs }] : [];
    }
    const items = block.items.map(tidyRuns).filter((runs) => runs.length > 0);
    return items.length > 0 ? [{ tag: block.tag, items }] : [];
  });
}

/** What a reader without any look sees: one line a block and item. */
export function plainText(blocks: RichDocument): string {
  const line = (runs: RichRun[]) => runs.map((run) => run.text).join('');
  return blocks.flatMap((block) => ('runs' in block ? [line(block.runs)] : block.items.map(line))).join('\n');
}
