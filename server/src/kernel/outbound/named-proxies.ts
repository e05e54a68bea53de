import type dns from 'node:dns';
import ipaddr from 'ipaddr.js';
import { ProxyAgent } from 'undici';
import { guardedLookup, mayConnect } from './address-guard.js';
import { OutboundError } from './outbound-http.js';

/** Each keeps connections open, so only those used last are kept. */
const maxAgents = 64;

interface NamedProxiesOptions {
  lookup: typeof dns.lookup;
  /** Private addresses where a proxy may be all the same (OUTBOUND_PRIVATE). */
  inner: readonly string[];
  connectTimeoutMs: number;
}

/**
 * Proxies that requests name themselves (a company's own gateway). Unlike the operator's, they may be only where any
 * request may go: at public addresses and those that the operator opens.
 */
export class NamedProxies {
  private readonly agents = new Map<string, ProxyAgent>();

  constructor(private readonly options: NamedProxiesOptions) {}

  /**
   * @param address `http(s)://[user:password@]host[:port]`
   * @throws OutboundError `proxy` where no proxy may be
   */
  agent(address: string): ProxyAgent {
    const agent = this.agents.get(address) ?? this.make(address);
    this.agents.delete(address);
    this.agents.set(address, agent);
    const [oldest] = this.agents;
    if (this.agents.size > maxAgents && oldest) {
      this.agents.delete(oldest[0]);
      void oldest[1].close();
    }
    return agent;
  }

  async close(): Promise<void> {
    await Promise.all([...this.agents.values()].map((agent) => agent.close()));
  }

  private make(address: string): ProxyAgent {
    const { lookup, inner, connectTimeoutMs: timeout } = this.options;
    const url = new URL(address);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    // Addresses written as such are connected without a lookup, so they are checked here.
    if (ipaddr.isValid(host) && !mayConnect(host, 'public', inner)) throw new OutboundError('proxy', proxyBlocked);
    const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    return new ProxyAgent({
      uri: url.origin,
      ...(credentials === ':' ? {} : { token: `Basic ${Buffer.from(credentials).toString('base64')}` }),
      proxyTls: { timeout, lookup: guardedLookup('public', { lookup, inner }) },
    });
  }
}

/** The message of an `OutboundError` about a proxy at an address where none may be. */
export const proxyBlocked = 'blocked';

const unreached = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'],
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * What went wrong before a request had passed its proxy: a system's code (`ECONNREFUSED`), or `HTTP 407` when the proxy
 * refused; undefined when it had passed. Names are resolved by the proxy, so such a code can only be about the proxy.
 */
export function proxyFailure(error: unknown): string | undefined {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; depth += 1) {
    const { code } = current as NodeJS.ErrnoException;
    if (code !== undefined && unreached.has(code)) return code;
    const status = /^Proxy response \((\d{3})\)/.exec(current.message)?.[1];
    if (status) return `HTTP ${status}`;
    current = current.cause;
  }
  return undefined;
}
