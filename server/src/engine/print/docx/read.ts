import {
  a4,
  type Block,
  type Inline,
  type PageSize,
  type Paragraph,
  type PrintDocument,
  type PrintImage,
  type Table,
  type TableCell,
  type TableRow,
} from '../blocks.js';
import { printImage } from '../images.js';
import { emuPerPoint } from './drawing.js';
import { DocxNumbering } from './numbering.js';
import { type DocxPackage, documentPart } from './package.js';
import { DocxStyles, number, type TextLook } from './styles.js';
import { at, inside, isElement, textOf, type XmlElement } from './xml.js';

const twips = 20;

/** The paragraphs, tables and pictures of a Word document, as far as a printed page needs them. */
export function readDocx(docx: DocxPackage, title: string): PrintDocument {
  const body = at(docx.tree(documentPart), 'w:body');
  const section = at(body, 'w:sectPr');
  const page = pageOf(section);
  const width = page.width - page.margin.left - page.margin.right;
  const reader = new Reader(docx, documentPart);
  const edge = (kind: 'header' | 'footer'): Block[] => {
    const references = inside(section, `w:${kind}Reference`);
    const usual = references.find((item) => item.attributes['w:type'] === 'default') ?? references[0];
    const part = usual && docx.target(documentPart, usual.attributes['r:id'] ?? '');
    return part && docx.has(part) ? new Reader(docx, part).blocks(docx.tree(part), width) : [];
  };
  return {
    title,
    page,
    header: edge('header'),
    footer: edge('footer'),
    blocks: body ? reader.blocks(body, width) : [],
  };
}

function pageOf(section: XmlElement | undefined): PageSize {
  const size = at(section, 'w:pgSz')?.attributes ?? {};
  const margin = at(section, 'w:pgMar')?.attributes ?? {};
  const points = (text: string | undefined, usual: number) => (text ? Math.abs(number(text)) / twips : usual);
  return {
    width: Math.min(5000, Math.max(100, points(size['w:w'], a4.width))),
    height: Math.min(5000, Math.max(100, points(size['w:h'], a4.height))),
    margin: {
      top: points(margin['w:top'], a4.margin.top),
      right: points(margin['w:right'], a4.margin.right),
      bottom: points(margin['w:bottom'], a4.margin.bottom),
      left: points(margin['w:left'], a4.margin.left),
    },
  };
}

/** Where a paragraph stands in a field such as PAGE: its code, or the result that Word once computed. */
type FieldPart = 'none' | 'code' | 'result';

class Reader {
  private readonly styles: DocxStyles;
  private readonly numbering: DocxNumbering;

  constructor(
    private readonly docx: DocxPackage,
    private readonly part: string,
  ) {
    this.styles = new DocxStyles(docx);
    this.numbering = new DocxNumbering(docx);
  }

  blocks(parent: XmlElement, width: number): Block[] {
    return parent.children.flatMap((child): Block[] => {
      if (!isElement(child)) return [];
      if (child.name === 'w:p') return this.paragraph(child);
      if (child.name === 'w:tbl') return [this.table(child, width)];
      if (child.name === 'w:sdt') return this.blocks(at(child, 'w:sdtContent') ?? child, width);
      return [];
    });
  }

  private paragraph(node: XmlElement): Block[] {
    const properties = at(node, 'w:pPr');
    const { text, firstLine, ...look } = this.styles.paragraph(properties);
    const label = this.numbering.next(properties);
    const inlines: (Inline | 'pageBreak')[] = [];
    if (firstLine > 0)
      inlines.push({ kind: 'text', text: '\u3000'.repeat(Math.round(firstLine / text.size)), ...text });
    if (label) inlines.push({ kind: 'text', text: label, ...text });
    // A line without words has the height of its type.
    this.runs(node, text, inlines, { at: 'none', code: '' });
    if (inlines.length === 0) inlines.push({ kind: 'text', text: '', ...text });
    const blocks: Block[] = at(properties, 'w:pageBreakBefore') ? [{ kind: 'pageBreak' }] : [];
    let own: Inline[] = [];
    const end = () => blocks.push({ ...look, kind: 'paragraph', inlines: own } satisfies Paragraph);
    for (const inline of inlines) {
      if (inline === 'pageBreak') {
        if (own.length > 0) end();
        blocks.push({ kind: 'pageBreak' });
        own = [];
      } else own.push(inline);
    }
    if (own.length > 0) end();
    return blocks;
  }

  private runs(
    node: XmlElement,
    base: TextLook,
    into: (Inline | 'pageBreak')[],
    field: { at: FieldPart; code: string },
  ): void {
    for (const child of node.children) {
      if (!isElement(child) || skipped.has(child.name)) continue;
      if (child.name === 'w:r') this.run(child, this.styles.run(base, at(child, 'w:rPr')), into, field);
      else if (child.name === 'w:fldSimple' && pageField(child.attributes['w:instr'] ?? '')) {
        const look = this.styles.run(base, at(child, 'w:r', 'w:rPr'));
        into.push({ kind: pageField(child.attributes['w:instr'] ?? '') ?? 'page', ...look });
      } else this.runs(child, base, into, field);
    }
  }

