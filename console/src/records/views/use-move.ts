import type { RecordView } from '@lianke/shared/records/query';
import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useTranslation } from 'react-i18next';
import { fieldMessagesOf, messageOf } from '../../api/errors.js';
import { type FormView, keys } from '../../api/queries.js';
import { colon } from '../../i18n/punctuation.js';
import { saveRecord } from '../save-record.js';
import type { Values } from '../values.js';

/** Writes what dragging a card changed; a card that somebody else moved meanwhile stays where he put it. */
export function useMove(form: FormView) {
  const { t } = useTranslation('records');
  const { message } = App.useApp();
  const client = useQueryClient();
  return async function move(record: RecordView, values: Values): Promise<void> {
    try {
      const result = await saveRecord(form, record, values);
      if (result.conflict) message.warning(t('movedMeanwhile', { name: record.label }));
    } catch (error) {
      const [reason] = Object.values(fieldMessagesOf(error));
      message.error(`${record.label}${colon()}${reason ?? messageOf(error)}`);
    }
    await client.invalidateQueries({ queryKey: keys.data(form.id) });
  };
}
