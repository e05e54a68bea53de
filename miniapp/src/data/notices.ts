import type { AnswerOf } from '@lianke/shared/api/contracts';
import { api } from '../api/client.js';
import { open } from '../platform/navigate.js';
import { noticesKey } from './keys.js';
import { useResource } from './resource.js';

export type Notice = AnswerOf<'me.notices'>['items'][number];

/** The newest of the member's messages, and how many are unread. */
export function useNotices() {
  return useResource(noticesKey, () => api('me.notices', { query: {} }));
}

/** `99+` from there on. */
export function unreadText(count: number): string {
  return count >= 99 ? '99+' : String(count);
}

/** Opens what a message is about: its path with parameters. */
export function openNotice({ path }: Notice): void {
  const [page = '', search = ''] = path.split('?');
  const pairs = search
    .split('&')
    .filter(Boolean)
    .map((pair) => {
      const [key = '', value = ''] = pair.split('=');
      return [key, decodeURIComponent(value)] as const;
    });
  open(page, Object.fromEntries(pairs));
}
