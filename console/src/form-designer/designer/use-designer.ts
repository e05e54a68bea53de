import { createContext, useCallback, useContext, useEffect, useMemo, useReducer, useRef, useState } from 'react';
import type { FormView } from '../../api/queries.js';
import type { DesignAction } from '../model/actions.js';
import { type Design, designOf } from '../model/design.js';
import { type DesignDiff, diffOf, isEmptyDiff } from '../model/diff.js';
import { type Draft, dropDraft, loadDraft, saveDraft } from '../model/draft.js';
import { historyOf, historyReducer } from '../model/history.js';

export type Selection = { kind: 'form' } | { kind: 'field'; uid: string } | { kind: 'section'; uid: string };

export interface Designer {
  form: FormView;
  /** The published form that the draft stands on, and its version. */
  base: Design;
  version: number;
  design: Design;
  diff: DesignDiff;
  dirty: boolean;
  /** The form was published by someone else since the draft began. */
  stale: boolean;
  /** When the draft was last kept in this browser; `failed` when it could not be. */
  saved: { at: Date } | 'failed' | null;
  /** Time of the draft that was found when the page opened. */
  restored: Date | null;
  selection: Selection;
  select(selection: Selection): void;
  act(action: DesignAction, merge?: string): void;
  seal(): void;
  undo(): void;
  redo(): void;
  canUndo: boolean;
  canRedo: boolean;
  /** Takes the published form as it is now; the draft is forgotten. */
  adopt(form: FormView): void;
  /** Goes on with `design` as a draft on the published form as it is now. */
  rebase(form: FormView, design: Design): void;
  /** Uid of a field just added: its name box takes the focus. */
  fresh: string | null;
  setFresh(uid: string | null): void;
}

export const DesignerContext = createContext<Designer | null>(null);

/** The designer of the page; only inside `DesignerContext`. */
export function useDesigner(): Designer {
  const designer = useContext(DesignerContext);
  if (!designer) throw new Error('useDesigner stands outside of DesignerContext');
  return designer;
}

const pause = 400;

interface Ground {
  base: Design;
  version: number;
}

function begin(form: FormView): { ground: Ground; design: Design; draft: Draft | undefined } {
  const draft = loadDraft(localStorage, form.id);
  const published = designOf(form);
  if (!draft || isEmptyDiff(diffOf(draft.base, draft.design))) {
    return { ground: { base: published, version: form.version }, design: published, draft: undefined };
  }
  return { ground: { base: draft.base, version: draft.version }, design: draft.design, draft };
}

/** State of one form's designer. `form` is the published form as the server says it is now. */
export function useDesignerState(form: FormView): Designer {
  const [start] = useState(() => begin(form));
  const [ground, setGround] = useState(start.ground);
  const [history, dispatch] = useReducer(historyReducer, start.design, historyOf);
  const [selection, select] = useState<Selection>({ kind: 'form' });
  const [saved, setSaved] = useState<Designer['saved']>(start.draft ? { at: new Date(start.draft.savedAt) } : null);
  const [restored, setRestored] = useState(start.draft ? new Date(start.draft.savedAt) : null);
  const [fresh, setFresh] = useState<string | null>(null);
  const design = history.present;
  const diff = useMemo(() => diffOf(ground.base, design), [ground.base, design]);
  const dirty = !isEmptyDiff(diff);

  const adopt = useCallback((next: FormView) => {
    const published = designOf(next);
    dropDraft(localStorage, next.id);
    setGround({ base: published, version: next.version });
    setSaved(null);
    setRestored(null);
    dispatch({ type: 'reset', design: published });
  }, []);

  const rebase = useCallback((next: FormView, merged: Design) => {
    setGround({ base: designOf(next), version: next.version });
    dispatch({ type: 'do', action: { type: 'replace', design: merged } });
  }, []);

  // Someone else published while nothing was changed here: simply show the new form.
  useEffect(() => {
    if (form.version !== ground.version && !dirty) adopt(form);
  }, [form, ground.version, dirty, adopt]);

  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    const timer = setTimeout(() => {
      if (!dirty) {
        dropDraft(localStorage, form.id);
        return;
      }
      const savedAt = new Date();
      const draft: Draft = { format: 1, ...ground, design, savedAt: savedAt.toISOString() };
      setSaved(saveDraft(localStorage, form.id, draft) ? { at: savedAt } : 'failed');
    }, pause);
    return () => clearTimeout(timer);
  }, [design, ground, dirty, form.id]);

  // Undo may take away what is selected.
  useEffect(() => {
    if (selection.kind === 'field' && !design.fields[selection.uid]) select({ kind: 'form' });
    if (selection.kind === 'section' && !design.sections.some((section) => section.uid === selection.uid)) {
      select({ kind: 'form' });
    }
  }, [design, selection]);

  return {
    form,
    base: ground.base,
    version: ground.version,
    design,
    diff,
    dirty,
    stale: dirty && form.version !== ground.version,
    saved,
    restored,
    selection,
    select,
    act: useCallback(
      (action: DesignAction, merge?: string) => dispatch({ type: 'do', action, ...(merge ? { merge } : {}) }),
      [],
    ),
    seal: useCallback(() => dispatch({ type: 'seal' }), []),
    undo: useCallback(() => dispatch({ type: 'undo' }), []),
    redo: useCallback(() => dispatch({ type: 'redo' }), []),
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    adopt,
    rebase,
    fresh,
    setFresh,
  };
}
