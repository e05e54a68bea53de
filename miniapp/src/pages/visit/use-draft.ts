import { useEffect, useRef, useState } from 'react';
import type { FormView } from '../../data/record-types.js';
import type { VisitFields } from '../../data/visit-form.js';
import { t } from '../../i18n/index.js';
import { showNotice } from '../../store/notice.js';
import { dropVisitDraft, keepVisitDraft, readVisitDraft, type VisitDraft } from './visit-draft.js';

const draftEvery = 1000;

/** Writes what is typed down every second; `found` is what lay there when the page opened. */
export function useDraft(form: FormView, fields: VisitFields, slot: string | undefined, now: () => VisitDraft) {
  const [found, setFound] = useState(() => readVisitDraft(slot));
  const latest = useRef(now);
  latest.current = now;
  const kept = useRef<string | undefined>(textOf(now()));
  const told = useRef(false);
  const over = useRef(false);
  useEffect(() => {
    const keep = () => {
      const draft = latest.current();
      const text = textOf(draft);
      if (over.current || text === kept.current) return;
      const begins = kept.current === undefined;
      kept.current = text;
      if (begins) return;
      if (keepVisitDraft(form, fields, slot, draft) || told.current) return;
      told.current = true;
      showNotice(t('visit.draftNoRoom'));
    };
    const timer = setInterval(keep, draftEvery);
    return () => {
      clearInterval(timer);
      keep();
    };
  }, [form, fields, slot]);
  return {
    found,
    close: () => setFound(undefined),
    /** It is saved, and what stands from now on is another one. */
    next() {
      dropVisitDraft(slot);
      kept.current = undefined;
    },
    /** The visit is saved, or waits to be sent. */
    done() {
      over.current = true;
      dropVisitDraft(slot);
    },
  };
}

/** What of a draft is somebody's work: a customer alone is chosen again at a tap. */
function textOf({ content, plan, nextAt, more, files }: VisitDraft): string {
  return JSON.stringify([content, plan, nextAt, more, files]);
}
