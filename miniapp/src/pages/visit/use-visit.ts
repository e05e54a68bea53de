import { useEffect, useMemo, useRef, useState } from 'react';
import { freshValues } from '../../data/form-check.js';
import { borrowLocalFiles, forgetLocalFiles, resumeLocalFiles } from '../../data/local-files.js';
import { arrivedValues, localIds } from '../../data/local-values.js';
import { holdWaiting, type Waiting, waitingAfter } from '../../data/outbox.js';
import { flushOutbox } from '../../data/outbox-send.js';
import { recentCustomers } from '../../data/recent-customers.js';
import type { FormView } from '../../data/record-types.js';
import type { TodoForm } from '../../data/todo-form.js';
import type { VisitFields } from '../../data/visit-form.js';
import { useUploads } from '../../fields/use-uploads.js';
import { t } from '../../i18n/index.js';
import { back } from '../../platform/navigate.js';
import { showNotice } from '../../store/notice.js';
import { useCustomer } from './customers.js';
import { metresToCustomer, usePlace } from './place.js';
import { saveVisit } from './save-visit.js';
import { uploadsWait, useAsked } from './use-asked.js';
import { useDraft } from './use-draft.js';
import { draftOf, dropVisitDraft, type VisitDraft } from './visit-draft.js';
import { newIds, otherFields, type Typed } from './visit-values.js';

export interface VisitPage {
  customers: FormView;
  followUp: FormView;
  fields: VisitFields;
  todo: TodoForm | undefined;
  /** The customer that the page was opened for. */
  customerId: string | undefined;
  /** The visit that waits to be sent and is opened again. */
  waiting?: Waiting | undefined;
}

/** Everything the visit page does besides drawing: what is typed, draft, rules, checks, saving. */
export function useVisit({ customers, followUp, fields, todo, customerId, waiting }: VisitPage) {
  const others = useMemo(() => otherFields(followUp, fields), [followUp, fields]);
  // As it stood when the page opened: the queue may change while it is open.
  const [opened] = useState(() => waiting && draftOf(waiting, waitingAfter(waiting.id), fields, others));
  const [typed, setTyped] = useState<Typed>(
    () =>
      opened ?? {
        customer: recentCustomers().find((item) => item.id === customerId) ?? null,
        ...{ content: '', plan: '', nextAt: '', more: freshValues(others, {}) },
      },
  );
  const [busy, setBusy] = useState(false);
  const ids = useRef(opened?.ids ?? newIds());
  const place = usePlace(fields.place !== undefined && !opened, typed.where);
  const photos = useUploads(() => undefined, true);
  useOpened(opened, photos.restore);
  const record = useCustomer(customers, typed.customer?.id ?? customerId);
  useEffect(() => {
    if (record) setTyped((old) => (old.customer ? old : { ...old, customer: { id: record.id, label: record.label } }));
  }, [record]);

  const slot = opened ? `waiting.${opened.ids.visit}` : customerId;
  const draft = useDraft(followUp, fields, slot, () => ({
    ...{ ...typed, ids: ids.current, at: Date.now() },
    // Those of a visit that waits lie in the queue.
    files: opened ? [] : photos.uploads.map(({ key, file, stored }) => ({ key, file, stored })),
  }));

  const { found } = place;
  const where = useMemo(
    () => typed.where ?? (found && { ...found, distance: metresToCustomer({ found }, customers, record) }),
    [typed.where, found, customers, record],
  );
  const { uploads } = photos;
  const asked = useAsked({
    ...{ followUp, fields, typed, setTyped, place: where, uploads },
    missing: () => ({
      ...(typed.content.trim() === '' ? { [fields.content.key]: t('visit.needContent') } : {}),
      ...(typed.customer ? {} : { [fields.customer.key]: t('visit.needCustomer') }),
    }),
  });

  const save = async () => {
    const { customer } = typed;
    if (busy || !asked.isRight() || !customer) return;
    setBusy(true);
    const [arrived, more] = await Promise.all([photos.settled(uploadsWait), asked.more()]);
    const problem = await saveVisit(
      {
        ...{ ...typed, form: followUp, fields, todo, customer, ids: ids.current, place: where, more },
        content: typed.content.trim(),
        plan: typed.plan.trim(),
        uploads: arrived,
      },
      () => {
        draft.done();
        back();
      },
    );
    setBusy(false);
    if (!problem) return;
    if (problem.fields) asked.fail(problem.fields);
    showNotice(problem.text);
  };

  return {
    ...asked,
    typed,
    photos,
    place,
    record,
    busy,
    save,
    draft: draft.found,
    restore() {
      const { found } = draft;
      if (!found) return;
      const { ids: kept, files, at: _at, ...was } = found;
      ids.current = kept;
      resumeLocalFiles(localIds(was.more));
      setTyped({ ...was, more: arrivedValues({ ...typed.more, ...was.more }) });
      if (!opened) photos.restore(files);
      draft.close();
    },
    discard() {
      if (draft.found) forgetLocalFiles(localIds(draft.found.more));
      dropVisitDraft(slot, draft.found?.files);
      draft.close();
    },
  };
}

/** A visit that waits is not sent while it is open, and its photos are on the page. */
function useOpened(opened: VisitDraft | undefined, restore: (files: VisitDraft['files']) => void): void {
  const put = useRef(restore);
  useEffect(() => {
    if (!opened) return undefined;
    const release = holdWaiting(opened.ids.visit);
    put.current(opened.files);
    borrowLocalFiles(opened.moreFiles ?? []);
    return () => {
      release();
      void flushOutbox();
    };
  }, [opened]);
}
