import type { FlowDetail } from '@lianke/shared/flows/api';
import { type FlowDefinition, flowDefinition } from '@lianke/shared/flows/definition';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { api } from '../../api/client.js';
import { keys } from '../../api/queries.js';
import { type History, pushStep, redoStep, startHistory, undoStep } from '../../shared/designer/undo.js';
import { type Autosave, useAutosave } from '../../shared/designer/use-autosave.js';
import { forgetLocal, keepLocal, readLocal } from './local-draft.js';

export interface FlowDraft {
  def: FlowDefinition;
  history: History<FlowDefinition>;
  save: Autosave;
  /** Something unfinished from an earlier visit stands on the canvas. */
  restored: boolean;
  /** Back to what the server has. */
  discard(): void;
  change(next: (def: FlowDefinition) => FlowDefinition, merge?: string): void;
  undo(): void;
  redo(): void;
}

/**
 * The draft of a flow: its definition with undo, saved by itself. What the contract refuses (a step without its target
 * form) is kept in this browser until it is filled in.
 */
export function useFlowDraft(flow: FlowDetail): FlowDraft {
  const client = useQueryClient();
  const [opened] = useState(() => ({ saved: flow.definition, local: readLocal(flow.id, flow.updatedAt) }));
  const [history, setHistory] = useState(() => startHistory<FlowDefinition>(opened.local ?? opened.saved));
  const [restored, setRestored] = useState(opened.local !== undefined);
  const def = history.present;
  const ready = useMemo(() => flowDefinition.safeParse(def).success, [def]);

  const send = useCallback(
    async (definition: FlowDefinition) => {
      const detail = await api('flows.update', { params: { id: flow.id }, body: { definition } });
      forgetLocal(flow.id);
      client.setQueryData(keys.flow(flow.id), detail);
      void client.invalidateQueries({ queryKey: keys.flows() });
    },
    [client, flow.id],
  );
  const save = useAutosave(def, opened.saved, ready, send);

  useEffect(() => {
    if (!ready) keepLocal(flow.id, def);
  }, [ready, def, flow.id]);

  return {
    def,
    history,
    save,
    restored,
    discard: () => {
      forgetLocal(flow.id);
      setRestored(false);
      setHistory((old) => pushStep(old, opened.saved));
    },
    change: useCallback((next, merge) => setHistory((old) => pushStep(old, next(old.present), merge ?? null)), []),
    undo: useCallback(() => setHistory(undoStep), []),
    redo: useCallback(() => setHistory(redoStep), []),
  };
}
