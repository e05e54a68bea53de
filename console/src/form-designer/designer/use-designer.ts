import { useQueryClient } from '@tanstack/react-query';
import { createContext, useCallback, useContext, useEffect, useMemo, useReducer, useState } from 'react';
import { type FormView, keys } from '../../api/queries.js';
import type { DesignAction } from '../model/actions.js';
import { type Design, designOf } from '../model/design.js';
import { type DesignDiff, diffOf, isEmptyDiff } from '../model/diff.js';
import type { Draft } from '../model/draft.js';
import { historyOf, historyReducer } from '../model/history.js';
import { type DraftState, useDraft } from './use-draft.js';

export type Selection =
  | { kind: 'form' }
  | { kind: 'field'; uid: string /** Of a subform: the field of its rows. */; inner?: string }
  | { kind: 'section'; uid: string }
  /** Words or a line. */
  | { kind: 'element'; uid: string };

/** Selects what stands under this `uid` on the canvas. */
export function selectionOf(design: Design, uid: string): Selection {
  return { kind: design.elements?.[uid] ? 'element' : 'field', uid };
}

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
  /** How the draft is kept on the server. */
  draft: DraftState;
  /** The draft that was found when the page opened, or came from another designer since. */
  restored: Draft | null;
  selection: Selection;
  select(selection: Selection): void;
  act(action: DesignAction, merge?: string): void;
  seal(): void;
  undo(): void;
  redo(): void;
  canUndo: boolean;
  canRedo: boolean;
  /** Takes the published form as it is now. Unless the draft was published with it, the draft is given up. */
  adopt(form: FormView, published?: boolean): void;
  /** Goes on with `design` as a draft on the published form as it is now. */
  rebase(form: FormView, design: Design): void;
  /** Goes on from the other designer's draft, with `design` in its place. */
  takeOver(other: Draft, design: Design): void;
  /** The fields are those of a subform's rows. */
  ofRows?: boolean;
  /** Of rows: the design of the form that the subform stands in. */
  around?: Design;
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

interface Ground {
  base: Design;
  version: number;
}

/** State of one form's designer. `form` is the published form as the server says it is now, `found` its draft. */
export function useDesignerState(form: FormView, found: Draft | undefined): Designer {
  const [ground, setGround] = useState<Ground>(() =>
    found ? { base: found.base, version: found.version } : { base: designOf(form), version: form.version },
  );
  const [history, dispatch] = useReducer(historyReducer, found?.design ?? ground.base, historyOf);
  const client = useQueryClient();
  const [selection, select] = useState<Selection>({ kind: 'form' });
  const [restored, setRestored] = useState(found ?? null);
  const [fresh, setFresh] = useState<string | null>(null);
  const design = history.present;
  const diff = useMemo(() => diffOf(ground.base, design), [ground.base, design]);
  const dirty = !isEmptyDiff(diff);
  const draft = useDraft(form, found, { ...ground, design, dirty }, (other) => {
    if (other) takeOver(other, other.design);
    else {
      adopt(form, true);
      void client.invalidateQueries({ queryKey: keys.form(form.id), exact: true });
    }
  });
  const { accept, settled } = draft;

  const adopt = useCallback(
    (next: FormView, published = false) => {
      const design = designOf(next);
      setGround({ base: design, version: next.version });
      setRestored(null);
      dispatch({ type: 'reset', design });
      settled(published);
    },
    [settled],
  );

  const rebase = useCallback((next: FormView, merged: Design) => {
    setGround({ base: designOf(next), version: next.version });
    dispatch({ type: 'do', action: { type: 'replace', design: merged } });
  }, []);

  const takeOver = useCallback(
    (other: Draft, next: Design) => {
      setGround({ base: other.base, version: other.version });
      setRestored(other);
      dispatch(
        next === other.design
          ? { type: 'reset', design: next }
          : { type: 'do', action: { type: 'replace', design: next } },
      );
      accept(other);
    },
    [accept],
  );

  // Someone else published while nothing was changed here: simply show the new form.
  useEffect(() => {
    if (form.version !== ground.version && !dirty) adopt(form);
  }, [form, ground.version, dirty, adopt]);

  // Undo may take away what is selected.
  useEffect(() => {
    if (selection.kind === 'field' && !design.fields[selection.uid]) select({ kind: 'form' });
    if (selection.kind === 'element' && !design.elements?.[selection.uid]) select({ kind: 'form' });
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
    draft,
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
    takeOver,
    fresh,
    setFresh,
  };
}
