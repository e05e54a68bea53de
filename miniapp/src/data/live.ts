import { useDidHide, useDidShow } from '@tarojs/taro';
import { useEffect, useRef } from 'react';
import { api } from '../api/client.js';
import { session } from '../session/session.js';
import { flushOutbox } from './outbox-send.js';
import { invalidate, retryFailed } from './resource.js';

const every = 3000;

/**
 * While the page is shown, asks every three seconds which forms have changed and reads again what is shown of them
 * (keys `data:<formId>…`); `onChange` hears their ids. Tasks are read again when others wait for the reader than before.
 * Mini-programs have no event stream, so every host polls.
 */
export function useLive(onChange?: (formIds: string[]) => void): void {
  const listener = useRef(onChange);
  listener.current = onChange;
  const timer = useRef<ReturnType<typeof setInterval>>();
  const since = useRef<string>();
  const tasks = useRef<string>();
  const busy = useRef(false);
  const failed = useRef(false);

  const ask = useRef(async () => {
    if (busy.current || session.get().state !== 'in') return;
    busy.current = true;
    try {
      const answer = await api('events.changes', { query: { since: since.current } });
      if (failed.current) {
        retryFailed();
        void flushOutbox();
      }
      failed.current = false;
      const first = since.current === undefined;
      since.current = answer.since;
      if (!first && answer.tasks !== tasks.current) invalidate('tasks');
      tasks.current = answer.tasks;
      const formIds = answer.items.map((item) => item.formId);
      // The first answer only says where to begin.
      if (first || formIds.length === 0) return;
      for (const formId of formIds) invalidate(`data:${formId}`);
      listener.current?.(formIds);
    } catch {
      failed.current = true;
      // Offline or refused: the next round tries again.
    } finally {
      busy.current = false;
    }
  });

  const start = () => {
    clearInterval(timer.current);
    timer.current = setInterval(() => void ask.current(), every);
    void ask.current();
  };
  useDidShow(start);
  useDidHide(() => clearInterval(timer.current));
  useEffect(() => () => clearInterval(timer.current), []);
}
