import type { Me } from '@lianke/shared/org/api';
import { skipToken, useQuery } from '@tanstack/react-query';
import { keys } from '../api/queries.js';

declare global {
  interface Window {
    /** Put into the page by a server that runs the demonstration. */
    __LIANKE__?: { sandbox?: string | null };
  }
}

/** An address that may stand in a frame: http or https, without a trailing slash; undefined for anything else. */
export function webAddress(text: string | null | undefined): string | undefined {
  if (!text) return undefined;
  try {
    const url = new URL(text);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href.replace(/\/+$/, '') : undefined;
  } catch {
    return undefined;
  }
}

/** Where the sandbox is, before log-in too; undefined outside the demonstration. */
export function useSandbox(): string | undefined {
  // Only looks at what the frame has read: asking here would answer 401 on the log-in page.
  const me = useQuery<Me>({ queryKey: keys.me, queryFn: skipToken });
  return webAddress(window.__LIANKE__?.sandbox) ?? webAddress(me.data?.sandbox);
}

/** How much is unread on all phones, out of a message of the sandbox's frame; undefined for any other message. */
export function unreadOf(data: unknown): number | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { type, total } = data as { type?: unknown; total?: unknown };
  return type === 'lianke-sandbox' && typeof total === 'number' && total >= 0 ? total : undefined;
}