  private run(
    node: XmlElement,
    look: TextLook,
    into: (Inline | 'pageBreak')[],
    field: { at: FieldPart; code: string },
  ): void {
    if (look.hidden) return;
    const { hidden: _, ...style } = look;
    for (const child of node.children) {
      if (!isElement(child)) continue;
      if (child.name === 'w:fldChar') {
        const kind = child.attributes['w:fldCharType'];
        if (kind === 'begin') Object.assign(field, { at: 'code', code: '' });
        if (kind === 'separate' || kind === 'end') {
          const number = field.at === 'code' ? pageField(field.code) : undefined;
          if (number) into.push({ kind: number, ...style });
          field.at = kind === 'end' || !number ? 'none' : 'result';
        }
        continue;
      }
      if (child.name === 'w:instrText') field.code += textOf(child);
      if (field.at !== 'none') continue;
      if (child.name === 'w:t') into.push({ kind: 'text', text: textOf(child), ...style });
      else if (child.name === 'w:tab') into.push({ kind: 'text', text: '\t', ...style });
      else if (child.name === 'w:br')
        into.push(child.attributes['w:type'] === 'page' ? 'pageBreak' : { kind: 'break' });
      else if (child.name === 'w:drawing' || child.name === 'w:pict' || child.name === 'mc:AlternateContent') {
        const image = this.image(child);
        if (image) into.push({ kind: 'image', image });
      }
    }
  }

  private image(node: XmlElement): PrintImage | undefined {
    const blip = find(node, 'a:blip') ?? find(node, 'v:imagedata');
    const id = blip?.attributes['r:embed'] ?? blip?.attributes['r:id'];
    const name = id ? this.docx.target(this.part, id) : undefined;
    const bytes = name ? this.docx.bytes(name) : undefined;
    const image = bytes && printImage(Buffer.from(bytes), 2000, 2000);
    if (!image) return undefined;
    const extent = find(node, 'wp:extent')?.attributes;
    const [cx, cy] = [number(extent?.cx ?? '') / emuPerPoint, number(extent?.cy ?? '') / emuPerPoint];
    return cx > 0 && cy > 0 ? { ...image, width: cx, height: cy } : image;
  }

  private table(node: XmlElement, width: number): Table {
    const rows = inside(node, 'w:tr');
    const columns = Math.max(1, ...rows.map((row) => inside(row, 'w:tc').reduce((sum, cell) => sum + spanOf(cell), 0)));
    const grid = inside(at(node, 'w:tblGrid'), 'w:gridCol').map((column) => number(column.attributes['w:w'] ?? ''));
    const known = grid.length === columns && grid.every((item) => item > 0);
    return {
      kind: 'table',
      widths: known ? grid : Array.from({ length: columns }, () => width / columns),
      borders: this.styles.borders(node),
      rows: rows.map((row): TableRow => {
        const properties = at(row, 'w:trPr');
        const height = number(at(properties, 'w:trHeight')?.attributes['w:val'] ?? '') / twips;
        return {
          header: at(properties, 'w:tblHeader') !== undefined,
          minHeight: Math.min(height, 600),
          cells: inside(row, 'w:tc').map((cell) => this.cell(cell, width)),
        };
      }),
    };
  }

  private cell(node: XmlElement, width: number): TableCell {
    const properties = at(node, 'w:tcPr');
    const merge = at(properties, 'w:vMerge');
    const fill = at(properties, 'w:shd')?.attributes['w:fill'];
    return {
      span: spanOf(node),
      blocks: this.blocks(node, width),
      ...(merge ? { rows: merge.attributes['w:val'] === 'restart' ? 'start' : 'covered' } : {}),
      ...(fill && /^[0-9a-f]{6}$/i.test(fill) ? { fill: `#${fill}` } : {}),
    };
  }
}

/** What is deleted, or says the same once more for older programs. */
const skipped = new Set(['w:del', 'w:pPr', 'w:rPr', 'mc:Fallback', 'w:moveFrom']);

function spanOf(cell: XmlElement): number {
  return Math.max(1, Math.min(60, number(at(cell, 'w:tcPr', 'w:gridSpan')?.attributes['w:val'] ?? '1')));
}

function pageField(code: string): 'page' | 'pages' | undefined {
  const name = code.trim().split(/\s+/)[0]?.toUpperCase();
  return name === 'PAGE' ? 'page' : name === 'NUMPAGES' || name === 'SECTIONPAGES' ? 'pages' : undefined;
}

function find(node: XmlElement, name: string): XmlElement | undefined {
  if (node.name === name) return node;
  for (const child of node.children) {
    const found = isElement(child) ? find(child, name) : undefined;
    if (found) return found;
  }
  return undefined;
}
