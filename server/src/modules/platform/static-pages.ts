import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { AppError } from '../../kernel/errors/app-error.js';
import { languageOf, problemOf } from '../../kernel/http/problem-filter.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const yearSeconds = 31_536_000;

/** Where the built pages lie; the same from `server/src` and `server/dist`. */
export const pageFolders = { console: join(root, 'console/dist'), mini: join(root, 'miniapp/dist/h5') };

/**
 * Serves the console at `/` (unknown paths get its index page) and the mini-app at `/m/`. Files with a hash in their
 * name are kept for a year, index pages never.
 */
export async function serveStaticPages(app: NestFastifyApplication, sandboxUrl: string | null): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  const setHeaders = (reply: FastifyReply, path: string) => {
    const named = /[.-][A-Za-z0-9_-]{8,}\.(js|css|woff2?|png|svg)$/.test(path);
    reply.header('cache-control', named ? `public, max-age=${yearSeconds}, immutable` : 'no-cache');
  };
  if (existsSync(pageFolders.mini)) {
    await fastify.register(fastifyStatic, {
      root: pageFolders.mini,
      prefix: '/m/',
      decorateReply: true,
      cacheControl: false,
      setHeaders,
    });
  }
  const index = existsSync(join(pageFolders.console, 'index.html'))
    ? indexPage(readFileSync(join(pageFolders.console, 'index.html'), 'utf8'), sandboxUrl)
    : undefined;
  if (index) {
    // `index.html` itself goes through `indexPage`; what stands beside it (icons) and the assets go as they are.
    const root = pageFolders.console;
    const shared = { cacheControl: false, setHeaders, index: false } as const;
    await fastify.register(fastifyStatic, {
      ...shared,
      root: join(root, 'assets'),
      prefix: '/assets/',
      decorateReply: !existsSync(pageFolders.mini),
    });
    for (const name of readdirSync(root).filter((file) => /\.(svg|png|ico|txt|webmanifest)$/.test(file))) {
      fastify.get(`/${name}`, (_request, reply) => reply.sendFile(name, root));
    }
  }
  // Whatever no route takes is a page of the console; unknown API paths answer as problems.
  fastify.get('/*', (request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    if (path === '/m') return reply.redirect('/m/');
    if (index && !/^\/(api|callbacks|assets|m)\//.test(path)) {
      return reply.header('content-type', 'text/html; charset=utf-8').header('cache-control', 'no-cache').send(index);
    }
    const problem = problemOf(new AppError('not_found'), languageOf(request), String(request.id));
    return reply
      .status(404)
      .header('content-type', 'application/problem+json; charset=utf-8')
      .send(JSON.stringify(problem));
  });
}

/** In sandbox mode the page learns where the demo phones are. */
function indexPage(html: string, sandboxUrl: string | null): string {
  if (!sandboxUrl) return html;
  return html.replace(
    '<head>',
    `<head><script>window.__LIANKE__=${JSON.stringify({ sandbox: sandboxUrl }).replaceAll('<', '\\u003c')}</script>`,
  );
}
