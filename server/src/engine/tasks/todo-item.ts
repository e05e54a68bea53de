import type { TaskMapping } from '@lianke/shared/forms/definition';
import type { RecordView } from '@lianke/shared/records/query';
import type { TaskItem } from '@lianke/shared/tasks/api';
import { dateIn } from '@lianke/shared/time/zone';
import type { FormMeta } from '../forms/form-meta.js';

/** A record of a task form as the list shows it; what is due before today in the zone is overdue. */
export function todoItem(
  form: FormMeta,
  mapping: TaskMapping,
  record: RecordView,
  { timeZone, now }: { timeZone: string; now: Date },
): TaskItem {
  const value = (ref: string | undefined) => (ref ? (record.values[form.field(ref)?.key ?? ''] ?? null) : null);
  const subject = value(mapping.subject) as { id: string; label: string } | null;
  const subjectForm = subjectFormOf(form, mapping);
  const due = value(mapping.due) as string | null;
  return {
    id: record.id,
    kind: 'todo',
    title: String(value(mapping.title) ?? record.label),
    facts: [],
    subject: subject && subjectForm ? { formId: subjectForm, id: subject.id, label: subject.label } : null,
    record: { formId: form.id, id: record.id },
    starter: null,
    due,
    urgency: urgencyOf(due, timeZone, now),
    createdAt: String(record.values.createdAt ?? ''),
    state: isDone(form, mapping, record) ? 'done' : 'pending',
  };
}

/** The form whose records a task form's to-dos are about. */
export function subjectFormOf(form: FormMeta, mapping: TaskMapping): string | undefined {
  const config = mapping.subject ? form.field(mapping.subject)?.config : undefined;
  return (config as { formId?: string } | undefined)?.formId;
}

function isDone(form: FormMeta, mapping: TaskMapping, record: RecordView): boolean {
  const field = form.field(mapping.done);
  const value = field && record.values[field.key];
  return field?.storage === 'boolean' ? value === true : value === mapping.doneOption;
}

function urgencyOf(due: string | null, zone: string, now: Date): TaskItem['urgency'] {
  if (!due) return 'none';
  const day = due.length === 10 ? due : dateIn(zone, new Date(due));
  const today = dateIn(zone, now);
  return day < today ? 'overdue' : day === today ? 'today' : 'later';
}
