import { XMLParser } from 'fast-xml-parser';

/** An element: text (written as CDATA), a number (written bare), children, or a list of repeated elements. */
export type XmlValue = string | number | XmlNode | (string | XmlNode)[];
export interface XmlNode {
  [name: string]: XmlValue | undefined;
}

function cdata(text: string): string {
  // A CDATA section cannot contain its own end mark: split it over two sections.
  return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

function element(name: string, value: XmlValue): string {
  if (Array.isArray(value)) return value.map((item) => element(name, item)).join('');
  if (typeof value === 'number') return `<${name}>${value}</${name}>`;
  if (typeof value === 'string') return `<${name}>${cdata(value)}</${name}>`;
  return `<${name}>${children(value)}</${name}>`;
}

function children(node: XmlNode): string {
  return Object.entries(node)
    .map(([name, value]) => (value === undefined ? '' : element(name, value)))
    .join('');
}

/** Writes `<xml>…</xml>` as the platform does: strings as CDATA, numbers bare. */
export function toXml(node: XmlNode): string {
  return `<xml>${children(node)}</xml>`;
}

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  processEntities: false,
  trimValues: true,
});

/** Reads the direct text children of `<xml>`; entities and DTDs are not expanded. */
export function fromXml(xml: string): Record<string, unknown> {
  const root = (parser.parse(xml) as { xml?: unknown }).xml;
  return root !== null && typeof root === 'object' ? (root as Record<string, unknown>) : {};
}
