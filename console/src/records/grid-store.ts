import type { Filter } from '@lianke/shared/filter/ast';
import type { ViewGroup } from '@lianke/shared/forms/views';
import type { SortItem } from '@lianke/shared/records/query';
import { create } from 'zustand';

/** What a reader changed of a view without saving it; absent parts are the view's own. */
export interface ViewDraft {
  filter?: Filter | null;
  sort?: SortItem[];
  groups?: ViewGroup[];
}

interface FormState {
  /** By view id; `all` is the form's own list. */
  drafts: Record<string, ViewDraft>;
  search: string;
  scrollTop: number;
}

interface GridStore {
  forms: Record<string, FormState>;
  patch: (formId: string, change: Partial<FormState>) => void;
  draft: (formId: string, viewId: string, change: ViewDraft | null) => void;
}

const fresh: FormState = { drafts: {}, search: '', scrollTop: 0 };

/** Unsaved filters, search and scroll place of every list: they outlive a visit to a record's page. */
export const useGridStore = create<GridStore>((set) => ({
  forms: {},
  patch: (formId, change) =>
    set(({ forms }) => ({ forms: { ...forms, [formId]: { ...(forms[formId] ?? fresh), ...change } } })),
  draft: (formId, viewId, change) =>
    set(({ forms }) => {
      const state = forms[formId] ?? fresh;
      const drafts = { ...state.drafts };
      if (change === null) delete drafts[viewId];
      else drafts[viewId] = { ...drafts[viewId], ...change };
      return { forms: { ...forms, [formId]: { ...state, drafts } } };
    }),
}));

/** One form's part of the store. */
export function useFormState(formId: string): FormState {
  return useGridStore((store) => store.forms[formId] ?? fresh);
}
