import type { Outbound, OutboundHttp } from '../../src/kernel/outbound/outbound-http.js';

/** A way out that only a test's requests take: nothing stays connected. */
export function withoutSockets(http: OutboundHttp): Outbound {
  return { request: (request) => http.request(request), socket: () => Promise.reject(new Error('no sockets here')) };
}
