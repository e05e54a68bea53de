import type { ValueExpr } from '@lianke/shared/flows/values';
import { refKey, refOfKey } from '../model/sources.js';

export type TextPart = Extract<ValueExpr, { kind: 'text' }>['parts'][number];
/** A part of a text that is sent elsewhere: it may be a secret by its name. */
export type SendPart = TextPart | { secret: string };

/** Joins neighbouring texts and drops empty ones, so that equal content has one form. */
export function tidyParts<Part extends SendPart>(parts: readonly Part[]): Part[] {
  const tidy: Part[] = [];
  for (const part of parts) {
    const last = tidy.at(-1);
    if (!('text' in part)) tidy.push(part);
    else if (part.text === '') continue;
    else if (last && 'text' in last) tidy[tidy.length - 1] = { text: last.text + part.text } as Part;
    else tidy.push(part);
  }
  return tidy;
}

/** Where the caret stands among parts: `offset` characters into the text at `index`. */
export interface Caret {
  index: number;
  offset: number;
}

/** Puts a reference or a secret at the caret; `typed` characters before it (the @ that opened the list) are taken away. */
export function insertPart(
  parts: readonly SendPart[],
  caret: Caret | undefined,
  chip: Exclude<SendPart, { text: string }>,
  typed = 0,
): SendPart[] {
  const at = caret ? parts[caret.index] : undefined;
  if (!caret || !at || !('text' in at)) {
    const index = caret ? caret.index + (at ? 1 : 0) : parts.length;
    return tidyParts([...parts.slice(0, index), chip, ...parts.slice(index)]);
  }
  const before = at.text.slice(0, Math.max(0, caret.offset - typed));
  const after = at.text.slice(caret.offset);
  return tidyParts([
    ...parts.slice(0, caret.index),
    { text: before },
    chip,
    { text: after },
    ...parts.slice(caret.index + 1),
  ]);
}

const refAttribute = 'data-ref';
const secretAttribute = 'data-secret';

/** Draws parts into an editable element: texts as text nodes, references as chips that delete as one character. */
export function drawParts(root: HTMLElement, parts: readonly SendPart[], nameOf: (part: SendPart) => string): void {
  root.replaceChildren(
    ...parts.map((part) => {
      if ('text' in part) return document.createTextNode(part.text);
      const chip = document.createElement('span');
      chip.contentEditable = 'false';
      chip.className = 'ref-chip';
      if ('ref' in part) chip.setAttribute(refAttribute, refKey(part.ref));
      else chip.setAttribute(secretAttribute, part.secret);
      chip.textContent = nameOf(part);
      return chip;
    }),
  );
  const last = parts.at(-1);
  // An empty last line is shown only when something follows.
  if (last && 'text' in last && last.text.endsWith('\n')) root.append(document.createElement('br'));
  // A caret cannot stand after a chip that ends the element.
  else if (root.lastChild instanceof HTMLElement) root.append(document.createTextNode(''));
}

/**
 * Reads the parts back out of the editable element. With `lines` its line breaks are kept, else they are spaces; the one
 * that browsers put behind an empty last line is not part of the text.
 */
export function readParts(root: HTMLElement, lines = false): SendPart[] {
  const parts = partsWithin(root, lines);
  const last = parts.at(-1);
  if (!lines || !last || !('text' in last) || !last.text.endsWith('\n')) return parts;
  return tidyParts([...parts.slice(0, -1), { text: last.text.slice(0, -1) }]);
}

function partsWithin(root: HTMLElement, lines: boolean): SendPart[] {
  const parts: SendPart[] = [];
  const text = (content: string) => {
    const plain = content.replace(/\u00a0/g, ' ').replace(/\r\n?/g, '\n');
    parts.push({ text: lines ? plain : plain.replace(/\n+/g, ' ') });
  };
  const walk = (node: Node): void => {
    if (node instanceof HTMLElement && node.hasAttribute(refAttribute)) {
      parts.push({ ref: refOfKey(node.getAttribute(refAttribute) ?? '') });
    } else if (node instanceof HTMLElement && node.hasAttribute(secretAttribute)) {
      parts.push({ secret: node.getAttribute(secretAttribute) ?? '' });
    } else if (node.nodeType === Node.TEXT_NODE) text(node.textContent ?? '');
    else if (node.nodeName === 'BR') text('\n');
    else {
      if (node.nodeName === 'DIV' && parts.length > 0) text('\n');
      for (const child of node.childNodes) walk(child);
    }
  };
  for (const child of root.childNodes) walk(child);
  return tidyParts(parts);
}

/** The caret inside the editable element, counted in tidied parts; undefined when it is elsewhere. */
export function readCaret(root: HTMLElement, lines = false): Caret | undefined {
  const selection = root.ownerDocument.getSelection();
  const range = selection && selection.rangeCount > 0 ? selection.getRangeAt(0) : undefined;
  if (!range || !root.contains(range.startContainer)) return undefined;
  const head = root.ownerDocument.createRange();
  head.selectNodeContents(root);
  head.setEnd(range.startContainer, range.startOffset);
  const holder = root.ownerDocument.createElement('div');
  holder.append(head.cloneContents());
  const before = partsWithin(holder, lines);
  const last = before.at(-1);
  if (!last) return { index: 0, offset: 0 };
  if ('text' in last) return { index: before.length - 1, offset: last.text.length };
  return { index: before.length, offset: 0 };
}
