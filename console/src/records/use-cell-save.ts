import type { FormId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { RecordPage, RecordView } from '@lianke/shared/records/query';
import { type InfiniteData, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { fieldMessagesOf, messageOf } from '../api/errors.js';
import { type FormView, keys, type ReadField } from '../api/queries.js';
import { colon, listing } from '../i18n/punctuation.js';
import { undoBatches } from './batch.js';
import type { Conflict } from './conflict.js';
import { saveRecord } from './save-record.js';
import { faultOf, sameValue, type Values } from './values.js';

type Edit =
  | { kind: 'cells'; record: string; fields: readonly ReadField[]; before: Values }
  | { kind: 'batches'; ids: readonly string[] };

/** What lists of records hold in the cache: pages, or the records of one group. */
type Listed = InfiniteData<RecordPage> | { items: RecordView[] };

/** Saves single cells: shown at once, taken back when refused, compared when somebody was faster, undone by Ctrl+Z. */
export function useCellSave(form: FormView) {
  const { t } = useTranslation('records');
  const { message } = App.useApp();
  const client = useQueryClient();
  const [conflict, setConflict] = useState<Conflict>();
  const edits = useRef<Edit[]>([]);
  /** Settled when no cell is being saved any more. */
  const saving = useRef<Promise<unknown>>(Promise.resolve());
  const lists = { queryKey: keys.data(form.id, 'grid') };

  function show(id: string, change: (record: RecordView) => RecordView) {
    const changed = <Page extends { items: RecordView[] }>(page: Page): Page => ({
      ...page,
      items: page.items.map((item) => (item.id === id ? change(item) : item)),
    });
    client.setQueriesData<Listed>(lists, (data) =>
      !data ? data : 'pages' in data ? { ...data, pages: data.pages.map(changed) } : changed(data),
    );
  }

  function find(id: string): RecordView | undefined {
    for (const [, data] of client.getQueriesData<Listed>(lists)) {
      const pages = !data ? [] : 'pages' in data ? data.pages : [data];
      for (const page of pages) {
        const found = page.items.find((item) => item.id === id);
        if (found) return found;
      }
    }
    return undefined;
  }

  async function read(id: string): Promise<RecordView | undefined> {
    try {
      return await api('records.get', { params: { formId: form.id as FormId, id: id as RecordId } });
    } catch (error) {
      message.error(t('undoFailed', { reason: messageOf(error) }));
      return undefined;
    }
  }

  async function write(
    base: RecordView,
    fields: readonly ReadField[],
    values: Values,
    remember: boolean,
  ): Promise<boolean> {
    await client.cancelQueries(lists);
    show(base.id, (record) => ({ ...record, values: { ...record.values, ...values } }));
    try {
      const result = await saveRecord(form, base, values);
      if (result.conflict) {
        show(base.id, () => result.conflict.current);
        setConflict(result.conflict);
        return false;
      }
      show(base.id, () => result.record);
      const before = Object.fromEntries(fields.map((field) => [field.key, base.values[field.key] ?? null]));
      if (remember) edits.current.push({ kind: 'cells', record: base.id, fields, before });
      void client.invalidateQueries({ queryKey: keys.data(form.id, 'sums') });
      void client.invalidateQueries({ queryKey: keys.data(form.id, 'groups') });
      return true;
    } catch (error) {
      show(base.id, () => base);
      const reasons = fieldMessagesOf(error);
      const refused = fields.find((field) => reasons[field.key]);
      message.error(refused ? `${refused.name}${colon()}${reasons[refused.key]}` : messageOf(error));
      return false;
    }
  }

  /** Writes cells of one record together; a value that cannot stand is refused here with its reason. */
  async function saveAll(record: RecordView, values: Values): Promise<void> {
    const changed = form.fields.filter(
      (field) => field.key in values && !sameValue(field, record.values[field.key], values[field.key]),
    );
    if (changed.length === 0) return;
    for (const field of changed) {
      const fault = faultOf(field, values[field.key]);
      if (!fault) continue;
      message.error(`${field.name}${colon()}${fault}`);
      return;
    }
    setConflict(undefined);
    const wanted = Object.fromEntries(changed.map((field) => [field.key, values[field.key] ?? null]));
    const written = write(record, changed, wanted, true);
    saving.current = Promise.all([saving.current, written]);
    await written;
  }

  /** Writes one cell. */
  function save(record: RecordView, field: ReadField, value: Json): Promise<void> {
    return saveAll(record, { [field.key]: value });
  }

  /** Takes the last edit back: a cell, or a pasted or filled block. */
  async function undo(): Promise<void> {
    // A cell is known as an edit once it is saved; what was done before it is not meant.
    await saving.current;
    const last = edits.current.pop();
    if (!last) return;
    if (last.kind === 'batches') {
      try {
        const report = await undoBatches(last.ids);
        message.info(t('undone', { n: report.reversed }));
      } catch (error) {
        message.error(t('undoFailed', { reason: messageOf(error) }));
      }
      await client.invalidateQueries({ queryKey: keys.data(form.id) });
      return;
    }
    // A record that left the loaded pages is read: the edit is taken back wherever it stands now.
    const record = find(last.record) ?? (await read(last.record));
    if (record && (await write(record, last.fields, last.before, false)))
      message.info(t('cellUndone', { name: listing(last.fields.map((field) => field.name)) }));
  }

  /** Ends a conflict: mine is written over theirs, or theirs stays. */
  async function resolve(mine: boolean): Promise<void> {
    const open = conflict;
    setConflict(undefined);
    if (!open || !mine) return;
    const values = Object.fromEntries(open.fields.map((item) => [item.field.key, item.mine]));
    await write(
      open.current,
      open.fields.map((item) => item.field),
      values,
      true,
    );
  }

  return {
    save,
    saveAll,
    undo,
    conflict,
    resolve,
    /** A block was written as these batches: Ctrl+Z takes it back. */
    remember: (ids: readonly string[]) => edits.current.push({ kind: 'batches', ids }),
  };
}
