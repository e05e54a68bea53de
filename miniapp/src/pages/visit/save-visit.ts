import { messageOf } from '../../api/message.js';
import { keepForLater } from '../../data/outbox.js';
import { rememberCustomer } from '../../data/recent-customers.js';
import type { FormView, Json, Ref, Values } from '../../data/record-types.js';
import { invalidate } from '../../data/resource.js';
import { daysBetween, instantOf, wallClock } from '../../data/time.js';
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
  customer: Ref;
  content: string;
  /** Date, or '' for no next step. */
  nextAt: string;
  place: Place | undefined;
  uploads: readonly Upload[];
}

/** Reminders come at nine in the morning of the chosen day. */
const remindAt = '09:00';
let current: { key: string; id: string } | null = null;

/** The id of this visit: the same content tried again keeps it, so that a lost answer does not make a second record. */
function idOf(visit: Visit): string {
  const key = JSON.stringify([visit.customer.id, visit.content, visit.nextAt]);
  if (current?.key !== key) current = { key, id: uuidV7() };
  return current.id;
}

function valuesOf({ fields, customer, content, nextAt, place, uploads }: Visit): Values {
  const now = Date.now();
  const values: Values = { [fields.customer.key]: { ...customer }, [fields.content.key]: content };
  const date = (field: VisitFields['at'], day: string, time: string): Json =>
    field?.type === 'date' ? day : instantOf(zone(), day, time);
  const wall = wallClock(zone(), now);
  if (fields.at) values[fields.at.key] = fields.at.type === 'date' ? wall.date : new Date(now).toISOString();
  if (fields.method) values[fields.method.field.key] = fields.method.visit;
  if (fields.nextAt && nextAt) values[fields.nextAt.key] = date(fields.nextAt, nextAt, remindAt);
  if (fields.place && place) values[fields.place.key] = { ...place };
  const stored = uploads.flatMap((upload) => (upload.stored ? [{ ...upload.stored }] : []));
  if (fields.photos && stored.length > 0) values[fields.photos.key] = stored;
  return values;
}

function savedText(nextAt: string): string {
  if (!nextAt) return t('visit.saved');
  const days = daysBetween(wallClock(zone(), Date.now()).date, nextAt);
  return days === 1 ? t('visit.savedTomorrow') : t('visit.savedNext', { n: days });
}

async function undo(visit: Visit, id: string): Promise<void> {
  try {
    await deleteRecord(visit.form.id, id);
    invalidate('data:related');
    showNotice(t('visit.undone'));
  } catch (error) {
    showNotice(messageOf(error));
  }
}

/** Saves the visit and goes back; without a network it waits on the phone. Answers what went wrong, if anything did. */
export async function saveVisit(visit: Visit): Promise<string | undefined> {
  const id = idOf(visit);
  const values = valuesOf(visit);
  const unsent = visit.uploads.filter((upload) => !upload.stored);
  try {
    // Photos that could not be sent wait for the network together with their visit.
    if (unsent.length > 0) return await later(visit, id, values, unsent);
    await createRecord(visit.form, id, values);
  } catch (error) {
    return isOffline(error) ? later(visit, id, values, unsent) : messageOf(error);
  }
  current = null;
  rememberCustomer(visit.customer);
  invalidate('data:related');
  showNotice(savedText(visit.nextAt), { text: t('common.undo'), run: () => void undo(visit, id) });
  back();
  return undefined;
}

async function later(visit: Visit, id: string, values: Values, unsent: readonly Upload[]): Promise<string | undefined> {
  const photos = visit.fields.photos?.key;
  const kept = await keepForLater({
    id,
    formId: visit.form.id,
    title: visit.customer.label,
    values: wireValues(visit.form, values),
    files: photos ? unsent.map((upload) => ({ field: photos, file: upload.file })) : [],
  });
  if (!kept) return t('outbox.full');
  current = null;
  rememberCustomer(visit.customer);
  showNotice(t('outbox.kept'));
  back();
  return undefined;
}
