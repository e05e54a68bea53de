import { useCallback, useEffect, useRef, useState } from 'react';

export type SaveState =
  | { kind: 'saved'; at: Date | null }
  | { kind: 'dirty' }
  | { kind: 'saving' }
  /** Cannot be sent as it is; kept in the browser only. */
  | { kind: 'local' }
  | { kind: 'failed'; error: unknown };

export interface Autosave {
  state: SaveState;
  /** Sends what is not saved yet; resolves when the server has the newest value, rejects when it refused. */
  flush(): Promise<void>;
}

/** ms without a change before a draft is sent. */
const pause = 700;
/** ms after which a failed save is tried again. */
const again = 5000;

/**
 * Saves `value` a moment after its last change, one request at a time. `saved` is the value that the server has when
 * the designer opens; `ready` is false while the value cannot be sent. What is unsaved is sent when the page is left.
 */
export function useAutosave<T>(value: T, saved: T, ready: boolean, save: (value: T) => Promise<void>): Autosave {
  const [state, setState] = useState<SaveState>({ kind: 'saved', at: null });
  const latest = useRef(value);
  const sent = useRef(saved);
  const running = useRef<Promise<void> | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const send = useRef(save);
  const sendable = useRef(ready);
  latest.current = value;
  send.current = save;
  sendable.current = ready;

  const run = useCallback(async (): Promise<void> => {
    clearTimeout(timer.current);
    while (running.current) await running.current.catch(() => undefined);
    const next = latest.current;
    if (next === sent.current || !sendable.current) return;
    setState({ kind: 'saving' });
    const job = send.current(next);
    running.current = job;
    try {
      await job;
      sent.current = next;
      setState(latest.current === next ? { kind: 'saved', at: new Date() } : { kind: 'dirty' });
    } catch (error) {
      setState({ kind: 'failed', error });
      timer.current = setTimeout(() => void run().catch(() => undefined), again);
      throw error;
    } finally {
      running.current = null;
    }
    if (latest.current !== sent.current) await run();
  }, []);

  useEffect(() => {
    if (value === sent.current) {
      // Undone back to what the server has: nothing is left to send.
      setState((old) => (old.kind === 'saved' ? old : { kind: 'saved', at: new Date() }));
      return;
    }
    if (!ready) {
      clearTimeout(timer.current);
      setState({ kind: 'local' });
      return;
    }
    setState((old) => (old.kind === 'saving' ? old : { kind: 'dirty' }));
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void run().catch(() => undefined), pause);
  }, [value, ready, run]);

  useEffect(() => {
    const leaving = () => void run().catch(() => undefined);
    window.addEventListener('pagehide', leaving);
    return () => {
      window.removeEventListener('pagehide', leaving);
      leaving();
      clearTimeout(timer.current);
    };
  }, [run]);

  return { state, flush: run };
}
