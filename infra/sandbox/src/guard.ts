import type { FastifyRequest } from 'fastify';

/** Whether a host name means this machine. */
export function isLoopback(name: string): boolean {
  return (
    name === 'localhost' ||
    name === '::1' ||
    name === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(name) ||
    name.endsWith('.localhost')
  );
}

function hostnameOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).hostname : null;
}

/**
 * Why a request is refused, or null. On loopback only loopback names may ask (a foreign name that resolves here is DNS
 * rebinding), and no foreign web page may script the sandbox.
 */
export function allowedRequest(request: FastifyRequest, boundHost: string, selfUrl: string): string | null {
  if (!isLoopback(boundHost)) return null;
  const self = hostnameOf(selfUrl);
  const known = (name: string | null): boolean => name !== null && (isLoopback(name) || name === self);
  if (!known(hostnameOf(`http://${request.host}`))) return `沙箱只接受本机的访问，Host 为 ${request.host}`;
  const origin = request.headers.origin;
  const changes = request.method !== 'GET' && request.method !== 'HEAD';
  if (changes && origin && origin !== 'null' && !known(hostnameOf(origin))) return `不接受来自 ${origin} 的页面的请求`;
  return null;
}
