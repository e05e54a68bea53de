import { XMLParser } from 'fast-xml-parser';

export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  children: XmlNode[];
}
export type XmlNode = XmlElement | { text: string };

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  trimValues: false,
  parseTagValue: false,
  parseAttributeValue: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
});

/** The root element of a document. @throws Error when it is none */
export function parseXml(text: string): XmlElement {
  if (text.includes('<!DOCTYPE')) throw new Error('document types are not allowed');
  const root = (parser.parse(text) as RawNode[]).map(fromRaw).find((node): node is XmlElement => 'name' in node);
  if (!root) throw new Error('no root element');
  return root;
}

type RawNode = Record<string, RawNode[] | string | Record<string, string>>;

function fromRaw(raw: RawNode): XmlNode {
  const name = Object.keys(raw).find((key) => key !== ':@') ?? '#text';
  const content = raw[name];
  if (name === '#text') return { text: String(content ?? '') };
  return {
    name,
    attributes: { ...(raw[':@'] as Record<string, string> | undefined) },
    children: Array.isArray(content) ? content.map(fromRaw) : [],
  };
}

/** An element, for building documents. */
export function element(
  name: string,
  attributes: Record<string, string | number> = {},
  children: readonly XmlNode[] = [],
): XmlElement {
  const given = Object.entries(attributes).map(([key, value]) => [key, String(value)]);
  return { name, attributes: Object.fromEntries(given), children: [...children] };
}

export function writeXml(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${written(root)}`;
}

function written(node: XmlNode): string {
  if ('text' in node) return escaped(node.text);
  const attributes = Object.entries(node.attributes)
    .map(([name, value]) => ` ${name}="${escaped(value).replaceAll('"', '&quot;')}"`)
    .join('');
  if (node.children.length === 0) return `<${node.name}${attributes}/>`;
  return `<${node.name}${attributes}>${node.children.map(written).join('')}</${node.name}>`;
}

// Control characters are no XML at all: Word refuses a file that has one.
const noXml = /(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu;

function escaped(text: string): string {
  return text.replace(noXml, '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export function isElement(node: XmlNode, name?: string): node is XmlElement {
  return 'name' in node && (name === undefined || node.name === name);
}

/** The elements of this name right inside. */
export function inside(parent: XmlElement | undefined, name: string): XmlElement[] {
  return parent?.children.filter((node): node is XmlElement => isElement(node, name)) ?? [];
}

/** The first element down this path. */
export function at(parent: XmlElement | undefined, ...path: string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>((place, name) => inside(place, name)[0], parent);
}

/** Text of an element and all inside it. */
export function textOf(node: XmlNode): string {
  return 'text' in node ? node.text : node.children.map(textOf).join('');
}

/** A deep copy, to be changed without changing the original. */
export function cloned<T extends XmlNode>(node: T): T {
  return structuredClone(node);
}
