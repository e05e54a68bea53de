import { proxyBlocked } from '../../../kernel/outbound/named-proxies.js';
import type { OutboundError } from '../../../kernel/outbound/outbound-http.js';
import { say } from '../texts.js';

/** Why a call through a connection's own proxy got no answer, for administrators; null where it went through no proxy. */
export function proxyProblem({ reason, message }: OutboundError, proxy: string | null): string | null {
  if (proxy === null) return null;
  const host = new URL(proxy).host;
  if (reason === 'timeout') return say('proxyTimeout', { host });
  if (reason !== 'proxy') return null;
  if (message === proxyBlocked) return say('proxyBlocked', { host });
  if (message === 'HTTP 407') return say('proxyPassword', { host });
  if (message.startsWith('HTTP ')) return say('proxyRefused', { host, reason: message });
  return say('proxyDead', { host, reason: message });
}
