import type { PrintImage } from '../blocks.js';
import type { Piece } from './lines.js';

/** Draws on the page at hand. Lengths are points, from the left and the top. */
export class Pen {
  private readonly registered = new Set<string>();
  private readonly images = new Map<Buffer, unknown>();

  constructor(private readonly doc: PDFKit.PDFDocument) {}

  /** Text whose baseline is at `y`. */
  text({ face, style, text, width }: Piece, x: number, y: number): void {
    if (!this.registered.has(face.key)) {
      this.doc.registerFont(face.key, face.data);
      this.registered.add(face.key);
    }
    this.doc
      .font(face.key)
      .fontSize(style.size)
      .fillColor(style.color ?? '#000000')
      .text(text, x, y, { lineBreak: false, baseline: 'alphabetic', features: [] });
    if (!style.underline) return;
    const below = y + style.size * 0.12;
    this.doc
      .lineWidth(0.6)
      .strokeColor(style.color ?? '#000000')
      .moveTo(x, below)
      .lineTo(x + width, below)
      .stroke();
  }

  /** An image is put into the file once, however often it is drawn. A broken one leaves its place empty. */
  image({ data, width, height }: PrintImage, x: number, y: number): void {
    let opened = this.images.get(data);
    if (opened === undefined) {
      try {
        opened = (this.doc as unknown as { openImage(data: Buffer): unknown }).openImage(data);
      } catch {
        opened = null;
      }
      this.images.set(data, opened);
    }
    if (opened === null) return;
    this.doc.image(opened as PDFKit.Mixins.ImageSrc, x, y, { width, height });
  }

  fill(x: number, y: number, width: number, height: number, color: string): void {
    this.doc.rect(x, y, width, height).fill(color);
  }

  /** The lines around a place; those above and below only where asked. */
  frame(x: number, y: number, width: number, height: number, color: string, top: boolean, bottom: boolean): void {
    this.doc.lineWidth(0.5).strokeColor(color);
    const line = (x1: number, y1: number, x2: number, y2: number) => this.doc.moveTo(x1, y1).lineTo(x2, y2).stroke();
    if (top) line(x, y, x + width, y);
    if (bottom) line(x, y + height, x + width, y + height);
    line(x, y, x, y + height);
    line(x + width, y, x + width, y + height);
  }
}
