import type { DashboardDefinition, DashboardDraft, DashboardView } from '@lianke/shared/dashboards/definition';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef, useState } from 'react';
import { api } from '../../api/client.js';
import { isCode } from '../../api/errors.js';
import { keys } from '../../api/queries.js';
import { type History, pushStep, redoStep, startHistory, undoStep } from '../../shared/designer/undo.js';
import { type Autosave, useAutosave } from '../../shared/designer/use-autosave.js';

export interface PageDraft {
  def: DashboardDefinition;
  history: History<DashboardDefinition>;
  save: Autosave;
  /** There is something that readers do not see yet. */
  pending: boolean;
  /** Of the draft as the server has it. */
  revision: number;
  /** Someone else saved the draft, or changed what is published, in between; nothing is sent until it is decided whose stands. */
  conflict: 'draft' | 'published' | undefined;
  /** Overwrites what the other saved. */
  useMine(): Promise<void>;
  /** Takes what the other saved; one step of undo brings mine back. */
  useTheirs(): Promise<void>;
  /** Gives up the draft; one step of undo brings it back. */
  discard(): Promise<void>;
  /** Shows everybody the draft; false where somebody came in between, which `conflict` then tells. */
  publish(): Promise<boolean>;
  /** Renames the page; rejects with the API's refusal. */
  rename(name: string): Promise<void>;
  change(next: (def: DashboardDefinition) => DashboardDefinition, merge?: string): void;
  undo(): void;
  redo(): void;
}

/** The page in the making: its definition with undo, saved by itself as a draft that is published on wish. */
export function usePageDraft(page: DashboardView, start: DashboardDraft): PageDraft {
  const client = useQueryClient();
  const [opened] = useState(start.definition);
  const [history, setHistory] = useState(() => startHistory(opened));
  const [conflict, setConflict] = useState<PageDraft['conflict']>();
  const [kept, setKept] = useState(start);
  // What the next save names: a state would be one rendering late for a save right after another.
  const latest = useRef(start);
  const params = { id: page.id };

  const take = (draft: DashboardDraft) => {
    latest.current = draft;
    setKept(draft);
    client.setQueryData<DashboardView>(keys.dashboard(page.id), (old) => old && { ...old, hasDraft: draft.pending });
  };
  const put = (definition: DashboardDefinition) => setHistory((old) => pushStep(old, definition));
  const save = useAutosave(history.present, opened, !conflict, async (definition) => {
    const { version, revision } = latest.current;
    try {
      take(await api('dashboards.saveDraft', { params, body: { definition, version, revision } }));
    } catch (error) {
      if (isCode(error, 'version_conflict')) setConflict('draft');
      throw error;
    }
  });

  return {
    def: history.present,
    history,
    save,
    pending: kept.pending || save.state.kind !== 'saved',
    revision: kept.revision,
    conflict,
    useMine: async () => {
      const [{ revision }, { version }] = await Promise.all([
        api('dashboards.draft', { params }),
        api('dashboards.get', { params }),
      ]);
      take(await api('dashboards.saveDraft', { params, body: { definition: history.present, version, revision } }));
      setConflict(undefined);
    },
    useTheirs: async () => {
      const theirs = await api(conflict === 'published' ? 'dashboards.dropDraft' : 'dashboards.draft', { params });
      take(theirs);
      put(theirs.definition);
      setConflict(undefined);
    },
    discard: async () => {
      await save.flush();
      const published = await api('dashboards.dropDraft', { params });
      take(published);
      put(published.definition);
    },
    publish: async () => {
      try {
        await save.flush();
        const { revision } = latest.current;
        client.setQueryData(keys.dashboard(page.id), await api('dashboards.publish', { params, body: { revision } }));
        return true;
      } catch (error) {
        if (!isCode(error, 'version_conflict')) throw error;
        const now = await api('dashboards.draft', { params });
        setConflict(now.revision === latest.current.revision ? 'published' : 'draft');
        return false;
      }
    },
    rename: async (name) => {
      const view = await api('dashboards.update', { params, body: { name } });
      // A name is no other state of the page: the draft goes on from there.
      const { version } = latest.current;
      if (version === view.version - 1) take({ ...latest.current, version: view.version });
      client.setQueryData(keys.dashboard(page.id), view);
    },
    change: useCallback((next, merge) => setHistory((old) => pushStep(old, next(old.present), merge ?? null)), []),
    undo: useCallback(() => setHistory(undoStep), []),
    redo: useCallback(() => setHistory(redoStep), []),
  };
}
