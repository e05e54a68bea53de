/** What stands in place of something a log must not hold. */
export const removed = '[removed]';

const secretKeys =
  /(pass(word|wd)?|secret|token|authorization|cookie|api-?key|encoding-?aes|ticket|nonce|signature|credential|private-?key|corpsecret|otp|idcard|connectionstring|databaseurl|redisurl)/i;
const secretQueryNames =
  /([?&](?:[\w-]*token|code|state|secret|corpsecret|ticket|signature|msg_signature|key|nonce|sig)=)[^&#\s"']+/gi;
const urlPassword = /\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s/@]+@/gi;
const bearer = /\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]+/g;
// Mainland mobiles, with or without +86 and separators; the first three and last two digits stay for support.
const mobile = /(?<![0-9A-Za-z-])(?:\+?86[- ]?)?(1[3-9]\d)[- ]?\d{4}[- ]?\d{2}(\d{2})(?![0-9A-Za-z-])/g;

const maxDepth = 8;
const maxItems = 50;
const maxText = 4_000;

/** Removes tokens, passwords in URLs and the middle of phone numbers from a text. */
export function redactText(text: string): string {
  const short = text.length > maxText ? `${text.slice(0, maxText)}…` : text;
  return short
    .replace(urlPassword, `$1:${removed}@`)
    .replace(secretQueryNames, `$1${removed}`)
    .replace(bearer, `$1 ${removed}`)
    .replace(mobile, '$1******$2');
}

/**
 * A copy of `value` fit for a log: values under secret names are removed, texts cleaned, long lists and deep nesting
 * cut. Errors keep name, message and stack.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (value === null || typeof value !== 'object') return typeof value === 'bigint' ? String(value) : value;
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return `[${value.length} bytes]`;
  if (depth >= maxDepth) return '[deeper]';
  if (value instanceof Error) return redactError(value, depth);
  if (Array.isArray(value)) {
    const items = value.slice(0, maxItems).map((item) => redact(item, depth + 1));
    return value.length > maxItems ? [...items, `[${value.length - maxItems} more]`] : items;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      secretKeys.test(name) && isSecretValue(item) ? removed : redact(item, depth + 1),
    ]),
  );
}

// `{token: true}` or `{passwordLogin: false}` is a fact, not a secret.
function isSecretValue(value: unknown): boolean {
  return value !== null && value !== undefined && typeof value !== 'boolean';
}

const elsewhere = ['stack', 'cause'];
/** Where PostgreSQL's errors quote the row at fault: customers' data, which no log may hold. */
const rowsTold = ['detail', 'where', 'internalQuery'];

function redactError(error: Error, depth: number): Record<string, unknown> {
  const left = 'severity' in error && 'routine' in error ? [...elsewhere, ...rowsTold] : elsewhere;
  const own = Object.fromEntries(Object.entries(error).filter(([name]) => !left.includes(name)));
  return {
    ...(redact({ ...own }, depth + 1) as Record<string, unknown>),
    type: error.name,
    message: redactText(error.message),
    ...(error.stack ? { stack: redactText(error.stack) } : {}),
    ...(error.cause === undefined ? {} : { cause: redact(error.cause, depth + 1) }),
  };
}
