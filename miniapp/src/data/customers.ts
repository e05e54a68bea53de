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
      return items;
    },
    true,
  );
}

/** My records not contacted for 30 days; undefined when the form keeps no last contact. */
export function neglectedFilter(form: FormView): Filter | undefined {
  const field = form.fields.find((item) => item.type === 'lastContact');
  if (!field) return undefined;
  return {
    and: [
      { field: 'owner', op: 'eq', value: { me: true } },
      { field: field.key, op: 'eq', value: { rel: 'moreThanNDaysAgo', n: neglectedDays } },
    ],
  };
}
