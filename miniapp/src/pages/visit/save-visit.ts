import { holdsSecrets } from '@lianke/shared/records/kept-values';
import { messageOf } from '../../api/message.js';
import { type FieldErrors, refusedFields } from '../../data/form-check.js';
import { forgetLocalFiles, releaseLocalFiles } from '../../data/local-files.js';
import { localIds, refusedFiles, unsentIn, withoutLocals } from '../../data/local-values.js';
import { keepForLater, type NewWaiting, removeWaiting } from '../../data/outbox.js';
import { flushOutbox } from '../../data/outbox-send.js';
import { rememberCustomer } from '../../data/recent-customers.js';
import type { FormView, Values } from '../../data/record-types.js';
import { invalidate } from '../../data/resource.js';
import { daysBetween, wallClock } from '../../data/time.js';
import { todoValues } from '../../data/todo-form.js';
import { createOrChange, deleteRecord, wireValues } from '../../data/write-record.js';
import type { Upload } from '../../fields/file-picker.js';
import { t } from '../../i18n/index.js';
import { forgetFile } from '../../platform/kept-files.js';
import { back } from '../../platform/navigate.js';
import { isOffline, isUnreachable } from '../../platform/transport.js';
import { zone } from '../../session/session.js';
import { showNotice } from '../../store/notice.js';
import { type Visit, visitValues } from './visit-values.js';

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

let prepared: Prepared | null = null;

/**
 * The records of a visit. Saving the same visit again gives the same ids and values: when the answer to the first
 * attempt was lost, the server recognises the second and makes nothing twice.
 */
function prepare(visit: Visit): Prepared {
  const { ids, form, todo, customer, content, plan, nextAt, more, uploads } = visit;
  const key = JSON.stringify([
    ids,
    customer.id,
    content,
    plan,
    nextAt,
    more,
    uploads.map((upload) => upload.stored?.id ?? upload.key),
  ]);
  if (prepared?.key === key) return prepared;
  const title = t('visit.todoTitle', { customer: customer.label, plan: plan ? t('visit.todoPlan', { plan }) : '' });
  const next =
    todo && nextAt
      ? { form: todo.form, id: ids.todo, values: todoValues(todo, customer, title, nextAt, zone()) }
      : undefined;
  prepared = { key, visit: { form, id: ids.visit, values: visitValues(visit) }, todo: next };
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

function leave({ customer, uploads }: Visit, then: () => void): void {
  prepared = null;
  rememberCustomer(customer);
  for (const { stored, file } of uploads) if (stored) forgetFile(file);
  invalidate('data:related');
  then();
}

/** Why a visit could not be saved; `fields` says it of single ones. */
export interface Problem {
  text: string;
  fields?: FieldErrors | undefined;
}

/**
 * Saves the visit and goes back, or does what else follows; without a network it waits on the phone. Answers what went
 * wrong, if anything did.
 */
export async function saveVisit(visit: Visit, then: () => void = back): Promise<Problem | undefined> {
  const records = prepare(visit);
  const unsent = visit.uploads.filter((upload) => !upload.stored);
  const all = records.todo ? [records.visit, records.todo] : [records.visit];
  const others = unsentIn(visit.more);
  const wrong = refusedFiles(others, visit.more);
  if (Object.keys(wrong).length > 0) return { text: t('visit.photoRefused'), fields: wrong };
  const refused = unsent.find((upload) => upload.failed && !upload.later);
  if (refused?.failed && visit.fields.photos) {
    return { text: t('visit.photoRefused'), fields: { [visit.fields.photos.key]: refused.failed } };
  }
  // Photos that could not be sent wait together with their visit.
  const waiting = [...unsent, ...others.map(({ upload }) => upload)];
  if (waiting.length > 0) {
    const problem = await later(visit, all, unsent, waiting.every(({ failed }) => failed) ? 'offline' : 'slow', then);
    void flushOutbox();
    return problem;
  }
  for (const [index, draft] of all.entries()) {
    try {
      await createOrChange(draft.form, draft.id, draft.values);
    } catch (error) {
      if (isUnreachable(error)) return later(visit, all.slice(index), [], isOffline(error) ? 'offline' : 'away', then);
      return { text: messageOf(error), fields: draft === records.visit ? refusedFields(error) : undefined };
    }
  }
  removeWaiting([visit.ids.visit, visit.ids.todo]);
  showNotice(savedText(visit.nextAt, records.todo !== undefined), {
    text: t('common.undo'),
    run: () => void undo(all),
  });
  forgetLocalFiles(localIds(visit.more));
  leave(visit, then);
  return undefined;
}

/** What is said when a visit waits: there is no network, the server is away, or its photos take long. */
const keptTexts = { offline: 'outbox.kept', away: 'outbox.keptAway', slow: 'outbox.keptSlow' } as const;

async function later(
  visit: Visit,
  drafts: readonly Draft[],
  unsent: readonly Upload[],
  why: keyof typeof keptTexts,
  then: () => void,
): Promise<Problem | undefined> {
  if (drafts.some(({ form, values }) => holdsSecrets(form.fields, values))) return { text: t('outbox.secret') };
  const photos = visit.fields.photos?.key;
  const files = [
    ...unsent.flatMap(({ file }) => (photos ? [{ field: photos, file }] : [])),
    ...unsentIn(visit.more).map(({ upload, ...place }) => ({ ...place, file: upload.file })),
  ];
  const waiting: NewWaiting[] = drafts.map(({ form, id, values }) => ({
    ...{ id, formId: form.id, title: visit.customer.label },
    ...{ values: wireValues(form, values), filled: withoutLocals(values) },
    ...(form === visit.form ? { visit: true, files } : { after: visit.ids.visit, files: [] }),
    at: visit.when ?? Date.now(),
  }));
  const kept = await keepForLater(waiting);
  if (kept !== 'kept') return { text: t(kept === 'full' ? 'outbox.full' : 'outbox.noFile') };
  releaseLocalFiles(localIds(visit.more));
  showNotice(t(keptTexts[why]));
  leave(visit, then);
  return undefined;
}
