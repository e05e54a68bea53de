import type { FastifyInstance } from 'fastify';
import type { Sandbox } from '../sandbox.js';

const HEARTBEAT_MS = 15_000;

/** Server-sent events: one line of JSON per {@link HubEvent}, so that open pages update by themselves. */
export function registerEventsRoute(server: FastifyInstance, sandbox: Sandbox): void {
  server.get('/sandbox/api/events', (request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    reply.raw.write('retry: 1000\n\n');
    const end = sandbox.hub.subscribe((event) => reply.raw.write(`data: ${JSON.stringify(event)}\n\n`));
    const heartbeat = setInterval(() => reply.raw.write(': alive\n\n'), HEARTBEAT_MS);
    heartbeat.unref();
    request.raw.on('close', () => {
      clearInterval(heartbeat);
      end();
    });
  });
}
