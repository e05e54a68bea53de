import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { Filter } from '@lianke/shared/filter/ast';
import type { FormId } from '@lianke/shared/ids';
import { api } from '../api/client.js';
import { createStore } from '../store/store.js';
import type { FormView } from './record-types.js';
import { type Resource, useResource } from './resource.js';

export type View = AnswerOf<'views.list'>['items'][number];

/** Which view the customer list opens with: 工作台 asks for 「30 天未联系」 before it switches to the tab. */
export const customerChoice = createStore<{ view: string; search: string }>({ view: 'all', search: '' });
export const neglectedView = 'neglected';
const neglectedDays = 30;

export function useViews(form: FormView | undefined): Resource<View[]> {
  return useResource(
    form ? `views.${form.id}` : null,
    async () => {
      if (!form) return [];
      const { items } = await api('views.list', { params: { formId: form.id as FormId } });
      // A chart or a map of everything is no shorter list on a phone.
      return items.filter((view) => view.filter || (view.type !== 'gantt' && view.type !== 'map'));
    },
    true,
  );
}

/** The chips above a list: its saved views, with 全部 before them unless one of them shows everything. */
export function viewChips(views: readonly View[], allLabel: string): { key: string; label: string }[] {
  const named = views.map((view) => ({ key: view.id as string, label: view.name }));
  return views.some((view) => !view.filter) ? named : [{ key: 'all', label: allLabel }, ...named];
}

/** The view a chip's key stands for; 全部 is the saved view without a filter, where there is one. */
export function viewByKey(views: readonly View[], key: string): View | undefined {
  return key === 'all' ? views.find((view) => !view.filter) : views.find((view) => view.id === key);
}

export interface Neglected {
  key: string;
  filter: Filter;
}

/**
 * Customers not contacted for 30 days: the form's own view of that name, else my customers by their last contact.
 * Undefined when the form keeps no last contact.
 */
export function neglected(form: FormView, views: readonly View[]): Neglected | undefined {
  const named = views.find((view) => view.filter && view.name.includes(String(neglectedDays)));
  if (named?.filter) return { key: named.id, filter: named.filter };
  const field = form.fields.find((item) => item.type === 'lastContact');
  if (!field) return undefined;
  const long: Filter = { field: field.key, op: 'eq', value: { rel: 'moreThanNDaysAgo', n: neglectedDays } };
  return { key: neglectedView, filter: { and: [{ field: 'owner', op: 'eq', value: { me: true } }, long] } };
}
