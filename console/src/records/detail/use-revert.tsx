import type { FormId, RecordId } from '@lianke/shared/ids';
import type { RevertBody } from '@lianke/shared/records/bulk';
import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { type FormView, keys } from '../../api/queries.js';
import { aside, listing, pause } from '../../i18n/punctuation.js';

/** Puts a record back to a moment of its history, whole or one field; what could not go back is named. */
export function useRevert(form: FormView, recordId: string): (body: RevertBody) => Promise<void> {
  const { t } = useTranslation('records');
  const { message } = App.useApp();
  const client = useQueryClient();
  return async (body) => {
    try {
      const params = { formId: form.id as FormId, id: recordId as RecordId };
      const result = await api('records.revert', { params, body });
      client.setQueryData(keys.data(form.id, 'record', recordId), result.record);
      const names = result.restored.flatMap((key) => form.fields.find((field) => field.key === key)?.name ?? []);
      if (names.length === 0) message.info(t('revertNothing'));
      else if (result.skipped.length === 0) message.success(t('reverted', { names: names.join(pause()) }));
      else {
        const skipped = listing(result.skipped.map((item) => `${item.name}${aside(item.reason)}`));
        message.warning(t('revertedPart', { names: names.join(pause()), skipped }), 8);
      }
    } catch (error) {
      message.error(messageOf(error));
    }
    await client.invalidateQueries({ queryKey: keys.data(form.id) });
  };
}
