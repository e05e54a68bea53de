import {
  isSafeHref,
  type RichBlock,
  type RichDocument,
  type RichMarks,
  type RichRun,
  tidyDocument,
} from './document.js';

const signs = { bold: '**', italic: '*', underline: '__', strike: '~~' } as const;
const special = /[\\*_~[\]#>]/g;
const inlineToken = /\\([\s\S])|\*\*|\*|__|~~|\[((?:\\[\s\S]|[^\]\\])*)\]\(([^()\s]*)\)|[^\\*_~[]+|[\s\S]/g;

/** A rich text as a person types it on a phone: `# title`, `- item`, `**bold**`. Read again it is the same. */
export function writeMarks(document: RichDocument): string {
  const inline = (runs: readonly RichRun[]) => runs.map(runMarks).join('');
  return document
    .map((block) => {
      if ('items' in block)
        return block.items
          .map((runs, index) => `${block.tag === 'ul' ? '-' : `${index + 1}.`} ${inline(runs)}`)
          .join('\n');
      const text = inline(block.runs);
      const sign = { p: '', h2: '# ', h3: '## ', blockquote: '> ' }[block.tag];
      return sign === '' ? text.replace(/^(- |\d+\. )/, '\\$1') : sign + text;
    })
    .join('\n');
}

function runMarks(run: RichRun): string {
  const text = run.text.replace(special, '\\$&').replaceAll('\n', '\\\n');
  const around = [
    run.bold && signs.bold,
    run.italic && signs.italic,
    run.underline && signs.underline,
    run.strike && signs.strike,
  ];
  const marked = around.reduceRight<string>((inner, sign) => (sign ? sign + inner + sign : inner), text);
  return run.href ? `[${marked}](${run.href})` : marked;
}

/** Reads what `writeMarks` writes, and anything else as the text it is. */
export function readMarks(text: string): RichDocument {
  const out: RichDocument = [];
  for (const [line] of text.replace(/\r\n?/g, '\n').matchAll(/(?:\\[\s\S]|[^\n\\]|\\$)+/g)) {
    const list = /^(?:(- )|\d{1,3}\. )/.exec(line);
    if (list) {
      const tag = list[1] ? 'ul' : 'ol';
      const last = out.at(-1);
      const runs = readInline(line.slice(list[0].length), {});
      if (last && 'items' in last && last.tag === tag) last.items.push(runs);
      else out.push({ tag, items: [runs] });
      continue;
    }
    const sign = /^(?:(## )|(# )|(> ))/.exec(line);
    const tag: Exclude<RichBlock, { items: unknown }>['tag'] = sign?.[1]
      ? 'h3'
      : sign?.[2]
        ? 'h2'
        : sign
          ? 'blockquote'
          : 'p';
    out.push({ tag, runs: readInline(line.slice(sign?.[0].length ?? 0), {}) });
  }
  return tidyDocument(out);
}

function readInline(text: string, outer: RichMarks): RichRun[] {
  const runs: RichRun[] = [];
  const on: RichMarks = { ...outer };
  for (const [whole, escaped, label, href] of text.matchAll(inlineToken)) {
    const mark = (Object.keys(signs) as (keyof typeof signs)[]).find((key) => signs[key] === whole);
    if (escaped !== undefined) runs.push({ ...on, text: escaped });
    else if (mark) on[mark] = !on[mark];
    else if (href !== undefined && isSafeHref(href)) runs.push(...readInline(label ?? '', { ...on, href }));
    else runs.push({ ...on, text: whole });
  }
  return runs.map(({ text: each, ...look }) => ({
    ...(Object.fromEntries(Object.entries(look).filter(([, value]) => value)) as RichMarks),
    text: each,
  }));
}
