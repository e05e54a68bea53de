const maxLength = 1000;

/**
 * A path of this application, with query and hash; null for anything that could lead elsewhere. Browsers read `\` as `/` and
 * drop tabs and newlines, so the address is resolved as they do and must stay at home.
 */
export function safeReturnTo(value: string, publicUrl: string): string | null {
  if (!value.startsWith('/') || value.length > maxLength) return null;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u0020\u007f\\]/.test(value)) return null;
  if (!URL.canParse(value, publicUrl)) return null;
  const url = new URL(value, publicUrl);
  return url.origin === new URL(publicUrl).origin ? url.pathname + url.search + url.hash : null;
}
