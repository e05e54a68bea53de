import type { FormId, RecordId } from '@lianke/shared/ids';
import { api } from '../../api/client.js';
import { keptRecord } from '../../data/kept-record.js';
import { recentCustomers } from '../../data/recent-customers.js';
import type { FormView, RecordRow, Ref } from '../../data/record-types.js';
import { useResource } from '../../data/resource.js';

/** The chosen customer, for its name and its place. */
export function useCustomer(customers: FormView, id: string | undefined): RecordRow | undefined {
  return useResource(
    id ? `data:${customers.id}:record:${id}` : null,
    () => api('records.get', { params: { formId: customers.id as FormId, id: (id ?? '') as RecordId } }),
    keptRecord(customers),
  ).data;
}

const chipsAtMost = 5;

/** The last five customers used on this phone, filled up with those of mine that changed last. */
export function useRecent(customers: FormView): Ref[] {
  const known = recentCustomers();
  const mine = useResource(
    known.length < chipsAtMost ? `data:${customers.id}:mine` : null,
    () =>
      api('records.query', {
        params: { formId: customers.id as FormId },
        body: {
          filter: { field: 'owner', op: 'eq', value: { me: true } },
          sort: [{ field: 'updatedAt', dir: 'desc' }],
          fields: [],
          limit: chipsAtMost,
          total: false,
        },
      }),
    true,
  );
  const others = (mine.data?.items ?? []).filter((item) => !known.some((other) => other.id === item.id));
  return [...known, ...others.map((item) => ({ id: item.id, label: item.label }))].slice(0, chipsAtMost);
}
