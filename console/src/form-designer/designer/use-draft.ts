import type { FormDraft } from '@lianke/shared/forms/versions';
import { useCallback, useEffect, useRef, useState } from 'react';
import { api } from '../../api/client.js';
import { isCode } from '../../api/errors.js';
import type { FormView } from '../../api/queries.js';
import type { Design } from '../model/design.js';
import { type Draft, readDraft, writtenDesign } from '../model/draft.js';

/** ms without a change before the draft is sent. */
const pause = 700;
/** ms after which a failed saving is tried again, and between two looks at what other designers save. */
const again = 10_000;

export type Saved = { kind: 'none' } | { kind: 'saving' } | { kind: 'saved'; at: Date } | { kind: 'failed' };

export interface DraftState {
  saved: Saved;
  /** Another designer's newer draft; while it stands, nothing is saved. */
  other: Draft | null;
  /** The last design that the server and this designer had in common: what both sides' changes are counted from. */
  common: Design;
  /** Goes on over the other designer's draft. */
  accept(other: Draft): void;
  /** The draft is published (the server took it) or given up. */
  settled(published: boolean): void;
  /** Sends what is not sent yet; answers the revision that the server has now, 0 for none. */
  flush(): Promise<number>;
}

interface Work {
  base: Design;
  version: number;
  design: Design;
  dirty: boolean;
}

/**
 * Keeps the draft on the server while it changes, one request at a time. When another designer saved meanwhile nothing
 * is overwritten: `other` says so. `onOther` is called instead while there is nothing unsaved here.
 */
export function useDraft(
  form: FormView,
  start: Draft | undefined,
  work: Work,
  onOther: (other: Draft | undefined) => void,
): DraftState {
  const [saved, setSaved] = useState<Saved>(start ? { kind: 'saved', at: new Date(start.savedAt) } : { kind: 'none' });
  const [other, setOther] = useState<Draft | null>(null);
  const revision = useRef(start?.revision ?? 0);
  const sent = useRef(work.design);
  const [common, setCommon] = useState(work.design);
  const latest = useRef(work);
  const running = useRef<Promise<void> | null>(null);
  const blocked = useRef(false);
  latest.current = work;
  blocked.current = other !== null;
  const onOtherRef = useRef(onOther);
  onOtherRef.current = onOther;

  const met = useCallback((draft: FormDraft | null) => {
    const theirs = readDraft(draft);
    if (theirs) setOther(theirs);
    // Someone gave the draft up or published it: the next saving makes a new one.
    else revision.current = 0;
  }, []);

  const send = useCallback(async (): Promise<void> => {
    while (running.current) await running.current;
    const { base, version, design, dirty } = latest.current;
    if (blocked.current || design === sent.current) return;
    const params = { formId: form.id };
    const job = async () => {
      setSaved({ kind: 'saving' });
      try {
        if (dirty) {
          const body = {
            base: writtenDesign(base),
            design: writtenDesign(design),
            version,
            revision: revision.current,
          };
          const answer = await api('forms.saveDraft', { params, body });
          revision.current = answer.revision;
          setSaved({ kind: 'saved', at: new Date(answer.savedAt) });
        } else {
          if (revision.current > 0) await api('forms.dropDraft', { params });
          revision.current = 0;
          setSaved({ kind: 'none' });
        }
        sent.current = design;
        setCommon(design);
      } catch (error) {
        setSaved({ kind: 'failed' });
        if (isCode(error, 'version_conflict')) met((error.problem.current as FormDraft | null | undefined) ?? null);
      }
    };
    running.current = job();
    await running.current;
    running.current = null;
  }, [form.id, met]);

  useEffect(() => {
    if (work.design === sent.current || other) return;
    const timer = setTimeout(() => void send(), pause);
    return () => clearTimeout(timer);
  }, [work.design, other, send]);

  // Failed savings are tried again, and other designers' savings are seen, also before one's own.
  useEffect(() => {
    const look = async () => {
      if (document.hidden || blocked.current) return;
      if (latest.current.design !== sent.current) return send();
      const { draft } = await api('forms.draft', { params: { formId: form.id } });
      const theirs = readDraft(draft);
      if ((theirs?.revision ?? 0) === revision.current || latest.current.design !== sent.current) return;
      revision.current = theirs?.revision ?? 0;
      onOtherRef.current(theirs);
    };
    const timer = setInterval(() => void look().catch(() => undefined), again);
    return () => clearInterval(timer);
  }, [form.id, send]);

  useEffect(() => {
    const leaving = () => void send();
    window.addEventListener('pagehide', leaving);
    return () => {
      window.removeEventListener('pagehide', leaving);
      leaving();
    };
  }, [send]);

  return {
    saved,
    other,
    common,
    accept: useCallback((theirs: Draft) => {
      revision.current = theirs.revision;
      sent.current = theirs.design;
      setSaved({ kind: 'saved', at: new Date(theirs.savedAt) });
      setCommon(theirs.design);
      setOther(null);
    }, []),
    settled: useCallback(
      (published: boolean) => {
        if (!published && revision.current > 0)
          void api('forms.dropDraft', { params: { formId: form.id } }).catch(() => undefined);
        revision.current = 0;
        sent.current = latest.current.design;
        setOther(null);
        setSaved({ kind: 'none' });
      },
      [form.id],
    ),
    flush: useCallback(async () => {
      await send();
      return revision.current;
    }, [send]),
  };
}
