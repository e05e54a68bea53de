import type { FormId } from '@lianke/shared/ids';
import { api } from '../api/client.js';
import { type Catalog, crmForm } from './forms.js';
import { type FormView, isRef, type RecordRow, type Ref } from './record-types.js';
import { useResource } from './resource.js';
import type { Task } from './tasks.js';
import { type VisitFields, visitFields } from './visit-form.js';

/** A customer to see today, and what for. */
export interface PlannedVisit {
  customer: Ref;
  plan: string;
}

const shownAtMost = 50;

/** Customers of to-dos that are due, then those whose next contact was set to today; each once. */
export function plannedVisits(
  todos: readonly Task[],
  customersId: string,
  followUps: readonly RecordRow[],
  fields: Pick<VisitFields, 'customer' | 'plan'> | undefined,
): PlannedVisit[] {
  const due = todos.flatMap(({ kind, urgency, subject, title }) =>
    kind === 'todo' && (urgency === 'today' || urgency === 'overdue') && subject?.formId === customersId
      ? [{ customer: { id: subject.id, label: subject.label }, plan: title }]
      : [],
  );
  const next = followUps.flatMap((record) => {
    const customer = fields && record.values[fields.customer.key];
    if (!isRef(customer)) return [];
    const plan = fields?.plan ? record.values[fields.plan.key] : null;
    return [{ customer, plan: typeof plan === 'string' && plan ? plan : record.label }];
  });
  const seen = new Set<string>();
  return [...due, ...next].filter(({ customer }) => !seen.has(customer.id) && seen.add(customer.id));
}

/** The reader's visits of today. The follow-ups are asked for once the to-dos, which come first, are there. */
export function usePlannedVisits(
  catalog: Catalog | undefined,
  todos: readonly Task[] | undefined,
): { customers: FormView; visits: PlannedVisit[] } | undefined {
  const customers = crmForm(catalog, 'customer');
  const followUp = crmForm(catalog, 'followUp');
  const fields = customers && followUp ? visitFields(followUp, customers.id) : undefined;
  const nextAt = fields?.nextAt;
  const planned = useResource(todos && followUp && nextAt ? `data:${followUp.id}:plannedToday` : null, async () => {
    const mine = { field: 'owner', op: 'eq', value: { me: true } } as const;
    const today = { field: nextAt?.key ?? '', op: 'eq', value: { rel: 'today' } } as const;
    const params = { formId: (followUp?.id ?? '') as FormId };
    const body = { filter: { and: [mine, today] }, limit: shownAtMost, total: false };
    return (await api('records.query', { params, body })).items;
  });
  if (!customers || !todos) return undefined;
  return { customers, visits: plannedVisits(todos, customers.id, planned.data ?? [], fields) };
}
