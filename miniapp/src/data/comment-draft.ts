import { useEffect, useRef, useState } from 'react';
import { dropStored, readStored, writeStored } from '../platform/storage.js';
import { session } from '../session/session.js';

const afterMs = 500;

const keyOf = (formId: string, recordId: string) =>
  `comment.${session.get().me?.member.id ?? ''}.${formId}.${recordId}`;

export interface CommentDraft {
  /** What was typed last on this record and never sent. */
  found: string;
  /** Writes a text down half a second after the last keystroke, and at once when the page goes away. */
  keep(text: string): void;
  /** It was sent, perhaps after its page had gone. */
  forget(): void;
}

/** The comment that a member has not sent yet, kept on the phone for each record. */
export function useCommentDraft(formId: string, recordId: string): CommentDraft {
  const key = keyOf(formId, recordId);
  const [found] = useState(() => readStored<string>(key) ?? '');
  const typed = useRef<string>();
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const write = useRef(() => {
    clearTimeout(timer.current);
    const text = typed.current;
    typed.current = undefined;
    if (text === undefined) return;
    if (text.trim() === '') dropStored(key);
    else writeStored(key, text);
  });
  useEffect(() => () => write.current(), []);
  return {
    found,
    keep(text) {
      typed.current = text;
      clearTimeout(timer.current);
      timer.current = setTimeout(write.current, afterMs);
    },
    forget() {
      clearTimeout(timer.current);
      typed.current = undefined;
      dropStored(key);
    },
  };
}
