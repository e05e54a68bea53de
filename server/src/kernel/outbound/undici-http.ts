import dns from 'node:dns';
import ipaddr from 'ipaddr.js';
import { Agent, buildConnector, type Dispatcher, ProxyAgent, request as undiciRequest, WebSocket } from 'undici';
import { BlockedAddressError, guardedLookup, mayConnect, type Reach } from './address-guard.js';
import { NamedProxies, proxyBlocked, proxyFailure } from './named-proxies.js';
import {
  type Outbound,
  OutboundError,
  type OutboundRequest,
  type OutboundResponse,
  type OutboundSocket,
  type SocketEvents,
} from './outbound-http.js';

const defaultTimeoutMs = 10_000;
const defaultMaxBytes = 10 * 1024 * 1024;
const maxRedirects = 5;
const connectTimeoutMs = 5_000;

export interface UndiciHttpOptions {
  /** Proxy for everything but trusted origins (OUTBOUND_PROXY). */
  proxy?: string | undefined;
  /** Origins of configured platforms: reached directly and wherever they are (the sandbox is on loopback). */
  trustedHosts?: string[];
  /** Private addresses and ranges that requests may reach all the same (OUTBOUND_PRIVATE). */
  inner?: readonly string[];
  /** Name resolution; replaceable for tests. */
  lookup?: typeof dns.lookup;
}

/** Outbound HTTP with limits on time, size and redirects, and a guard against reaching inner networks. */
export class UndiciHttp implements Outbound {
  private readonly trusted: Set<string>;
  private readonly found: { lookup: typeof dns.lookup; inner: readonly string[] };
  private readonly agents: Record<Reach | 'trusted', Agent>;
  private readonly proxy: ProxyAgent | undefined;
  private readonly named: NamedProxies;

  constructor(options: UndiciHttpOptions = {}) {
    this.trusted = new Set((options.trustedHosts ?? []).map((host) => new URL(host).origin));
    this.found = { lookup: options.lookup ?? dns.lookup, inner: options.inner ?? [] };
    // Kept-alive connections are shared only among requests of the same reach.
    this.agents = {
      public: guardedAgent('public', this.found),
      'private-too': guardedAgent('private-too', this.found),
      trusted: new Agent({ connect: { timeout: connectTimeoutMs } }),
    };
    this.proxy = options.proxy ? new ProxyAgent({ uri: options.proxy, connectTimeout: connectTimeoutMs }) : undefined;
    this.named = new NamedProxies({ ...this.found, connectTimeoutMs });
  }

