import { inflateSync } from 'node:zlib';

/** A page of a PDF as a test reads it: its texts in the order they are drawn, each with its place from the top left. */
export interface PdfPage {
  width: number;
  height: number;
  texts: { text: string; x: number; y: number }[];
  images: number;
}

/** Reads the PDFs that we write: text is found through each font's own table of characters, as a viewer copies it. */
export function pdfPages(pdf: Buffer): PdfPage[] {
  const raw = pdf.toString('latin1');
  const objects = new Map<string, { head: string; stream: Buffer | undefined }>();
  for (const match of raw.matchAll(/(\d+) 0 obj\s([\s\S]*?)endobj/g)) {
    const body = match[2] ?? '';
    const at = body.indexOf('stream\n');
    const head = at < 0 ? body : body.slice(0, at);
    const packed = at < 0 ? undefined : Buffer.from(body.slice(at + 7, body.lastIndexOf('\nendstream')), 'latin1');
    objects.set(match[1] ?? '', {
      head,
      stream: packed && head.includes('/FlateDecode') ? inflateSync(packed) : packed,
    });
  }
  const refs = (head: string, name: string) => new RegExp(`/${name} (\\d+) 0 R`).exec(head)?.[1] ?? '';
  const pages = [...objects.values()].filter(({ head }) => /\/Type \/Page\b/.test(head));
  return pages.map(({ head }) => {
    const [, , width = '0', height = '0'] = /\/MediaBox \[(\S+) (\S+) (\S+) (\S+)\]/.exec(head)?.slice(1) ?? [];
    const resources = objects.get(refs(head, 'Resources'))?.head ?? '';
    const fontList = /\/Font <<([\s\S]*?)>>/.exec(resources)?.[1] ?? '';
    const fonts = new Map(
      [...fontList.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, name = '', ref = '']) => {
        const map = objects.get(refs(objects.get(ref)?.head ?? '', 'ToUnicode'))?.stream?.toString('latin1') ?? '';
        return [name, characters(map)] as const;
      }),
    );
    const content = objects.get(refs(head, 'Contents'))?.stream?.toString('latin1') ?? '';
    return { width: Number(width), height: Number(height), ...drawn(content, fonts, Number(height)) };
  });
}

/** All the text of a PDF, pages apart. */
export function pdfText(pdf: Buffer): string[] {
  return pdfPages(pdf).map(({ texts }) => texts.map(({ text }) => text).join('\n'));
}

function characters(map: string): Map<number, string> {
  const found = new Map<number, string>();
  for (const [, list = ''] of map.matchAll(/beginbfrange\s([\s\S]*?)endbfrange/g))
    for (const [, from = '', items = ''] of list.matchAll(/<([0-9a-f]+)> <[0-9a-f]+> \[([^\]]*)\]/gi)) {
      const first = Number.parseInt(from, 16);
      for (const [index, [, code = '']] of [...items.matchAll(/<([0-9a-f ]+)>/gi)].entries())
        found.set(first + index, Buffer.from(code.replaceAll(' ', ''), 'hex').swap16().toString('utf16le'));
    }
  return found;
}

function drawn(content: string, fonts: ReadonlyMap<string, Map<number, string>>, height: number) {
  const texts: PdfPage['texts'] = [];
  let font = '';
  let [x, y] = [0, 0];
  let images = 0;
  for (const line of content.split('\n')) {
    const matrix = /^\S+ \S+ \S+ \S+ (\S+) (\S+) Tm$/.exec(line);
    if (matrix) [x, y] = [Number(matrix[1]), height - Number(matrix[2])];
    font = /^\/(F\d+) \S+ Tf$/.exec(line)?.[1] ?? font;
    if (/^\/I\d+ Do$/.test(line)) images += 1;
    if (!line.endsWith('TJ')) continue;
    const codes = [...line.matchAll(/<([0-9a-f]+)>/gi)].flatMap(([, hex = '']) => hex.match(/.{4}/g) ?? []);
    texts.push({ text: codes.map((code) => fonts.get(font)?.get(Number.parseInt(code, 16)) ?? '').join(''), x, y });
  }
  return { texts, images };
}
