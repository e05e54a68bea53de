import type { RelationConfig } from '@lianke/shared/fields/relation/schema';
import { type Catalog, fieldOf, may } from './forms.js';
import { configOf, type FormView, type Json, type Ref, type Values } from './record-types.js';
import { instantOf } from './time.js';

/** Where to-dos about customers are kept, and which of its fields hold what. */
export interface TodoForm {
  form: FormView;
  title: string;
  due: { key: string; type: string };
  subject: string;
}

/** To-dos with a time of day are due at nine in the morning. */
const dueAt = '09:00';

/** The task form whose records are about `customerFormId` and that the reader may add to. */
export function todoFormFor(catalog: Catalog | undefined, customerFormId: string): TodoForm | undefined {
  for (const form of catalog?.forms ?? []) {
    const mapping = form.settings.task;
    const title = fieldOf(form, mapping?.title);
    const due = fieldOf(form, mapping?.due);
    const subject = fieldOf(form, mapping?.subject);
    if (!title?.writable || !due?.writable || !subject?.writable || !may(form, 'create')) continue;
    if (configOf<RelationConfig>(subject).formId !== customerFormId) continue;
    return { form, title: title.key, due: { key: due.key, type: due.type }, subject: subject.key };
  }
  return undefined;
}

/** A to-do about a customer, due on `date`. */
export function todoValues(todo: TodoForm, customer: Ref, title: string, date: string, zone: string): Values {
  const due: Json = todo.due.type === 'date' ? date : instantOf(zone, date, dueAt);
  return { [todo.title]: title, [todo.subject]: { ...customer }, [todo.due.key]: due };
}
