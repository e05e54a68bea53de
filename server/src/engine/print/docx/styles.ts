import { bodySize, type Paragraph, type TextStyle } from '../blocks.js';
import type { DocxPackage } from './package.js';
import { at, inside, type XmlElement } from './xml.js';

/** Twentieths of a point. */
const twips = 20;

export interface TextLook extends TextStyle {
  hidden?: boolean;
}

export interface ParagraphLook extends Omit<Paragraph, 'kind' | 'inlines'> {
  firstLine: number;
  text: TextLook;
}

/** What the styles of a document say, each with all it builds on. */
export class DocxStyles {
  private readonly byId = new Map<string, XmlElement>();
  private readonly defaults: XmlElement | undefined;
  private readonly usual: string | undefined;

  constructor(docx: DocxPackage) {
    const root = docx.has('word/styles.xml') ? docx.tree('word/styles.xml') : undefined;
    this.defaults = at(root, 'w:docDefaults');
    for (const style of inside(root, 'w:style')) {
      const id = style.attributes['w:styleId'];
      if (id) this.byId.set(id, style);
    }
    this.usual = inside(root, 'w:style').find(
      (style) => style.attributes['w:type'] === 'paragraph' && style.attributes['w:default'] === '1',
    )?.attributes['w:styleId'];
  }

  paragraph(properties: XmlElement | undefined): ParagraphLook {
    const styles = this.chain(at(properties, 'w:pStyle')?.attributes['w:val'] ?? this.usual);
    const look: ParagraphLook = {
      ...{ align: 'left', before: 0, after: 0, leading: 1.3, indent: 0, firstLine: 0 },
      text: textLook({ size: bodySize }, at(this.defaults, 'w:rPrDefault', 'w:rPr')),
    };
    applyParagraph(look, at(this.defaults, 'w:pPrDefault', 'w:pPr'));
    for (const style of styles) {
      applyParagraph(look, at(style, 'w:pPr'));
      look.text = textLook(look.text, at(style, 'w:rPr'));
    }
    applyParagraph(look, properties);
    return look;
  }

  run(base: TextLook, properties: XmlElement | undefined): TextLook {
    const named = this.chain(at(properties, 'w:rStyle')?.attributes['w:val']);
    const look = named.reduce((before, style) => textLook(before, at(style, 'w:rPr')), base);
    return textLook(look, properties);
  }

  /** Whether a table has lines, by its own word or its style's. */
  borders(table: XmlElement): boolean {
    const properties = at(table, 'w:tblPr');
    const own = at(properties, 'w:tblBorders');
    if (own) return drawn(own);
    const styles = this.chain(at(properties, 'w:tblStyle')?.attributes['w:val']);
    const named = styles.map((style) => at(style, 'w:tblPr', 'w:tblBorders')).filter((item) => item !== undefined);
    const last = named.at(-1);
    if (last) return drawn(last);
    const cells = inside(table, 'w:tr').flatMap((row) => inside(row, 'w:tc'));
    return cells.some((cell) => {
      const borders = at(cell, 'w:tcPr', 'w:tcBorders');
      return borders !== undefined && drawn(borders);
    });
  }

  /** A style with those it is based on, the farthest first. */
  private chain(id: string | undefined): XmlElement[] {
    const found: XmlElement[] = [];
    let style = id ? this.byId.get(id) : undefined;
    while (style && !found.includes(style)) {
      found.unshift(style);
      style = this.byId.get(at(style, 'w:basedOn')?.attributes['w:val'] ?? '');
    }
    return found;
  }
}

function drawn(borders: XmlElement): boolean {
  return borders.children.some(
    (line) => 'name' in line && !['nil', 'none'].includes(line.attributes['w:val'] ?? 'none'),
  );
}

const aligns: Record<string, Paragraph['align']> = { center: 'center', right: 'right', end: 'right' };

function applyParagraph(look: ParagraphLook, properties: XmlElement | undefined): void {
  if (!properties) return;
  const align = at(properties, 'w:jc')?.attributes['w:val'];
  if (align) look.align = aligns[align] ?? 'left';
  const spacing = at(properties, 'w:spacing')?.attributes ?? {};
  if (spacing['w:before']) look.before = number(spacing['w:before']) / twips;
  if (spacing['w:after']) look.after = number(spacing['w:after']) / twips;
  const line = number(spacing['w:line'] ?? '');
  const rule = spacing['w:lineRule'] ?? 'auto';
  if (line > 0) look.leading = rule === 'auto' ? (line / 240) * 1.3 : line / twips / look.text.size;
  const indent = at(properties, 'w:ind')?.attributes ?? {};
  const left = indent['w:left'] ?? indent['w:start'];
  if (left) look.indent = Math.max(0, number(left) / twips);
  if (indent['w:firstLineChars']) look.firstLine = (number(indent['w:firstLineChars']) / 100) * look.text.size;
  else if (indent['w:firstLine']) look.firstLine = number(indent['w:firstLine']) / twips;
}

function textLook(base: TextLook, properties: XmlElement | undefined): TextLook {
  if (!properties) return base;
  const look = { ...base };
  const size = at(properties, 'w:sz')?.attributes['w:val'];
  if (size) look.size = Math.min(200, Math.max(4, number(size) / 2));
  const bold = at(properties, 'w:b');
  if (bold) look.bold = isOn(bold);
  const underline = at(properties, 'w:u')?.attributes['w:val'];
  if (underline) look.underline = underline !== 'none';
  const color = at(properties, 'w:color')?.attributes['w:val'];
  if (color && /^[0-9a-f]{6}$/i.test(color)) look.color = `#${color}`;
  const hidden = at(properties, 'w:vanish');
  if (hidden) look.hidden = isOn(hidden);
  return look;
}

function isOn(toggle: XmlElement): boolean {
  return !['0', 'false', 'off'].includes(toggle.attributes['w:val'] ?? '1');
}

export function number(text: string): number {
  const value = Number.parseFloat(text);
  return Number.isFinite(value) ? value : 0;
}
