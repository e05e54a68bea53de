import type { Block, Inline, PrintDocument, TableRow, TextStyle } from '../blocks.js';
import { pictureRun } from './drawing.js';
import { DocxPackage, documentPart } from './package.js';
import { element, writeXml, type XmlElement, type XmlNode } from './xml.js';

const word = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const types = 'application/vnd.openxmlformats-officedocument.wordprocessingml';
const twips = (points: number) => Math.round(points * 20);

/** A printed document as a Word file. */
export function writeDocx(document: PrintDocument): Buffer {
  const edges = (['header', 'footer'] as const).filter((kind) => document[kind].length > 0);
  const relations = [
    relation('rIdStyles', 'styles', 'styles.xml'),
    ...edges.map((kind) => relation(`rId_${kind}`, kind, `${kind}1.xml`)),
  ];
  const docx = DocxPackage.from({
    '[Content_Types].xml': writeXml(contentTypes(edges)),
    '_rels/.rels': writeXml(relationships([relation('rId1', 'officeDocument', documentPart)])),
    [documentPart]: writeXml(element('w:document', spaces)),
    'word/styles.xml': writeXml(styles()),
    'word/_rels/document.xml.rels': writeXml(relationships(relations)),
    ...Object.fromEntries(
      edges.map((kind) => [`word/${kind}1.xml`, writeXml(element(kind === 'header' ? 'w:hdr' : 'w:ftr', spaces))]),
    ),
  });
  const writer = new Writer(docx, document);
  docx
    .tree(documentPart)
    .children.push(element('w:body', {}, [...writer.blocks(document.blocks, documentPart), section(document, edges)]));
  for (const kind of edges) {
    const part = `word/${kind}1.xml`;
    docx.tree(part).children.push(...writer.blocks(document[kind], part));
  }
  return docx.write();
}

const spaces = { 'xmlns:w': word, 'xmlns:r': office };

class Writer {
  private pictures = 0;
  private readonly width: number;

  constructor(
    private readonly docx: DocxPackage,
    { page }: PrintDocument,
  ) {
    this.width = page.width - page.margin.left - page.margin.right;
  }

  blocks(blocks: readonly Block[], part: string): XmlElement[] {
    return blocks.map((block) => {
      if (block.kind === 'pageBreak') return element('w:p', {}, [run([element('w:br', { 'w:type': 'page' })])]);
      if (block.kind === 'table') {
        const sum = block.widths.reduce((total, width) => total + width, 0) || 1;
        const widths = block.widths.map((width) => twips((width / sum) * this.width));
        const lines = ['top', 'left', 'bottom', 'right', 'insideH', 'insideV'].map((side) =>
          element(`w:${side}`, { 'w:val': block.borders ? 'single' : 'nil', 'w:sz': 4, 'w:color': '8C8C8C' }),
        );
        return element('w:tbl', {}, [
          element('w:tblPr', {}, [
            element('w:tblW', { 'w:w': twips(this.width), 'w:type': 'dxa' }),
            element('w:tblBorders', {}, lines),
            element('w:tblLayout', { 'w:type': 'fixed' }),
          ]),
          element(
            'w:tblGrid',
            {},
            widths.map((width) => element('w:gridCol', { 'w:w': width })),
          ),
          ...block.rows.map((row) => this.row(row, widths, part)),
        ]);
      }
      return element('w:p', {}, [
        element('w:pPr', {}, [
          element('w:spacing', {
            'w:before': twips(block.before),
            'w:after': twips(block.after),
            'w:line': Math.round((block.leading / 1.3) * 240),
            'w:lineRule': 'auto',
          }),
          ...(block.indent > 0 ? [element('w:ind', { 'w:left': twips(block.indent) })] : []),
          element('w:jc', { 'w:val': block.align }),
        ]),
        ...block.inlines.flatMap((inline) => this.inline(inline, part)),
      ]);
    });
  }

  private row(row: TableRow, widths: readonly number[], part: string): XmlElement {
    let column = 0;
    const cells = row.cells.map((cell) => {
      const width = widths.slice(column, column + cell.span).reduce((sum, item) => sum + item, 0);
      column += cell.span;
      const inner = this.blocks(cell.blocks, part);
      return element('w:tc', {}, [
        element('w:tcPr', {}, [
          element('w:tcW', { 'w:w': width, 'w:type': 'dxa' }),
          ...(cell.span > 1 ? [element('w:gridSpan', { 'w:val': cell.span })] : []),
          ...(cell.rows ? [element('w:vMerge', cell.rows === 'start' ? { 'w:val': 'restart' } : {})] : []),
          ...(cell.fill ? [element('w:shd', { 'w:val': 'clear', 'w:fill': cell.fill.slice(1) })] : []),
          element('w:vAlign', { 'w:val': 'center' }),
        ]),
        // A cell ends with a paragraph, or Word calls the file broken.
        ...(inner.at(-1)?.name === 'w:p' ? inner : [...inner, element('w:p')]),
      ]);
    });
    return element('w:tr', {}, [
      element('w:trPr', {}, [
        element('w:cantSplit'),
        ...(row.minHeight > 0 ? [element('w:trHeight', { 'w:val': twips(row.minHeight) })] : []),
        ...(row.header ? [element('w:tblHeader')] : []),
      ]),
      ...cells,
    ]);
  }

