import type { FastifyInstance } from 'fastify';

/** Escapes by which JSON may hold what no database keeps: U+0000, and halves of a surrogate pair. */
const suspect = /\\u(?:0000|d[89a-f])/i;

/**
 * Bodies of requests lose what PostgreSQL cannot keep before anybody reads them: U+0000, which stands unseen in texts that
 * were copied from elsewhere, goes; half a surrogate pair, as of a cut emoji, becomes U+FFFD.
 */
export function acceptStorableJson(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.removeContentTypeParser('application/json');
  server.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    void parse(request, body, (error, json) => done(error, !error && suspect.test(body) ? storable(json) : json));
  });
}

/** The same value with texts and names that a database can keep. */
export function storable(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(storable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [storableText(name), storable(each)]));
}

function storableText(text: string): string {
  return text.replaceAll('\u0000', '').replaceAll(/\p{Surrogate}/gu, '\ufffd');
}
