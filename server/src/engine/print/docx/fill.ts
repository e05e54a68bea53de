import type { PrintImage } from '../blocks.js';
import { type Content, type Placeholder, placeholdersIn, type Scope } from '../placeholders.js';
import { pictureRun } from './drawing.js';
import { type DocxPackage, documentPart } from './package.js';
import { cloned, element, isElement, textOf, type XmlElement, type XmlNode } from './xml.js';

/** Parts that hold text: the document, and what stands at the head and foot of its pages. */
export function textParts(docx: DocxPackage): string[] {
  return docx.names.filter((name) => name === documentPart || /^word\/(?:header|footer)\d*\.xml$/.test(name));
}

/** The placeholders of a template, each once. */
export function templatePlaceholders(docx: DocxPackage): Placeholder[] {
  const found = textParts(docx).flatMap((part) =>
    paragraphsOf(docx.tree(part)).flatMap((paragraph) => placeholdersIn(wordsOf(paragraph).map(textOf).join(''))),
  );
  return [...new Map(found.map((item) => [item.ref, item])).values()];
}

/** Puts a record's values in the place of the placeholders, in every part. */
export function fillDocx(docx: DocxPackage, scope: Scope): void {
  for (const part of textParts(docx)) fill(docx.tree(part), { docx, part, counter: { n: 0 } }, scope);
}

interface Place {
  docx: DocxPackage;
  part: string;
  counter: { n: number };
}

function fill(node: XmlElement, place: Place, scope: Scope): void {
  if (node.name === 'w:p') fillParagraph(node, place, scope);
  if (node.name === 'w:tbl') node.children = node.children.flatMap((child) => rowsFor(child, place, scope));
  else for (const child of node.children) if (isElement(child)) fill(child, place, scope);
}

/** A row of a table as often as there are rows of the list that it names; any other row once. */
function rowsFor(row: XmlNode, place: Place, scope: Scope): XmlNode[] {
  if (!isElement(row)) return [row];
  const list = row.name === 'w:tr' && scope.rows ? listOf(row, scope) : undefined;
  if (!list) {
    fill(row, place, scope);
    return [row];
  }
  // Without rows one empty line stays, as on a paper form.
  const scopes = list.scopes.length > 0 ? list.scopes : [blank];
  return scopes.map((inner) => {
    const copy = cloned(row);
    fill(copy, place, { content: (item) => inner.content(item) ?? scope.content(item) });
    return copy;
  });
}

const blank: Scope = { content: ({ ref }) => (ref.includes('.') || ref === '序号' ? { text: '' } : undefined) };

function listOf(row: XmlElement, scope: Scope) {
  for (const paragraph of paragraphsOf(row))
    for (const { ref } of placeholdersIn(wordsOf(paragraph).map(textOf).join(''))) {
      const list = scope.rows?.(ref);
      if (list) return list;
    }
  return undefined;
}

function paragraphsOf(node: XmlElement): XmlElement[] {
  const own = node.name === 'w:p' ? [node] : [];
  return [...own, ...node.children.flatMap((child) => (isElement(child) ? paragraphsOf(child) : []))];
}

/** The texts of a paragraph in order, whatever runs they are cut into; not those of paragraphs inside it. */
function wordsOf(node: XmlElement): XmlElement[] {
  return node.children.flatMap((child) => {
    if (!isElement(child) || child.name === 'w:p') return [];
    return child.name === 'w:t' ? [child] : wordsOf(child);
  });
}

/** Word cuts what was typed at one go into several runs: placeholders are found in the paragraph's whole text. */
function fillParagraph(paragraph: XmlElement, place: Place, scope: Scope): void {
  const words = wordsOf(paragraph);
  const texts = words.map(textOf);
  const found = placeholdersIn(texts.join(''));
  if (found.length === 0) return;
  const contents = new Map<XmlElement, XmlNode[]>();
  let start = 0;
  for (const [index, word] of words.entries()) {
    const text = texts[index] ?? '';
    const end = start + text.length;
    const made: XmlNode[] = [];
    let cursor = start;
    for (const item of found) {
      if (item.to <= start || item.from >= end) continue;
      if (item.from > cursor) made.push(plainText(text.slice(cursor - start, item.from - start)));
      if (item.from >= start) made.push(...nodesFor(scope.content(item) ?? { text: '' }, place));
      cursor = Math.min(end, item.to);
    }
    if (cursor < end) made.push(plainText(text.slice(cursor - start)));
    contents.set(word, made);
    start = end;
  }
  replace(paragraph, contents);
}

function replace(node: XmlElement, contents: ReadonlyMap<XmlElement, readonly XmlNode[]>): void {
  node.children = node.children.flatMap((child) => {
    if (!isElement(child)) return [child];
    const made = contents.get(child);
    if (made) return [...made];
    if (child.name !== 'w:p') replace(child, contents);
    return [child];
  });
}

function nodesFor(content: Content, place: Place): XmlNode[] {
  if ('images' in content) return content.images.map((image) => picture(image, place));
  return content.text
    .split(/\r\n|\r|\n/)
    .flatMap((line, index) => [...(index > 0 ? [element('w:br')] : []), ...(line === '' ? [] : [plainText(line)])]);
}

function picture(image: PrintImage, { docx, part, counter }: Place): XmlElement {
  counter.n += 1;
  return pictureRun(docx.addImage(part, image.data, image.format), image, 9000 + counter.n);
}

function plainText(text: string): XmlElement {
  return element('w:t', { 'xml:space': 'preserve' }, [{ text }]);
}
