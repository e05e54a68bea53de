import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Clock } from './core/clock.js';
import { type RandomSource, systemRandom } from './core/random.js';
import { registerDingControl } from './dingtalk/control-routes.js';
import { registerDingLogin } from './dingtalk/login-page.js';
import { DingtalkApi } from './dingtalk/routes.js';
import { registerDingSuiteControl } from './dingtalk/suite-control.js';
import { DING_TICKET_EVERY_MS, pushDingTicket } from './dingtalk/suites.js';
import { registerWebhooks } from './groups/webhooks.js';
import { allowedRequest, isLoopback } from './guard.js';
import { keepState } from './persist.js';
import { Sandbox } from './sandbox.js';
import { defaultSeed, type Seed } from './seed.js';
import { registerAppRoutes, registerControlRoutes } from './stage/control-routes.js';
import { registerDirectory } from './stage/directory-page.js';
import { registerEventsRoute } from './stage/events-route.js';
import { ApiError } from './stage/http.js';
import { registerOrgRoutes } from './stage/org-routes.js';
import { registerPeopleRoutes } from './stage/people-routes.js';
import { registerSetup } from './stage/setup-page.js';
import { WecomApi } from './wecom/api-routes.js';
import { type CallbackTimes, defaultTimes } from './wecom/callbacks.js';
import { registerOpenData } from './wecom/open-data.js';
import { registerPages } from './wecom/page-routes.js';
import { registerSuiteControl } from './wecom/suite-control.js';
import { registerSuitePages } from './wecom/suite-pages.js';
import { pushTicket, TICKET_EVERY_MS } from './wecom/suites.js';

export interface SandboxOptions {
  /** 0 takes any free port. Default 3100. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** Origin of the application (console and mini-app). Default http://127.0.0.1:3000. */
  publicUrl?: string;
  /** Origin under which browsers reach this sandbox, when it is not simply host and port. */
  selfUrl?: string;
  seed?: Seed;
  clock?: Clock;
  random?: RandomSource;
  fetch?: typeof fetch;
  /** Waits real time between attempts and for injected delays; tests pass one that returns at once. */
  wait?: (ms: number) => Promise<void>;
  times?: Partial<CallbackTimes>;
  /** File that keeps messages, settings and the walk over restarts; absent = nothing is kept. */
  stateFile?: string;
  /** Folder of the built page. */
  webRoot?: string;
  /** Push tickets to the apps of the directory on the platform's schedule; otherwise only when asked to. */
  pushTickets?: boolean;
}

export interface RunningSandbox {
  /** Origin, without a slash at its end. */
  url: string;
  state: Sandbox;
  close(): Promise<void>;
}

/** How often, and for how long after its start, an application is tried that has not taken a ticket yet. */
const FIRST_TICKET_MS = 5000;
const TRIED_FOR_MS = 180_000;
const realWait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());

