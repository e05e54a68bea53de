import type { QueryClient } from '@tanstack/react-query';

interface Change {
  formId: string;
  counter: number;
}
type Listener = (change: Change) => void;

const listeners = new Set<Listener>();

/** Calls `listener` for every change of a readable form; answers the function that stops this. */
export function onFormChange(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function parse(data: unknown): Change[] {
  if (typeof data !== 'string') return [];
  try {
    const message = JSON.parse(data) as unknown;
    const items = Array.isArray(message) ? (message as unknown[]) : [message];
    return items.filter(
      (item): item is Change =>
        typeof item === 'object' && item !== null && typeof (item as Change).formId === 'string',
    );
  } catch {
    return [];
  }
}

/**
 * Opens the one event stream of this tab: each `{formId, counter}` marks what shows records of that form as out of
 * date. Answers the function that closes it. The browser reconnects by itself; after a gap everything is read anew.
 */
export function openLive(client: QueryClient): () => void {
  const source = new EventSource('/api/v1/events');
  let lost = false;
  const apply = (change: Change) => {
    void client.invalidateQueries({ queryKey: ['data', change.formId] });
    void client.invalidateQueries({ queryKey: ['tasks'] });
    for (const listener of listeners) listener(change);
  };
  source.onmessage = (event) => {
    for (const change of parse(event.data)) apply(change);
  };
  // Somebody asked the reader something, or needs him no more.
  source.addEventListener('tasks', () => void client.invalidateQueries({ queryKey: ['tasks'] }));
  // The session was revoked: reading the member again leads to the log-in page.
  source.addEventListener('ended', () => {
    source.close();
    void client.invalidateQueries({ queryKey: ['me'] });
  });
  source.onerror = () => {
    lost = true;
  };
  source.onopen = () => {
    if (lost) void client.invalidateQueries();
    lost = false;
  };
  return () => source.close();
}
