import { isSafeHref, markOrder, type RichBlock, type RichDocument, type RichMarks, tidyDocument } from './document.js';

const token = /<!--[\s\S]*?(?:-->|$)|<![^>]*>|<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>|[^<]+|</g;
/** What stands inside these is no text of the author. */
const swallowed = new Set([
  'script',
  'style',
  'template',
  'iframe',
  'object',
  'svg',
  'math',
  'head',
  'title',
  'noscript',
]);
const blocks: Record<string, 'p' | 'h2' | 'h3' | 'blockquote'> = {
  p: 'p',
  div: 'p',
  section: 'p',
  pre: 'p',
  tr: 'p',
  h1: 'h2',
  h2: 'h2',
  h3: 'h3',
  h4: 'h3',
  h5: 'h3',
  h6: 'h3',
  blockquote: 'blockquote',
};
const marks: Record<string, 'bold' | 'italic' | 'underline' | 'strike'> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strike',
  strike: 'strike',
  del: 'strike',
};
const named: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'", nbsp: ' ' };

function decode(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi, (whole, dec, hex, name) => {
    const code = dec ? Number(dec) : hex ? Number.parseInt(hex, 16) : undefined;
    if (code === undefined) return named[String(name).toLowerCase()] ?? whole;
    return code > 31 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : ' ';
  });
}

/**
 * Reads any HTML as a rich text: known tags keep their meaning, all others lose theirs, links lead to safe addresses
 * only, and scripts, styles and frames go with what they hold. Never throws.
 */
export function readHtml(html: string): RichDocument {
  const out: RichDocument = [];
  let block: RichBlock | undefined;
  const open: { tag: string; look: RichMarks }[] = [];
  const lists: ('ul' | 'ol')[] = [];
  let skipping: string | undefined;
  const add = (text: string) => {
    const look = Object.assign({}, ...open.map((item) => item.look)) as RichMarks;
    if (!block || (!('runs' in block) && block.items.length === 0)) {
      if (text.trim() === '' && !block) return;
      if (!block) {
        block = { tag: 'p', runs: [] };
        out.push(block);
      } else if (!('runs' in block)) {
        if (text.trim() === '') return;
        block.items.push([]);
      }
    }
    const runs = 'runs' in block ? block.runs : (block.items.at(-1) ?? []);
    runs.push({ ...look, text });
  };
  for (const [whole, slash, rawName, attributes] of html.replaceAll('\u0000', '').matchAll(token)) {
    const name = rawName?.toLowerCase();
    if (skipping) {
      if (slash && name === skipping) skipping = undefined;
      continue;
    }
    if (whole.startsWith('<!')) continue;
    if (!name) {
      add(decode(whole).replace(/\s+/g, ' '));
      continue;
    }
    const closing = slash === '/';
    if (swallowed.has(name)) {
      if (!closing && !/\/\s*$/.test(attributes ?? '')) skipping = name;
    } else if (name === 'br') add('\n');
    else if (name === 'ul' || name === 'ol') {
      if (closing) lists.pop();
      else lists.push(name);
      const tag = lists.at(-1);
      block = tag && closing ? block : undefined;
      if (!closing) {
        block = { tag: name, items: [] };
        out.push(block);
      }
    } else if (name === 'li') {
      if (closing) continue;
      const tag = lists.at(-1) ?? 'ul';
      if (!block || 'runs' in block || block.tag !== tag) {
        block = { tag, items: [] };
        out.push(block);
      }
      block.items.push([]);
    } else if (blocks[name]) {
      // Paragraphs inside of a list item are lines of it.
      if (lists.length > 0 && block && !('runs' in block)) add(closing ? '' : '\n');
      else if (closing) block = undefined;
      else {
        block = { tag: blocks[name] ?? 'p', runs: [] };
        out.push(block);
      }
    } else if (marks[name] || name === 'a') {
      if (closing) {
        const at = open.map((item) => item.tag).lastIndexOf(name);
        if (at >= 0) open.splice(at, 1);
      } else open.push({ tag: name, look: lookOf(name, attributes ?? '') });
    } else if (name === 'td' || name === 'th') add(' ');
  }
  return tidyDocument(out);
}

function lookOf(name: string, attributes: string): RichMarks {
  const mark = marks[name];
  if (mark) return { [mark]: true };
  const found = /(?:^|\s)href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i.exec(attributes);
  const href = decode(found?.[1] ?? found?.[2] ?? found?.[3] ?? '').trim();
  return isSafeHref(href) ? { href } : {};
}

const escapeText = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\n', '<br>');

/** A rich text as HTML of the allowed tags only; read again it is the same. */
export function writeHtml(document: RichDocument): string {
  const inline = (runs: readonly (RichMarks & { text: string })[]) =>
    runs
      .map((run) => {
        let html = escapeText(run.text);
        for (const [mark, tag] of [...markOrder].reverse()) if (run[mark]) html = `<${tag}>${html}</${tag}>`;
        return run.href ? `<a href="${escapeText(run.href)}">${html}</a>` : html;
      })
      .join('');
  return document
    .map((block) =>
      'runs' in block
        ? `<${block.tag}>${inline(block.runs)}</${block.tag}>`
        : `<${block.tag}>${block.items.map((runs) => `<li>${inline(runs)}</li>`).join('')}</${block.tag}>`,
    )
    .join('');
}
