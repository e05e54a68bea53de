import { Dec } from '@lianke/shared/formulas/decimal';
import { chineseNumber } from '@lianke/shared/formulas/functions/in-words';
import type { DocxPackage } from './package.js';
import { at, inside, type XmlElement } from './xml.js';

/** Counts the numbered paragraphs of a document: what stands before each. */
export class DocxNumbering {
  private readonly levels = new Map<string, XmlElement[]>();
  private readonly counts = new Map<string, number[]>();

  constructor(docx: DocxPackage) {
    if (!docx.has('word/numbering.xml')) return;
    const root = docx.tree('word/numbering.xml');
    const abstract = new Map(
      inside(root, 'w:abstractNum').map((item) => [item.attributes['w:abstractNumId'], inside(item, 'w:lvl')]),
    );
    for (const item of inside(root, 'w:num')) {
      const levels = abstract.get(at(item, 'w:abstractNumId')?.attributes['w:val']);
      const id = item.attributes['w:numId'];
      if (id && levels) this.levels.set(id, levels);
    }
  }

  /** The label of the next paragraph with these properties; empty for one that is not numbered. */
  next(properties: XmlElement | undefined): string {
    const wanted = at(properties, 'w:numPr');
    const id = at(wanted, 'w:numId')?.attributes['w:val'];
    const depth = Number(at(wanted, 'w:ilvl')?.attributes['w:val'] ?? 0);
    const levels = id ? this.levels.get(id) : undefined;
    const level = levels?.[depth];
    if (!id || !levels || !level) return '';
    const counts = this.counts.get(id) ?? [];
    const start = Number(at(level, 'w:start')?.attributes['w:val'] ?? 1);
    counts[depth] = (counts[depth] ?? start - 1) + 1;
    counts.length = depth + 1;
    this.counts.set(id, counts);
    const text = at(level, 'w:lvlText')?.attributes['w:val'] ?? '';
    if (at(level, 'w:numFmt')?.attributes['w:val'] === 'bullet') return '• ';
    const label = text.replace(/%(\d)/g, (_, digit: string) => {
      const index = Number(digit) - 1;
      return counted(counts[index] ?? 1, at(levels[index], 'w:numFmt')?.attributes['w:val']);
    });
    return label === '' ? '' : /[、，．。）)]$/.test(label) ? label : `${label} `;
  }
}

function counted(value: number, format: string | undefined): string {
  switch (format) {
    case 'chineseCounting':
    case 'chineseCountingThousand':
    case 'chineseLegalSimplified':
    case 'japaneseCounting':
    case 'taiwaneseCounting':
    case 'taiwaneseCountingThousand':
      return chineseNumber(new Dec(value));
    case 'lowerLetter':
      return String.fromCharCode(97 + ((value - 1) % 26));
    case 'upperLetter':
      return String.fromCharCode(65 + ((value - 1) % 26));
    case 'decimalEnclosedCircle':
    case 'decimalEnclosedCircleChinese':
      return value <= 20 ? String.fromCodePoint(0x2460 + value - 1) : String(value);
    default:
      return String(value);
  }
}