  private inline(inline: Inline, part: string): XmlElement[] {
    if (inline.kind === 'break') return [run([element('w:br')])];
    if (inline.kind === 'image') {
      const id = this.docx.addImage(part, inline.image.data, inline.image.format);
      return [run([pictureRun(id, inline.image, ++this.pictures)])];
    }
    if (inline.kind === 'text')
      return [run([element('w:t', { 'xml:space': 'preserve' }, [{ text: inline.text }])], inline)];
    const code = inline.kind === 'page' ? 'PAGE' : 'NUMPAGES';
    return [element('w:fldSimple', { 'w:instr': ` ${code} ` }, [run([element('w:t', {}, [{ text: '1' }])], inline)])];
  }
}

function run(children: readonly XmlNode[], style?: TextStyle): XmlElement {
  if (!style) return element('w:r', {}, children);
  return element('w:r', {}, [
    element('w:rPr', {}, [
      ...(style.bold ? [element('w:b')] : []),
      ...(style.color ? [element('w:color', { 'w:val': style.color.slice(1) })] : []),
      element('w:sz', { 'w:val': Math.round(style.size * 2) }),
      ...(style.underline ? [element('w:u', { 'w:val': 'single' })] : []),
    ]),
    ...children,
  ]);
}

function section({ page }: PrintDocument, edges: readonly ('header' | 'footer')[]): XmlElement {
  return element('w:sectPr', {}, [
    ...edges.map((kind) => element(`w:${kind}Reference`, { 'w:type': 'default', 'r:id': `rId_${kind}` })),
    element('w:pgSz', {
      'w:w': twips(page.width),
      'w:h': twips(page.height),
      ...(page.width > page.height ? { 'w:orient': 'landscape' } : {}),
    }),
    element('w:pgMar', {
      'w:top': twips(page.margin.top),
      'w:right': twips(page.margin.right),
      'w:bottom': twips(page.margin.bottom),
      'w:left': twips(page.margin.left),
      'w:header': 400,
      'w:footer': 400,
      'w:gutter': 0,
    }),
  ]);
}

function styles(): XmlElement {
  const fonts = { 'w:ascii': 'Arial', 'w:hAnsi': 'Arial', 'w:eastAsia': '微软雅黑', 'w:cs': 'Arial' };
  return element('w:styles', { 'xmlns:w': word }, [
    element('w:docDefaults', {}, [
      element('w:rPrDefault', {}, [
        element('w:rPr', {}, [
          element('w:rFonts', fonts),
          element('w:sz', { 'w:val': 21 }),
          element('w:lang', { 'w:val': 'en-US', 'w:eastAsia': 'zh-CN' }),
        ]),
      ]),
    ]),
    element('w:style', { 'w:type': 'paragraph', 'w:default': '1', 'w:styleId': 'Normal' }, [
      element('w:name', { 'w:val': 'Normal' }),
    ]),
  ]);
}

function contentTypes(edges: readonly string[]): XmlElement {
  const override = (part: string, type: string) =>
    element('Override', { PartName: `/${part}`, ContentType: `${types}.${type}+xml` });
  return element('Types', { xmlns: 'http://schemas.openxmlformats.org/package/2006/content-types' }, [
    element('Default', {
      Extension: 'rels',
      ContentType: 'application/vnd.openxmlformats-package.relationships+xml',
    }),
    element('Default', { Extension: 'xml', ContentType: 'application/xml' }),
    override(documentPart, 'document.main'),
    override('word/styles.xml', 'styles'),
    ...edges.map((kind) => override(`word/${kind}1.xml`, kind)),
  ]);
}

function relation(id: string, type: string, target: string): XmlElement {
  return element('Relationship', { Id: id, Type: `${office}/${type}`, Target: target });
}

function relationships(items: readonly XmlElement[]): XmlElement {
  return element('Relationships', { xmlns: 'http://schemas.openxmlformats.org/package/2006/relationships' }, items);
}
