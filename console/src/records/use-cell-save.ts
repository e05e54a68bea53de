import type { Json } from '@lianke/shared/json';
import type { RecordView } from '@lianke/shared/records/query';
import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldMessagesOf, messageOf } from '../api/errors.js';
import { type FormView, keys, type ReadField } from '../api/queries.js';
import type { Conflict } from './conflict.js';
import { saveRecord } from './save-record.js';
import type { Pages } from './use-records.js';
import { faultOf, sameValue } from './values.js';

interface Edit {
  record: string;
  field: ReadField;
  before: Json;
}

/** Saves single cells: shown at once, taken back when refused, compared when somebody was faster, undone by Ctrl+Z. */
export function useCellSave(form: FormView, queryKey: QueryKey) {
  const { t } = useTranslation('records');
  const { message } = App.useApp();
  const client = useQueryClient();
  const [conflict, setConflict] = useState<Conflict>();
  const edits = useRef<Edit[]>([]);

  function show(id: string, change: (record: RecordView) => RecordView) {
    client.setQueryData<Pages>(queryKey, (data) =>
      data
        ? {
            ...data,
            pages: data.pages.map((page) => ({
              ...page,
              items: page.items.map((item) => (item.id === id ? change(item) : item)),
            })),
          }
        : data,
    );
  }

  function find(id: string): RecordView | undefined {
    const data = client.getQueryData<Pages>(queryKey);
    for (const page of data?.pages ?? []) {
      const found = page.items.find((item) => item.id === id);
      if (found) return found;
    }
    return undefined;
  }

  async function write(base: RecordView, field: ReadField, value: Json, remember: boolean): Promise<boolean> {
    await client.cancelQueries({ queryKey });
    show(base.id, (record) => ({ ...record, values: { ...record.values, [field.key]: value } }));
    try {
      const result = await saveRecord(form, base, { [field.key]: value });
      if (result.conflict) {
        show(base.id, () => result.conflict.current);
        setConflict(result.conflict);
        return false;
      }
      show(base.id, () => result.record);
      if (remember) edits.current.push({ record: base.id, field, before: base.values[field.key] ?? null });
      void client.invalidateQueries({ queryKey: keys.data(form.id, 'sums') });
      return true;
    } catch (error) {
      show(base.id, () => base);
      const reason = fieldMessagesOf(error)[field.key];
      message.error(reason ? `${field.name}：${reason}` : messageOf(error));
      return false;
    }
  }

  /** Writes one cell; a value that cannot stand is refused here with its reason. */
  async function save(record: RecordView, field: ReadField, value: Json): Promise<void> {
    if (sameValue(field, record.values[field.key], value)) return;
    const fault = faultOf(field, value);
    if (fault) {
      message.error(`${field.name}：${fault}`);
      return;
    }
    setConflict(undefined);
    await write(record, field, value, true);
  }

  /** Takes the last cell edit back. */
  async function undo(): Promise<void> {
    const last = edits.current.pop();
    const record = last && find(last.record);
    if (!last || !record) return;
    if (await write(record, last.field, last.before, false)) message.info(t('cellUndone', { name: last.field.name }));
  }

  /** Ends a conflict: mine is written over theirs, or theirs stays. */
  async function resolve(mine: boolean): Promise<void> {
    const open = conflict;
    setConflict(undefined);
    if (!open || !mine) return;
    for (const item of open.fields) await write(open.current, item.field, item.mine, true);
  }

  return { save, undo, conflict, resolve };
}
