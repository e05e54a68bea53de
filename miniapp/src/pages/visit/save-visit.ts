import { holdsSecrets } from '@lianke/shared/records/kept-values';
import { messageOf } from '../../api/message.js';
import { keepForLater, type NewWaiting } from '../../data/outbox.js';
import { rememberCustomer } from '../../data/recent-customers.js';
import type { FormView, Ref, Values } from '../../data/record-types.js';
import { invalidate } from '../../data/resource.js';
import { daysBetween, instantOf, wallClock } from '../../data/time.js';
import { type TodoForm, todoValues } from '../../data/todo-form.js';
import { uuidV7 } from '../../data/uuid.js';
import type { VisitFields } from '../../data/visit-form.js';
import { createRecord, deleteRecord, wireValues } from '../../data/write-record.js';
import type { Upload } from '../../fields/file-picker.js';
import { t } from '../../i18n/index.js';
import type { Place } from '../../platform/location.js';
import { back } from '../../platform/navigate.js';
import { isOffline } from '../../platform/transport.js';
import { zone } from '../../session/session.js';
import { showNotice } from '../../store/notice.js';

export interface Visit {
  form: FormView;
  fields: VisitFields;
  /** Where the next step becomes a to-do; undefined when the company keeps none. */
  todo: TodoForm | undefined;
  customer: Ref;
  content: string;
  plan: string;
  /** Date, or '' for no next step. */
  nextAt: string;
  /** Where it was, and how many metres from the customer's address as far as that is known. */
  place: (Place & { distance?: number | undefined }) | undefined;
  uploads: readonly Upload[];
}

/** A record to make, with the id it will have. */
interface Draft {
  form: FormView;
  id: string;
  values: Values;
}

interface Prepared {
  key: string;
  visit: Draft;
  todo: Draft | undefined;
}

/** Next contacts with a time of day are at nine in the morning. */
const nextTime = '09:00';
let prepared: Prepared | null = null;

function visitValues({ fields, customer, content, plan, nextAt, place, uploads }: Visit): Values {
  const now = Date.now();
  const values: Values = { [fields.customer.key]: { ...customer }, [fields.content.key]: content };
  if (fields.at) {
    values[fields.at.key] = fields.at.type === 'date' ? wallClock(zone(), now).date : new Date(now).toISOString();
  }
  if (fields.method) values[fields.method.field.key] = fields.method.visit;
  if (fields.plan && plan) values[fields.plan.key] = plan;
  if (fields.nextAt && nextAt) {
    values[fields.nextAt.key] = fields.nextAt.type === 'date' ? nextAt : instantOf(zone(), nextAt, nextTime);
  }
  if (fields.place && place) {
    const { distance, ...found } = place;
    values[fields.place.key] = distance === undefined ? { ...found } : { ...found, distance };
  }
  const stored = uploads.flatMap((upload) => (upload.stored ? [{ ...upload.stored }] : []));
  if (fields.photos && stored.length > 0) values[fields.photos.key] = stored;
  return values;
}

/**
 * The records of a visit. Saving the same visit again gives the same ids and values: when the answer to the first
 * attempt was lost, the server recognises the second and makes nothing twice.
 */
function prepare(visit: Visit): Prepared {
  const { form, todo, customer, content, plan, nextAt, uploads } = visit;
  const key = JSON.stringify([
    customer.id,
    content,
    plan,
    nextAt,
    uploads.map((upload) => upload.stored?.id ?? upload.key),
  ]);
  if (prepared?.key === key) return prepared;
  const title = t('visit.todoTitle', { customer: customer.label, plan: plan ? t('visit.todoPlan', { plan }) : '' });
  const next =
    todo && nextAt
      ? { form: todo.form, id: uuidV7(), values: todoValues(todo, customer, title, nextAt, zone()) }
      : undefined;
  prepared = { key, visit: { form, id: uuidV7(), values: visitValues(visit) }, todo: next };
  return prepared;
}

function savedText(nextAt: string, reminded: boolean): string {
  if (!reminded) return t('visit.saved');
  const days = daysBetween(wallClock(zone(), Date.now()).date, nextAt);
  return days === 1 ? t('visit.savedTomorrow') : t('visit.savedNext', { n: days });
}

async function undo(drafts: readonly Draft[]): Promise<void> {
  try {
    for (const { form, id } of drafts) await deleteRecord(form.id, id);
    showNotice(t('visit.undone'));
  } catch (error) {
    showNotice(messageOf(error));
  }
  invalidate('data:related');
}

function leave(customer: Ref, then: () => void): void {
  prepared = null;
  rememberCustomer(customer);
  invalidate('data:related');
  then();
}

/**
 * Saves the visit and goes back, or does what else follows; without a network it waits on the phone. Answers what went
 * wrong, if anything did.
 */
export async function saveVisit(visit: Visit, then: () => void = back): Promise<string | undefined> {
  const records = prepare(visit);
  const unsent = visit.uploads.filter((upload) => !upload.stored);
  const all = records.todo ? [records.visit, records.todo] : [records.visit];
  // Photos that could not be sent wait for the network together with their visit.
  if (unsent.length > 0) return later(visit, all, unsent, then);
  for (const [index, draft] of all.entries()) {
    try {
      await createRecord(draft.form, draft.id, draft.values);
    } catch (error) {
      return isOffline(error) ? later(visit, all.slice(index), [], then) : messageOf(error);
    }
  }
  showNotice(savedText(visit.nextAt, records.todo !== undefined), {
    text: t('common.undo'),
    run: () => void undo(all),
  });
  leave(visit.customer, then);
  return undefined;
}

async function later(
  visit: Visit,
  drafts: readonly Draft[],
  unsent: readonly Upload[],
  then: () => void,
): Promise<string | undefined> {
  if (drafts.some(({ form, values }) => holdsSecrets(form.fields, values))) return t('outbox.secret');
  const photos = visit.fields.photos?.key;
  const waiting: NewWaiting[] = drafts.map(({ form, id, values }) => ({
    id,
    formId: form.id,
    title: visit.customer.label,
    values: wireValues(form, values),
    files: photos && form === visit.form ? unsent.map((upload) => ({ field: photos, file: upload.file })) : [],
  }));
  if (!(await keepForLater(waiting))) return t('outbox.full');
  showNotice(t('outbox.kept'));
  leave(visit.customer, then);
  return undefined;
}
