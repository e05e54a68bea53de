import { useEffect, useRef } from 'react';
import { type Draft, dropDraft, keepDraft } from './drafts.js';
import type { Values } from './values.js';

const afterMs = 500;

/** Names what one member fills in: a record by its id, a new one by what it began with. */
export function draftKeyOf(member: string | undefined, formId: string, what: string | Values = {}): string | undefined {
  return member && `${member}/${formId}/${typeof what === 'string' ? what : JSON.stringify(what)}`;
}

/**
 * Keeps what is being filled in half a second after the last keystroke, and at once when the page goes away. `draft` is
 * undefined while there is nothing to keep: then what was kept goes. Answers how to forget it once it was saved: what was
 * typed in the last half second must not be kept afterwards.
 */
export function useDraft(key: string | undefined, draft: Omit<Draft, 'at'> | undefined): () => void {
  const text = draft && JSON.stringify(draft);
  const latest = useRef({ key, draft, text });
  const written = useRef<string>(undefined);
  latest.current = { key, draft, text };
  const write = useRef((of: string | undefined) => {
    const now = latest.current;
    if (!of || now.key !== of || now.text === written.current) return;
    if (now.draft) keepDraft(of, { ...now.draft, at: Date.now() });
    else if (written.current !== undefined) dropDraft(of);
    written.current = now.text;
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: `text` says whether anything changed
  useEffect(() => {
    if (!key) {
      written.current = undefined;
      return;
    }
    const now = () => write.current(key);
    const timer = setTimeout(now, afterMs);
    window.addEventListener('pagehide', now);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('pagehide', now);
    };
  }, [key, text]);
  useEffect(() => () => write.current(latest.current.key), []);

  return () => {
    written.current = latest.current.text;
    if (latest.current.key) dropDraft(latest.current.key);
  };
}
