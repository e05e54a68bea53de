/** Escapes text for HTML content and quoted attributes. */
export function escapeHtml(value: string): string {
  return value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A value for an inline script: JSON that cannot close the script element. */
export function scriptValue(value: unknown): string {
  return JSON.stringify(value).replace(/</g, '\\u003c');
}

const STYLE = `
:root{color-scheme:light}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:flex;align-items:center;justify-content:center;background:#fff;color:#1d2129;
font:14px/22px "PingFang SC","Microsoft YaHei","Noto Sans SC","Noto Sans CJK SC",sans-serif}
main{width:100%;max-width:440px;padding:20px 16px;text-align:center}
h1{font-size:18px;line-height:28px;font-weight:600;margin:0 0 2px}
p{margin:0;color:#6b7280}
.qr{position:relative;width:200px;height:200px;margin:14px auto 12px;padding:8px;border:1px solid #e5e7eb;border-radius:8px;background:#fff}
.qr svg{display:block;width:100%;height:100%}
.cover{position:absolute;inset:0;display:none;flex-direction:column;align-items:center;justify-content:center;gap:8px;background:rgba(255,255,255,.94);border-radius:8px}
.cover.on{display:flex}
.tick{width:44px;height:44px;border-radius:50%;background:#07c160;color:#fff;font:600 24px/44px sans-serif}
button,.button{font:inherit;border:1px solid #d0d5dd;background:#fff;border-radius:6px;padding:6px 16px;color:#1d2129;cursor:pointer;text-decoration:none;display:inline-block}
button:hover,.button:hover{border-color:#2b7de9;color:#2b7de9}
.primary{background:#2b7de9;border-color:#2b7de9;color:#fff}.primary:hover{color:#fff;background:#1f6fd6}
.brand{display:inline-flex;align-items:center;gap:8px;margin-bottom:8px;color:#2b7de9;font-weight:600}
.brand svg{width:22px;height:22px}
.problem{text-align:left;border:1px solid #f3c6c6;background:#fff6f6;border-radius:8px;padding:14px 16px;margin-top:14px;color:#8a1f1f;overflow-wrap:anywhere}
ul{list-style:none;margin:16px 0 0;padding:0;display:grid;grid-template-columns:1fr 1fr;gap:8px}
li a.button{display:block;text-align:left;padding:8px 12px}
li small{color:#6b7280;display:block;line-height:18px}
/* A window of its own, not the frame of a log-in page or a phone. */
@media (min-width:600px){body{background:#f4f6f9}main{padding:32px 28px;background:#fff;border:1px solid #e5e8ef;border-radius:12px}}
@media (max-width:340px){.qr{width:176px;height:176px;margin:8px auto}main{padding:10px}}
`;

/** A page of the platform. `body` and `script` are trusted, built from escaped parts. */
export function page(input: { lang: 'zh' | 'en'; title: string; body: string; script?: string }): string {
  return `<!doctype html><html lang="${input.lang === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(input.title)}</title><style>${STYLE}</style></head><body><main>${input.body}</main>${input.script ? `<script>${input.script}</script>` : ''}</body></html>`;
}
