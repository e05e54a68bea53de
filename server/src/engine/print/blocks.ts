/** A printed page before it is a file: what PDF and docx are both made from. Lengths are points (1/72 inch). */
export interface PrintDocument {
  title: string;
  page: PageSize;
  header: readonly Block[];
  footer: readonly Block[];
  blocks: readonly Block[];
}

export interface PageSize {
  width: number;
  height: number;
  margin: { top: number; right: number; bottom: number; left: number };
}

export type Block = Paragraph | Table | { kind: 'pageBreak' };

export interface Paragraph {
  kind: 'paragraph';
  inlines: readonly Inline[];
  align: 'left' | 'center' | 'right';
  /** Space above and below. */
  before: number;
  after: number;
  /** Height of a line as a multiple of its type's size. */
  leading: number;
  indent: number;
}

export type Inline =
  | ({ kind: 'text'; text: string } & TextStyle)
  | { kind: 'image'; image: PrintImage }
  | { kind: 'break' }
  /** The number of the page, or of all pages. */
  | ({ kind: 'page' | 'pages' } & TextStyle);

export interface TextStyle {
  size: number;
  bold?: boolean;
  underline?: boolean;
  /** `#rrggbb`; black when absent. */
  color?: string;
}

export interface PrintImage {
  data: Buffer;
  format: 'png' | 'jpeg';
  width: number;
  height: number;
}

export interface Table {
  kind: 'table';
  /** Widths of the columns; they are scaled to what the place allows. */
  widths: readonly number[];
  rows: readonly TableRow[];
  borders: boolean;
}

export interface TableRow {
  cells: readonly TableCell[];
  /** Stands again at the top of each page that the table reaches. */
  header: boolean;
  minHeight: number;
}

export interface TableCell {
  blocks: readonly Block[];
  /** Columns it covers. */
  span: number;
  /** `start` begins a cell that covers rows below, whose own cells are `covered`. */
  rows?: 'start' | 'covered';
  fill?: string;
}

export const bodySize = 10.5;
export const a4: PageSize = {
  width: 595.28,
  height: 841.89,
  margin: { top: 56, right: 51, bottom: 56, left: 51 },
};

/** A paragraph of plain text; line breaks in it are kept. */
export function paragraph(
  text: string,
  style: Partial<TextStyle> & Partial<Omit<Paragraph, 'kind' | 'inlines'>> = {},
): Paragraph {
  const { size = bodySize, bold, color, underline, ...rest } = style;
  const look: TextStyle = {
    size,
    ...(bold ? { bold } : {}),
    ...(color ? { color } : {}),
    ...(underline ? { underline } : {}),
  };
  return { ...plain, ...rest, kind: 'paragraph', inlines: textInlines(text, look) };
}

/** Text as inlines, a line break for each line of it. */
export function textInlines(text: string, look: TextStyle): Inline[] {
  return text
    .split(/\r\n|\r|\n/)
    .flatMap((line, index): Inline[] => [
      ...(index > 0 ? [{ kind: 'break' as const }] : []),
      ...(line === '' ? [] : [{ kind: 'text' as const, text: line, ...look }]),
    ]);
}

export const plain = { align: 'left', before: 0, after: 0, leading: 1.45, indent: 0 } as const;
