import type { FormId } from '@lianke/shared/ids';
import { nextStepFields, visitsQuestion } from '@lianke/shared/workbench/visits';
import { api } from '../api/client.js';
import { type Catalog, crmForm } from './forms.js';
import { plannedKey } from './keys.js';
import { type FormView, isRef, type ReadField, type RecordRow, type Ref } from './record-types.js';
import { useResource } from './resource.js';
import type { Task } from './tasks.js';

/** A customer to see today, and what for. */
export interface PlannedVisit {
  customer: Ref;
  plan: string;
}

/** Customers of to-dos that are due, then those whose next contact was set to today; each once. */
export function plannedVisits(
  todos: readonly Task[],
  customersId: string,
  followUps: readonly RecordRow[],
  fields: { customer?: ReadField | undefined; plan?: ReadField | undefined },
): PlannedVisit[] {
  const due = todos.flatMap(({ kind, urgency, subject, title }) =>
    kind === 'todo' && (urgency === 'today' || urgency === 'overdue') && subject?.formId === customersId
      ? [{ customer: { id: subject.id, label: subject.label }, plan: title }]
      : [],
  );
  const next = followUps.flatMap((record) => {
    const customer = fields.customer && record.values[fields.customer.key];
    if (!isRef(customer)) return [];
    const plan = fields.plan ? record.values[fields.plan.key] : null;
    return [{ customer, plan: typeof plan === 'string' && plan ? plan : record.label }];
  });
  const seen = new Set<string>();
  return [...due, ...next].filter(({ customer }) => !seen.has(customer.id) && seen.add(customer.id));
}

/** The reader's visits of today. The follow-ups come with the first screen; read again, they follow the to-dos. */
export function usePlannedVisits(
  catalog: Catalog | undefined,
  todos: readonly Task[] | undefined,
): { customers: FormView; visits: PlannedVisit[] } | undefined {
  const customers = crmForm(catalog, 'customer');
  const question = todos && visitsQuestion(catalog);
  const planned = useResource(question ? plannedKey(question.formId) : null, async () => {
    if (!question) return [];
    const { formId, ...body } = question;
    const params = { formId: formId as FormId };
    return (await api('records.query', { params, body: { ...body, total: false } })).items;
  });
  const followUp = crmForm(catalog, 'followUp');
  if (!customers || !todos) return undefined;
  const fields = followUp ? nextStepFields(followUp, customers.id) : {};
  return { customers, visits: plannedVisits(todos, customers.id, planned.data ?? [], fields) };
}
