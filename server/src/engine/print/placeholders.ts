import type { PrintImage } from './blocks.js';

/** `{{字段}}`, `{{字段|大写}}`; full-width braces too, as input methods write them. */
const pattern = /[{｛]{2}\s*([^{}｛｝]{1,200}?)\s*[}｝]{2}/g;

export interface Placeholder {
  /** What it names, `客户.电话` or `明细.数量` through a relation or a list of rows. */
  ref: string;
  /** How it is shown, `大写`. */
  format?: string;
  /** Where it stands in the text. */
  from: number;
  to: number;
}

/** The placeholders of a text, in their order. */
export function placeholdersIn(text: string): Placeholder[] {
  return [...text.matchAll(pattern)].map((match) => {
    const [ref = '', format] = (match[1] ?? '').split(/[|｜]/).map((part) => part.trim());
    return {
      ref: ref.replaceAll('．', '.'),
      ...(format ? { format } : {}),
      from: match.index,
      to: match.index + match[0].length,
    };
  });
}

export type Content = { text: string } | { images: readonly PrintImage[] };

/** What the placeholders of a template mean: those of a whole record, or of one row inside it. */
export interface Scope {
  /** The value that a placeholder stands for; undefined when the template names something that does not exist. */
  content(placeholder: Pick<Placeholder, 'ref' | 'format'>): Content | undefined;
  /** The rows that a placeholder belongs to, each with its own meaning of it; undefined when it is of the record itself. */
  rows?(ref: string): { name: string; scopes: readonly Scope[] } | undefined;
}
