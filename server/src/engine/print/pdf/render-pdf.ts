import PDFDocument from 'pdfkit';
import type { PageSize, PrintDocument } from '../blocks.js';
import { type Box, boxesOf, heightOf } from './boxes.js';
import { Pen } from './pen.js';

interface Page {
  document: PrintDocument;
  /** Its number in its own document, from 1. */
  number: number;
  boxes: { box: Box; y: number }[];
}

/** Several printed documents as one PDF; each begins a page and counts its own. `at` is when it was printed. */
export async function renderPdf(documents: readonly PrintDocument[], title: string, at: Date): Promise<Buffer> {
  const pdf = new PDFDocument({
    autoFirstPage: false,
    margin: 0,
    info: { Title: title, Creator: '联客', Producer: '联客', CreationDate: at },
    lang: 'zh-CN',
    displayTitle: true,
  });
  const chunks: Buffer[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', resolve);
    pdf.on('error', reject);
  });
  const pen = new Pen(pdf);
  for (const document of documents) {
    const pages = paged(document);
    for (const page of pages) {
      const { width, height } = document.page;
      pdf.addPage({ size: [width, height], margin: 0 });
      draw(pen, page, pages.length);
    }
    // Long batches let others have their turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
  pdf.end();
  await ended;
  return Buffer.concat(chunks);
}

function draw(pen: Pen, { document, number, boxes }: Page, count: number): void {
  const { page } = document;
  const numbers = { page: String(number), pages: String(count) };
  const width = page.width - page.margin.left - page.margin.right;
  const header = boxesOf(document.header, width, page, numbers);
  const footer = boxesOf(document.footer, width, page, numbers);
  stack(pen, header, page.margin.left, Math.max(12, (headerRoom(page, header) - heightOf(header)) / 2));
  stack(
    pen,
    footer,
    page.margin.left,
    page.height - Math.max(12 + heightOf(footer), (page.margin.bottom + heightOf(footer)) / 2),
  );
  for (const { box, y } of boxes) box.draw(pen, page.margin.left, y);
}

function headerRoom(page: PageSize, header: readonly Box[]): number {
  return Math.max(page.margin.top, heightOf(header) + 24);
}

function stack(pen: Pen, boxes: readonly Box[], x: number, top: number): void {
  let y = top;
  for (const box of boxes) {
    box.draw(pen, x, y);
    y += box.height;
  }
}

/** Puts the boxes of a document on pages; tables that go on begin the next page with their heads. */
function paged(document: PrintDocument): Page[] {
  const { page } = document;
  const width = page.width - page.margin.left - page.margin.right;
  const top = headerRoom(page, boxesOf(document.header, width, page));
  const footer = heightOf(boxesOf(document.footer, width, page));
  const bottom = page.height - Math.max(page.margin.bottom, footer + 24);
  const pages: Page[] = [{ document, number: 1, boxes: [] }];
  let y = top;
  let bare = true;
  const put = (box: Box) => {
    pages.at(-1)?.boxes.push({ box, y });
    y += box.height;
  };
  const begin = (heads: readonly Box[] = []) => {
    pages.push({ document, number: pages.length + 1, boxes: [] });
    y = top;
    bare = true;
    for (const head of heads) put(head);
  };
  const queue = boxesOf(document.blocks, width, page);
  for (let box = queue.shift(); box; box = queue.shift()) {
    if (box.breaks) {
      begin();
      continue;
    }
    const room = bottom - y;
    const followed = box.withNext ? (queue[0]?.height ?? 0) : 0;
    if (box.height + followed <= room + 0.01 || bare) {
      // Alone on its page it has no better place: it is cut, or runs over the edge.
      const halves = box.height > room + 0.01 ? box.split?.(room) : undefined;
      put(halves ? halves[0] : box);
      bare = false;
      if (!halves) continue;
      begin(box.heads);
      queue.unshift({ ...halves[1], ...(box.heads ? { heads: box.heads } : {}) });
      continue;
    }
    // A row taller than a page is cut where the page ends; any other goes to the next page whole.
    const fresh = bottom - top - heightOf(box.heads ?? []);
    const halves = box.height > fresh ? box.split?.(room) : undefined;
    if (halves) put(halves[0]);
    begin(box.heads);
    queue.unshift(halves ? { ...halves[1], ...(box.heads ? { heads: box.heads } : {}) } : box);
  }
  return pages;
}
