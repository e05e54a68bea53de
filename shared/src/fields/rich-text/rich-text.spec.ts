import { describe, expect, it } from 'vitest';
import { plainText, type RichDocument, type RichRun } from './document.js';
import { readHtml, writeHtml } from './html.js';
import { readMarks, writeMarks } from './marks.js';
import { markupText, parseRichText } from './value.js';

const clean = (html: string) => writeHtml(readHtml(html));

describe('rich text', () => {
  it.each([
    ['<p>a<b>b</b></p>', '<p>a<strong>b</strong></p>'],
    ['<div>一</div><div>二<br>三</div>', '<p>一</p><p>二<br>三</p>'],
    ['<h1>题</h1>', '<h2>题</h2>'],
    ['<ul><li>a<li>b</ul>', '<ul><li>a</li><li>b</li></ul>'],
    ['<ol><li><p>a</p></li></ol>', '<ol><li>a</li></ol>'],
    ['a &lt;b&gt; &amp; c', '<p>a &lt;b&gt; &amp; c</p>'],
    ['1 < 2 <b>ok</b>', '<p>1 &lt; 2 <strong>ok</strong></p>'],
    ['<a href="https://a.cn/?x=1&amp;y=2">链</a>', '<p><a href="https://a.cn/?x=1&amp;y=2">链</a></p>'],
    ['<p></p><p> </p>', ''],
  ])('%s is kept as %s', (html, kept) => expect(clean(html)).toBe(kept));

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<p onclick="alert(1)">x</p>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="java&#115;cript:alert(1)">x</a>',
    '<a href=" data:text/html,x">x</a>',
    '<svg><script>alert(1)</script></svg>',
    '<style>p{background:url(//x)}</style>x',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<p style="position:fixed" class="a" id="b">x</p>',
    '<scr<script>ipt>alert(1)</scr</script>ipt>',
    '<!--><img src=x onerror=alert(1)>-->',
    '<a href="https://x&quot; onclick=&quot;alert(1)">x</a>',
    '<math><mtext></mtext><script>1</script></math>',
  ])('leaves nothing harmful of %s', (html) => {
    const left = clean(html);
    expect(left).not.toMatch(
      /<(?!\/?(?:p|h2|h3|blockquote|ul|ol|li|strong|em|u|s|br)>|a href="(?:https?:\/\/|mailto:|tel:)[^"<>]*">|\/a>)/i,
    );
    expect(left).not.toMatch(/onerror=|onclick=|javascript:|style=/i);
  });

  it('is its own canonical form, for any text in any look, as HTML and as marks', () => {
    const random = seeded(7);
    const pieces = [
      '一',
      'b*c',
      '[x](y)',
      '# d',
      '- e',
      '1. f',
      '__',
      '~~',
      '\\',
      '<i>',
      '&amp;',
      ' ',
      '😀',
      '\n',
      '> g',
    ];
    const run = (): RichRun => {
      const text = Array.from(
        { length: 1 + Math.floor(random() * 4) },
        () => pieces[Math.floor(random() * pieces.length)],
      ).join('');
      return {
        text,
        ...(random() > 0.7 ? { bold: true } : {}),
        ...(random() > 0.8 ? { underline: true } : {}),
        ...(random() > 0.9 ? { href: 'https://a.cn/x' } : {}),
      };
    };
    const runs = () => Array.from({ length: 1 + Math.floor(random() * 3) }, run);
    for (let round = 0; round < 500; round++) {
      const raw: RichDocument = [
        { tag: 'h2', runs: runs() },
        { tag: 'p', runs: runs() },
        { tag: 'ol', items: [runs(), runs()] },
        { tag: 'blockquote', runs: runs() },
      ];
      const html = writeHtml(readHtml(writeHtml(raw)));
      const document = readHtml(html);
      expect(writeHtml(document)).toBe(html);
      expect(markupText(html)).toBe(plainText(document).replaceAll('\n', ''));
      expect(writeHtml(readMarks(writeMarks(document)))).toBe(html);
    }
  });

  it('counts what is seen, and reads plain lines as paragraphs', () => {
    expect(parseRichText('<p><strong>12345</strong></p>', { maxLength: 5 })).toMatchObject({ ok: true });
    expect(parseRichText('123456', { maxLength: 5 })).toEqual({ ok: false, code: 'too_long', params: { max: 5 } });
    expect(parseRichText('一\n\n二', { maxLength: 5 })).toEqual({ ok: true, value: '<p>一</p><p>二</p>' });
    expect(parseRichText('<p><br></p>', { maxLength: 5 })).toEqual({ ok: true, value: null });
  });

  it('reads hostile nesting in time that grows with its length only', () => {
    const began = Date.now();
    for (const html of ['<'.repeat(100_000), '<b>'.repeat(30_000), '<a href="'.repeat(20_000), '<p'.repeat(50_000)])
      clean(html);
    expect(Date.now() - began).toBeLessThan(20_000);
  });
});

/** mulberry32: the same numbers in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
