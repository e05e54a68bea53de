import { useEffect, useRef, useState } from 'react';
import { forgetLocalFiles, settledLocalFiles } from '../../data/local-files.js';
import { arrivedValues, localIds, unsentIn } from '../../data/local-values.js';
import type { Json, ReadField, Values } from '../../data/record-types.js';
import { wireValues } from '../../data/write-record.js';
import { t } from '../../i18n/index.js';

/** How long an answer waits for files that are on their way, ms. */
const uploadsWait = 15_000;

/**
 * What is filled in on a task's page. Files stand in the values from the moment they are picked, also in rows that are
 * closed since; the answer goes once they have arrived.
 */
export function useAnswerValues() {
  const [shown, setShown] = useState<Values>({});
  const latest = useRef(shown);
  const fields = useRef(new Map<string, ReadField>());
  const files = useRef(new Set<string>());
  const sending = useRef(false);
  const gone = useRef(false);
  const take = (next: Values) => {
    latest.current = next;
    setShown(next);
  };
  const forget = () => {
    if (gone.current && !sending.current) forgetLocalFiles([...files.current]);
  };
  const leave = useRef(forget);
  leave.current = forget;
  useEffect(
    () => () => {
      gone.current = true;
      leave.current();
    },
    [],
  );

  /** Waits for the files; answers why one of them is not there, or the values to send. */
  const arrived = async (): Promise<{ problem: string } | { values: Values }> => {
    await settledLocalFiles(localIds(latest.current), uploadsWait);
    take(arrivedValues(latest.current));
    const [missing] = unsentIn(latest.current);
    if (missing) return { problem: missing.upload.failed ?? t('task.filesOnTheirWay') };
    return { values: wireValues({ fields: [...fields.current.values()] }, latest.current) };
  };

  return {
    shown,
    put(field: ReadField, value: Json) {
      fields.current.set(field.key, { ...field, writable: true });
      for (const id of localIds({ [field.key]: value })) files.current.add(id);
      take({ ...latest.current, [field.key]: value });
    },
    /** Answers with what was filled in; when a file is not there, or `answer` was kept back by another, only why. */
    async send(answer: (values: Values) => Promise<string | undefined>): Promise<string | undefined> {
      sending.current = true;
      try {
        const found = await arrived();
        if ('problem' in found) return found.problem;
        return await answer(found.values);
      } finally {
        sending.current = false;
        leave.current();
      }
    },
  };
}