/** The built page: beside the compiled server, or in `dist/web` when run from source. */
function defaultWebRoot(): string {
  const candidates = ['../web', '../dist/web'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  return candidates.find((path) => existsSync(join(path, 'assets'))) ?? candidates[1] ?? '';
}

/**
 * Starts the simulated chat platforms and the 演示台 on one address.
 * Throws what listening throws, e.g. `EADDRINUSE`.
 */
export async function createSandbox(options: SandboxOptions = {}): Promise<RunningSandbox> {
  const host = options.host ?? '127.0.0.1';
  const publicUrl = (options.publicUrl ?? 'http://127.0.0.1:3000').replace(/\/+$/, '');
  const state = new Sandbox({
    seed: options.seed ?? defaultSeed,
    publicUrl,
    clock: options.clock,
    random: options.random ?? systemRandom,
    fetch: options.fetch ?? fetch,
    wait: options.wait ?? realWait,
    times: { ...defaultTimes, ...options.times },
  });
  const saveLast = options.stateFile ? keepState(state, options.stateFile) : null;
  const server = Fastify({
    bodyLimit: 8 * 1024 * 1024,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  server.addHook('onRequest', async (request, reply) => {
    const refusal = allowedRequest(request, host, state.wecom.selfUrl);
    if (refusal) await reply.code(403).send({ error: { code: 'forbidden', message: refusal } });
  });
  server.setErrorHandler((error, _request, reply) => sendError(error, reply));
  new WecomApi(state.wecom).register(server);
  registerPages(server, state.wecom, state.phones);
  registerSuitePages(server, state.wecom, state.callbacks);
  registerOpenData(server, state.wecom);
  registerSuiteControl(server, state);
  new DingtalkApi(state.ding, state.gateway, state.pushes).register(server);
  registerWebhooks(server, state);
  registerDingLogin(server, state.ding);
  registerDingControl(server, state);
  registerDingSuiteControl(server, state);
  registerPeopleRoutes(server, state);
  registerOrgRoutes(server, state);
  registerControlRoutes(server, state);
  registerAppRoutes(server, state);
  registerEventsRoute(server, state);
  registerDirectory(server, state);
  registerSetup(server, state);
  await registerWeb(server, options.webRoot ?? defaultWebRoot(), publicUrl);

  state.gateway.attach(server.server);
  await server.listen({ port: options.port ?? 3100, host });
  const address = server.server.address();
  const port = typeof address === 'object' && address ? address.port : (options.port ?? 3100);
  state.listensAt((options.selfUrl ?? `http://${sameSiteHost(host, publicUrl)}:${port}`).replace(/\/+$/, ''));
  const endTickets = options.pushTickets ? startTickets(state) : () => undefined;
  const close = async (): Promise<void> => {
    endTickets();
    saveLast?.();
    await state.phones.close();
    state.gateway.close();
    await server.close();
  };
  return { url: state.wecom.selfUrl, state, close };
}

/** On each platform's schedule, and at first every few seconds until the application has taken one. */
function startTickets(state: Sandbox): () => void {
  const { wecom, ding, callbacks, pushes } = state;
  const startedAt = Date.now();
  const pushedAt = new Map<string, number>();
  const due = (id: string, everyMs: number, taken: boolean): boolean => {
    const last = pushedAt.get(id) ?? 0;
    const atFirst = Date.now() - startedAt < TRIED_FOR_MS;
    const wanted = Date.now() - last >= everyMs || (atFirst && !taken);
    if (wanted) pushedAt.set(id, Date.now());
    return wanted;
  };
  const push = (): void => {
    const wecomTaken = [...wecom.world.deliveries.values()].filter((each) => each.state === 'delivered');
    for (const suite of wecom.world.suites.values()) {
      const taken = wecomTaken.some((each) => each.suiteId === suite.suiteId);
      if (due(suite.suiteId, TICKET_EVERY_MS, taken)) pushTicket(wecom, callbacks, suite);
    }
    const dingTaken = [...ding.world.deliveries.values()].filter((each) => each.state === 'delivered');
    for (const suite of ding.world.suites.values()) {
      const taken = dingTaken.some((each) => each.appKey === suite.suiteKey);
      if (due(suite.suiteKey, DING_TICKET_EVERY_MS, taken)) pushDingTicket(ding, pushes, suite);
    }
  };
  const timer = setInterval(push, FIRST_TICKET_MS).unref();
  return () => clearInterval(timer);
}

/** Cookies of the application inside a phone's frame need one host name for both: take the application's when both are this machine. */
function sameSiteHost(host: string, publicUrl: string): string {
  const name = new URL(publicUrl).hostname;
  if (isLoopback(host) && isLoopback(name)) return name;
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
}

function sendError(error: unknown, reply: FastifyReply): FastifyReply {
  if (error instanceof ApiError)
    return reply.code(error.status).send({ error: { code: error.code, message: error.message } });
  const status =
    error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
  const message = error instanceof Error ? error.message : String(error);
  if (status >= 500) process.stderr.write(`sandbox: ${error instanceof Error ? (error.stack ?? message) : message}\n`);
  return reply.code(status).send({ error: { code: status >= 500 ? 'internal' : 'invalid', message } });
}

async function registerWeb(server: FastifyInstance, webRoot: string, publicUrl: string): Promise<void> {
  const built = existsSync(join(webRoot, 'index.html'));
  const page = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    // One host name for page and application, or the browser keeps the application's cookies out of the phones' frames.
    const wanted = new URL(publicUrl).hostname;
    const here = new URL(`http://${request.host}`);
    if (isLoopback(here.hostname) && isLoopback(wanted) && here.hostname !== wanted) {
      here.hostname = wanted;
      return reply.redirect(`${here.origin}${request.url}`, 302);
    }
    reply.type('text/html; charset=utf-8').header('cache-control', 'no-store');
    return reply.send(built ? await readFile(join(webRoot, 'index.html'), 'utf8') : NOT_BUILT);
  };
  server.get('/', page);
  server.get('/drawer', page);
  if (built)
    await server.register(fastifyStatic, {
      root: join(webRoot, 'assets'),
      prefix: '/assets/',
      immutable: true,
      maxAge: '365d',
    });
}

const NOT_BUILT =
  '<!doctype html><meta charset="utf-8"><title>演示台</title><p style="font:16px sans-serif;padding:40px">演示台页面还没有构建，请运行 <code>npm run build -w infra/sandbox</code> 后刷新。接口已经可用。</p>';