  async request(request: OutboundRequest): Promise<OutboundResponse> {
    const timeoutMs = request.timeoutMs ?? defaultTimeoutMs;
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), timeoutMs);
    try {
      return await this.follow(request, controller.signal);
    } catch (error) {
      if (error instanceof OutboundError) throw error;
      if (controller.signal.aborted) {
        throw new OutboundError('timeout', `no complete answer within ${timeoutMs} ms`, { cause: error });
      }
      const blocked = findBlocked(error);
      const atProxy =
        request.proxy === undefined ? undefined : (blockedAt(request.proxy, blocked) ?? proxyFailure(error));
      if (atProxy) throw new OutboundError('proxy', atProxy);
      if (blocked) throw new OutboundError('blocked', blocked.message);
      throw new OutboundError('network', (error as Error).message, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  async socket(address: string, events: SocketEvents, proxy?: string): Promise<OutboundSocket> {
    const url = parse(address.replace(/^ws(s?):/, 'http$1:'));
    const dispatcher = await this.dispatcherFor(url, 'public', proxy);
    const socket = new WebSocket(address, { dispatcher });
    let ended = false;
    return new Promise((resolve, reject) => {
      const end = (reason: string) => {
        if (ended) return;
        ended = true;
        reject(new OutboundError('network', reason));
        events.closed(reason);
      };
      const timer = setTimeout(() => {
        end(`not open within ${connectTimeoutMs} ms`);
        socket.close();
      }, connectTimeoutMs);
      socket.addEventListener('open', () => {
        clearTimeout(timer);
        resolve({ send: (text) => socket.send(text), close: () => socket.close() });
      });
      socket.addEventListener('message', ({ data }) => events.message(String(data)));
      // Not every failure is followed by a close.
      socket.addEventListener('error', (event) => {
        clearTimeout(timer);
        end(findBlocked(event.error)?.message ?? event.message ?? 'failed');
      });
      socket.addEventListener('close', ({ code }) => {
        clearTimeout(timer);
        end(`closed (${code})`);
      });
    });
  }

  /** Ends all kept-alive connections. */
  async close(): Promise<void> {
    await Promise.all([...Object.values(this.agents), this.proxy, this.named].map((agent) => agent?.close()));
  }

  private async follow(request: OutboundRequest, signal: AbortSignal): Promise<OutboundResponse> {
    let step: Step = {
      url: parse(request.url),
      method: request.method ?? 'GET',
      headers: { 'accept-encoding': 'identity', ...lowerCaseNames(request.headers ?? {}) },
      body: request.body,
    };
    for (let redirects = 0; ; redirects += 1) {
      const response = await undiciRequest(step.url, {
        dispatcher: await this.dispatcherFor(step.url, request.allowPrivate ? 'private-too' : 'public', request.proxy),
        method: step.method,
        headers: step.headers,
        body: step.body ?? null,
        signal,
      });
      const location = redirectTarget(response, step.url);
      if (!location) {
        const body = await readBody(response, request.maxBytes ?? defaultMaxBytes);
        return { status: response.statusCode, headers: flatten(response.headers), body, url: step.url.href };
      }
      await response.body.dump({ limit: 64 * 1024 }).catch(() => undefined);
      if (redirects === maxRedirects)
        throw new OutboundError('too_many_redirects', `more than ${maxRedirects} redirects`);
      step = nextStep(step, response.statusCode, location);
    }
  }

  private async dispatcherFor(url: URL, reach: Reach, own?: string): Promise<Dispatcher> {
    const trusted = this.trusted.has(url.origin);
    if (trusted && own === undefined) return this.agents.trusted;
    if (!this.proxy && own === undefined) return this.agents[reach];
    if (!trusted) await this.checkBeforeProxy(bareHost(url), reach);
    return own === undefined ? (this.proxy ?? this.agents[reach]) : this.named.agent(own);
  }

  /**
   * The proxy resolves names itself, so what we resolve is only a first check and the proxy's own rules decide; a name
   * that only the proxy can resolve passes.
   */
  private async checkBeforeProxy(host: string, reach: Reach): Promise<void> {
    if (ipaddr.isValid(host)) {
      if (!mayConnect(host, reach, this.found.inner)) throw new BlockedAddressError(host);
      return;
    }
    await new Promise<void>((resolve, reject) => {
      guardedLookup(reach, this.found)(host, { all: true }, (error) => {
        if (error instanceof BlockedAddressError) reject(error);
        else resolve();
      });
    });
  }
}

interface Step {
  url: URL;
  method: NonNullable<OutboundRequest['method']>;
  headers: Record<string, string>;
  body: string | Uint8Array | undefined;
}

function guardedAgent(reach: Reach, found: { lookup: typeof dns.lookup; inner: readonly string[] }): Agent {
  const connector = buildConnector({ timeout: connectTimeoutMs, lookup: guardedLookup(reach, found) });
  return new Agent({
    // Addresses written as such are connected without a lookup, so they are checked here.
    connect: (options, callback) => {
      const host = options.hostname.replace(/^\[|\]$/g, '');
      if (ipaddr.isValid(host) && !mayConnect(host, reach, found.inner)) callback(new BlockedAddressError(host), null);
      else connector(options, callback);
    },
  });
}

function parse(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') {
    throw new OutboundError('bad_url', 'only http:// and https:// addresses can be called');
  }
  if (url.username !== '' || url.password !== '') {
    throw new OutboundError('bad_url', 'the address must not contain a user name or password');
  }
  return url;
}

function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

function lowerCaseNames(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function redirectTarget(response: Dispatcher.ResponseData, from: URL): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(response.statusCode)) return undefined;
  const { location } = response.headers;
  if (typeof location !== 'string') return undefined;
  return parse(URL.canParse(location, from.href) ? new URL(location, from).href : location);
}

const namesAboutBody = ['content-type', 'content-length', 'content-encoding', 'transfer-encoding'];
const namesForOrigin = ['authorization', 'cookie', 'proxy-authorization', 'host'];

/** The request after a redirect, as browsers do it (Fetch standard, "HTTP-redirect fetch"). */
function nextStep(step: Step, status: number, url: URL): Step {
  const becomesGet = (status === 303 && step.method !== 'HEAD') || (status < 303 && step.method === 'POST');
  const dropped = [...(becomesGet ? namesAboutBody : []), ...(url.origin === step.url.origin ? [] : namesForOrigin)];
  return {
    url,
    method: becomesGet ? 'GET' : step.method,
    headers: Object.fromEntries(Object.entries(step.headers).filter(([name]) => !dropped.includes(name))),
    body: becomesGet ? undefined : step.body,
  };
}

async function readBody(response: Dispatcher.ResponseData, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new OutboundError('too_large', `the answer has more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function flatten(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as const],
    ),
  );
}

/** Where the refused address was the proxy's. */
function blockedAt(proxy: string, blocked: BlockedAddressError | undefined): string | undefined {
  return blocked && blocked.host === bareHost(new URL(proxy)) ? proxyBlocked : undefined;
}

/** undici and Node wrap connection errors in one another. */
function findBlocked(error: unknown): BlockedAddressError | undefined {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; depth += 1) {
    if (current instanceof BlockedAddressError) return current;
    if (current instanceof AggregateError) return current.errors.map(findBlocked).find(Boolean);
    current = current.cause;
  }
  return undefined;
}
