import 'reflect-metadata';
import cookie from '@fastify/cookie';
import multipart from '@fastify/multipart';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.js';
import { acceptStorableJson } from './kernel/http/storable-text.js';
import type { KernelParts } from './kernel/kernel.module.js';
import { requestIdFrom } from './kernel/logging/logger.js';
import { serveStaticPages } from './modules/platform/static-pages.js';

const maxBodyBytes = 10 * 1024 * 1024;
const maxUploadBytes = 200 * 1024 * 1024;

/** The HTTP application on a kernel, not yet listening. */
export async function createApp(kernel: KernelParts): Promise<NestFastifyApplication> {
  const { config, logger, metrics } = kernel;
  const adapter = new FastifyAdapter({
    trustProxy: config.trustedProxies.length > 0 ? config.trustedProxies : false,
    bodyLimit: maxBodyBytes,
    genReqId: (request: { headers: Record<string, string | string[] | undefined> }) =>
      requestIdFrom(request.headers['x-request-id']),
    forceCloseConnections: true,
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.on(kernel), adapter, {
    // What fails is thrown to main, which says it in one line; Nest would print it a second time.
    logger: ['warn', 'fatal'],
    abortOnError: false,
  });
  const fastify = app.getHttpAdapter().getInstance();
  await fastify.register(cookie as never);
  await fastify.register(multipart as never, { limits: { fileSize: maxUploadBytes, files: 1 } } as never);
  fastify.addHook('onRequest', async (request, reply) => {
    reply
      .header('x-request-id', request.id)
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'same-origin');
  });
  fastify.addHook('onResponse', async (request, reply) => {
    const seconds = reply.elapsedTime / 1000;
    metrics.observeHttp({
      method: request.method,
      route: request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      seconds,
    });
    logger.debug(
      {
        method: request.method,
        route: request.routeOptions.url,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        id: request.id,
      },
      'request',
    );
  });
  await serveStaticPages(app, config.sandbox ? config.wecom.apiBase : null);
  await app.init();
  // In the place of Nest's own, which stands from here on.
  acceptStorableJson(fastify as never);
  return app;
}
