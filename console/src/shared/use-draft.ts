import { App } from 'antd';
import { useState } from 'react';
import { messageOf } from '../api/errors.js';

/** What somebody has changed of a stored setting and not saved yet. */
export interface Draft<Value> {
  /** Absent while nothing is changed. */
  draft: Value | undefined;
  setDraft(draft: Value): void;
  busy: boolean;
  save(): Promise<void>;
}

/**
 * Keeps changes of a setting until they are saved.
 * @param store saves the draft; what it throws is told, and the draft stays
 * @param saved what is said then
 * @param after brings what hangs on the setting up to date
 */
export function useDraft<Value>(
  store: (draft: Value) => Promise<void>,
  saved: string,
  after: () => Promise<unknown>,
): Draft<Value> {
  const { message } = App.useApp();
  const [draft, setDraft] = useState<Value>();
  const [busy, setBusy] = useState(false);

  async function save() {
    if (draft === undefined) return;
    setBusy(true);
    try {
      await store(draft);
      setDraft(undefined);
      message.success(saved);
      await after();
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
  }

  return { draft, setDraft, busy, save };
}
