import { z } from 'zod';
import type { ShapeText } from '../errors/shape-texts.js';

/** Whether a text is `http(s)://[user:password@]host[:port]`, what special characters there are percent-encoded. */
export function isProxyAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const bare = url.pathname === '/' && url.search === '' && url.hash === '';
  return /^https?:$/.test(url.protocol) && bare && decodes(url.username) && decodes(url.password);
}

function decodes(part: string): boolean {
  try {
    decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}

/** The proxy that a connection names for its calls to the platform. */
export const proxyAddress = z
  .string()
  .trim()
  .max(300)
  .refine(isProxyAddress, 'proxy_address' satisfies ShapeText);
