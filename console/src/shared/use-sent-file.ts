import { useState } from 'react';
import { messageOf } from '../api/errors.js';

export interface SentFile {
  /** Name of the file that is on its way. */
  busy: string | undefined;
  /** Why the last one was refused; empty when it was not. */
  error: string;
  send(file: File): Promise<void>;
  forget(): void;
}

interface Options {
  accepted: RegExp;
  /** Bytes; the server refuses more. */
  largest: number;
  /** Words for a file of another kind, and one that is too large. */
  say(reason: 'wrongType' | 'tooBig', file: { name: string }): string;
  take(file: File): Promise<void>;
}

/** Sends one file at a time; what is refused here or there stands as `error`. */
export function useSentFile({ accepted, largest, say, take }: Options): SentFile {
  const [busy, setBusy] = useState<string>();
  const [error, setError] = useState('');
  const send = async (file: File) => {
    setError('');
    if (!accepted.test(file.name)) return setError(say('wrongType', { name: file.name }));
    if (file.size > largest) return setError(say('tooBig', { name: file.name }));
    setBusy(file.name);
    try {
      await take(file);
    } catch (failure) {
      setError(messageOf(failure));
    } finally {
      setBusy(undefined);
    }
  };
  return { busy, error, send, forget: () => setError('') };
}
