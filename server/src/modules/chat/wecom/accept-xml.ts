import type { FastifyInstance } from 'fastify';

/** Far more than any push; whatever is longer is not from the platform. */
const maxPushBytes = 256 * 1024;
const types = ['text/xml', 'application/xml', 'text/plain'];

/** Lets XML bodies in as text: nothing of them is parsed before their signature is checked. */
export function acceptXml(server: FastifyInstance): void {
  for (const type of types) {
    // Fastify has a parser of its own for plain text.
    if (server.hasContentTypeParser(type)) server.removeContentTypeParser(type);
    server.addContentTypeParser(type, { parseAs: 'string', bodyLimit: maxPushBytes }, (_request, body, done) =>
      done(null, body),
    );
  }
}
