const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Character references and the `_x000D_` escapes of OOXML (ECMA-376 22.9.2.19) as characters; no other entity is known. */
export function xmlText(raw: string): string {
  const text = raw.includes('&')
    ? raw.replace(/&(#x[0-9a-fA-F]{1,6}|#\d{1,7}|[a-z]{2,4});/g, (whole, name: string) => {
        if (name[0] !== '#') return named[name] ?? whole;
        const code = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
        return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
      })
    : raw;
  return text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text;
}

/** `xmlText` of what `eachElement` cuts: characters that stand for the bytes of UTF-8. */
export function streamedText(bytes: string): string {
  return xmlText(/[\x80-\xff]/.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes);
}

/** The value of an attribute inside a tag; `name` with a blank before and `="` behind. */
export function attribute(tag: string, name: string): string | undefined {
  const start = tag.indexOf(name);
  if (start < 0) return undefined;
  const from = start + name.length;
  const end = tag.indexOf('"', from);
  return end < 0 ? undefined : tag.slice(from, end);
}

/** The texts of a streamed string item or inline string, phonetic readings left out. */
export function richText(xml: string, prefix: string): string {
  const open = `<${prefix}t`;
  const close = `</${prefix}t>`;
  let text = '';
  for (let at = xml.indexOf(open); at >= 0; at = xml.indexOf(open, at + 1)) {
    const after = xml.charCodeAt(at + open.length);
    // `<t>`, `<t xml:space…>`; not `<tab>` and the like.
    if (after !== 0x3e && after !== 0x20) continue;
    const start = xml.indexOf('>', at) + 1;
    if (xml.charCodeAt(start - 2) === 0x2f) continue;
    const end = xml.indexOf(close, start);
    if (end < 0) break;
    const phonetic = xml.lastIndexOf(`<${prefix}rPh`, at);
    if (phonetic < 0 || xml.lastIndexOf(`</${prefix}rPh>`, at) > phonetic) text += xml.slice(start, end);
    at = end;
  }
  return streamedText(text);
}
