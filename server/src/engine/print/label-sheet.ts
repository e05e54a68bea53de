import { a4, type Block, type PrintDocument, paragraph, plain, type TableCell } from './blocks.js';
import type { PrintRecord } from './print-records.js';

const columns = 3;
const rowsAPage = 7;
/** 22 mm: read by a phone at arm's length. */
const side = 62;
const margin = 28;
/** What a label's height leaves of the page. */
const cellHeight = (a4.height - 2 * margin) / rowsAPage - 1;
const dim = '#5c5f66';
const longest = 40;

type Labelled = Pick<PrintRecord, 'form' | 'record' | 'qr'>;

/** A4 sheets of labels to cut out: each with the record's QR code and what it is called, 21 a page. */
export function labelSheet(sources: readonly Labelled[]): PrintDocument {
  const cells = sources.map(labelOf);
  const rows = Array.from({ length: Math.ceil(cells.length / columns) }, (_, row) => {
    const line = cells.slice(row * columns, (row + 1) * columns);
    const rest = Array.from({ length: columns - line.length }, (): TableCell => ({ span: 1, blocks: [paragraph('')] }));
    return { cells: [...line, ...rest], header: false, minHeight: cellHeight };
  });
  return {
    title: sources[0]?.form.name ?? '',
    page: { ...a4, margin: { top: margin, right: margin, bottom: margin, left: margin } },
    header: [],
    footer: [],
    blocks: [{ kind: 'table', widths: Array.from({ length: columns }, () => 1), borders: true, rows }],
  };
}

function labelOf({ form, record, qr }: Labelled): TableCell {
  const name = [...record.label].slice(0, longest).join('');
  const picture: Block = {
    ...plain,
    kind: 'paragraph',
    align: 'center',
    before: 4,
    inlines: [{ kind: 'image', image: { ...qr, width: side, height: side } }],
  };
  return {
    span: 1,
    blocks: [
      picture,
      paragraph(name, { size: 9.5, bold: true, align: 'center', leading: 1.25 }),
      paragraph(form.name, { size: 7.5, color: dim, align: 'center' }),
    ],
  };
}
