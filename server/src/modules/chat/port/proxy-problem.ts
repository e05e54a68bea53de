import type { Words } from '@lianke/shared/errors/issue-text';
import { proxyBlocked } from '../../../kernel/outbound/named-proxies.js';
import type { OutboundError } from '../../../kernel/outbound/outbound-http.js';
import { say, type TextKey } from '../texts.js';

/** Why a call through a connection's own proxy got no answer, for administrators; null where it went through no proxy. */
export function proxyProblem({ reason, message }: OutboundError, proxy: string | null): Words | null {
  if (proxy === null) return null;
  const { host } = new URL(proxy);
  const words = (key: TextKey, params: Record<string, string> = {}): Words => ({
    zh: say(key, { host, ...params }, 'zh'),
    en: say(key, { host, ...params }, 'en'),
  });
  if (reason === 'timeout') return words('proxyTimeout');
  if (reason !== 'proxy') return null;
  if (message === proxyBlocked) return words('proxyBlocked');
  if (message === 'HTTP 407') return words('proxyPassword');
  return words(message.startsWith('HTTP ') ? 'proxyRefused' : 'proxyDead', { reason: message });
}
