import { ApiError } from '@lianke/shared/api/client';
import type { DashboardDefinition, DashboardView } from '@lianke/shared/dashboards/definition';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef, useState } from 'react';
import { api } from '../../api/client.js';
import { keys } from '../../api/queries.js';
import { type History, pushStep, redoStep, startHistory, undoStep } from '../../shared/designer/undo.js';
import { type Autosave, useAutosave } from '../../shared/designer/use-autosave.js';

export interface PageDraft {
  def: DashboardDefinition;
  history: History<DashboardDefinition>;
  save: Autosave;
  /** Someone else saved in between; nothing is sent until it is decided whose stands. */
  conflict: boolean;
  /** Overwrites what the other saved. */
  useMine(): Promise<void>;
  /** Takes what the other saved; one step of undo brings mine back. */
  useTheirs(): Promise<void>;
  /** Renames the page; rejects with the API's refusal. */
  rename(name: string): Promise<void>;
  change(next: (def: DashboardDefinition) => DashboardDefinition, merge?: string): void;
  undo(): void;
  redo(): void;
}

/** The page in the making: its definition with undo, saved by itself over the version it was read at. */
export function usePageDraft(page: DashboardView): PageDraft {
  const client = useQueryClient();
  const [opened] = useState(page.definition);
  const [history, setHistory] = useState(() => startHistory(opened));
  const [conflict, setConflict] = useState(false);
  const version = useRef(page.version);
  const params = { id: page.id };

  const take = (view: DashboardView) => {
    version.current = view.version;
    client.setQueryData(keys.dashboard(page.id), view);
  };
  const save = useAutosave(history.present, opened, !conflict, async (definition) => {
    try {
      take(await api('dashboards.update', { params, body: { definition, version: version.current } }));
    } catch (error) {
      if (error instanceof ApiError && error.problem.code === 'version_conflict') setConflict(true);
      throw error;
    }
  });

  return {
    def: history.present,
    history,
    save,
    conflict,
    useMine: async () => {
      const { definition: _, ...latest } = await api('dashboards.get', { params });
      take(
        await api('dashboards.update', {
          params,
          body: { definition: history.present, version: latest.version },
        }),
      );
      setConflict(false);
    },
    useTheirs: async () => {
      const latest = await api('dashboards.get', { params });
      take(latest);
      setHistory((old) => pushStep(old, latest.definition));
      setConflict(false);
    },
    rename: async (name) => {
      // What is unsaved goes first: both raise the version that the next save names.
      await save.flush();
      take(await api('dashboards.update', { params, body: { name, version: version.current } }));
    },
    change: useCallback((next, merge) => setHistory((old) => pushStep(old, next(old.present), merge ?? null)), []),
    undo: useCallback(() => setHistory(undoStep), []),
    redo: useCallback(() => setHistory(redoStep), []),
  };
}
