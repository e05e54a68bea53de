import { useCallback, useEffect, useRef, useState } from 'react';
import type { HubEvent } from '../src/core/hub.js';
import { get } from './api.js';

type Listener = (event: HubEvent | 'connected' | 'lost') => void;

const listeners = new Set<Listener>();
let source: EventSource | null = null;

function connect(): void {
  if (source) return;
  source = new EventSource('/sandbox/api/events');
  const tell = (event: Parameters<Listener>[0]): void => {
    for (const listener of listeners) listener(event);
  };
  source.onopen = () => tell('connected');
  source.onerror = () => tell('lost');
  source.onmessage = (message: MessageEvent<string>) => tell(JSON.parse(message.data) as HubEvent);
}

/** Calls back for every event of the sandbox, and when the connection comes or goes. */
export function useEvents(listener: Listener): void {
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => {
    const own: Listener = (event) => latest.current(event);
    listeners.add(own);
    connect();
    return () => {
      listeners.delete(own);
    };
  }, []);
}

/** Whether the sandbox can be reached; false once its stream broke and until it is back. */
export function useConnected(): boolean {
  const [connected, setConnected] = useState(true);
  useEvents((event) => {
    if (event === 'lost') setConnected(false);
    else if (event === 'connected') setConnected(true);
  });
  return connected;
}

const GATHER_MS = 40;

/**
 * What `path` answers, read again whenever an event concerns it and after a reconnection. Several events in a row cost
 * one reading. `null` as path reads nothing.
 */
export function useLive<T>(
  path: string | null,
  concerns: (event: HubEvent) => boolean,
): { data: T | null; reload: () => void } {
  const [state, setState] = useState<{ path: string; data: T } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const round = useRef(0);
  const read = useCallback(() => {
    if (path === null) return;
    round.current += 1;
    const own = round.current;
    get<T>(path)
      .then((data) => {
        if (own === round.current) setState({ path, data });
      })
      .catch(() => undefined);
  }, [path]);
  useEffect(read, [read]);
  useEvents((event) => {
    if (event === 'lost' || (event !== 'connected' && event.kind !== 'reset' && !concerns(event))) return;
    if (timer.current) return;
    timer.current = setTimeout(() => {
      timer.current = null;
      read();
    }, GATHER_MS);
  });
  useEffect(
    () => () => {
      if (timer.current) clearTimeout(timer.current);
      timer.current = null;
    },
    [],
  );
  return { data: state?.path === path ? state.data : null, reload: read };
}

/** The sandbox's time, ticking; `ahead` is how far it runs before this machine's. */
export function useNow(ahead: number, everyMs = 10_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now + ahead;
}
