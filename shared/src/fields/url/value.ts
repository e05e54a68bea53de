import { bad, isBlank, ok, type Parsed } from '../types.js';

const pattern = /^https?:\/\/[^\s/?#]+\.[^\s/?#]+([/?#]\S*)?$/i;

/** A web address; `www.…` without scheme gets `http://`. Other schemes are refused: the value becomes a link. */
export function parseUrl(raw: unknown): Parsed<string> {
  if (isBlank(raw)) return ok(null);
  if (typeof raw !== 'string') return bad('bad_url');
  const text = raw.trim();
  if (text === '') return ok(null);
  const full = /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `http://${text}`;
  return full.length <= 500 && pattern.test(full) ? ok(full) : bad('bad_url');
}
