import type { FormId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { RecordView } from '@lianke/shared/records/query';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { fieldMessagesOf, messageOf } from '../../api/errors.js';
import { type FormView, keys, type ReadField } from '../../api/queries.js';
import { colon } from '../../i18n/punctuation.js';
import { type Conflict, conflictOf } from '../conflict.js';
import { saveRecord } from '../save-record.js';
import { sameValue } from '../values.js';

/** One record, whole. */
export function useRecord(formId: string, id: string) {
  return useQuery({
    queryKey: keys.data(formId, 'record', id),
    queryFn: () => api('records.get', { params: { formId: formId as FormId, id: id as RecordId } }),
    enabled: formId !== '' && id !== '',
  });
}

/** Edits of a whole record's fields, one at a time; what somebody else changed meanwhile is asked about. */
export function useRecordEdits(form: FormView, record: RecordView) {
  const { message } = App.useApp();
  const client = useQueryClient();
  const [conflict, setConflict] = useState<Conflict>();
  const renew = () => client.invalidateQueries({ queryKey: keys.data(form.id) });

  async function write(base: RecordView, field: ReadField, value: Json): Promise<string | undefined> {
    try {
      const result = await saveRecord(form, base, { [field.key]: value });
      const now = result.conflict ? result.conflict.current : result.record;
      client.setQueryData(keys.data(form.id, 'record', record.id), {
        ...(record.actions && { actions: record.actions }),
        ...now,
      });
      setConflict(result.conflict);
      await renew();
      return undefined;
    } catch (error) {
      const reason = fieldMessagesOf(error)[field.key] ?? messageOf(error);
      message.error(`${field.name}${colon()}${reason}`);
      return reason;
    }
  }

  async function save(field: ReadField, value: Json, before?: Json): Promise<string | undefined> {
    if (sameValue(field, record.values[field.key], value)) return undefined;
    if (before !== undefined) {
      // Somebody's change is on the page already, but this edit began before it.
      const both = conflictOf(form.fields, { [field.key]: before }, { [field.key]: value }, record);
      if (both.fields.length > 0) {
        setConflict(both);
        return undefined;
      }
    }
    return write(record, field, value);
  }

  async function resolve(mine: boolean) {
    const open = conflict;
    setConflict(undefined);
    if (!open || !mine) return;
    for (const item of open.fields) await write(open.current, item.field, item.mine);
  }

  return { save, conflict, resolve };
}
