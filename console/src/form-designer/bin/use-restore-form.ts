import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { useRenewApp } from '../../api/queries.js';
import { useText } from '../i18n.js';

/** Brings a deleted form back; answers whether it is there again. */
export function useRestoreForm() {
  const text = useText();
  const renew = useRenewApp();
  const client = useQueryClient();
  const { message } = App.useApp();
  return async (formId: string): Promise<boolean> => {
    try {
      const form = await api('forms.restore', { params: { formId: formId as never } });
      await Promise.all([renew(form.id), client.invalidateQueries({ queryKey: ['appBin'] })]);
      message.success(text('formRestored', { name: form.name }));
      return true;
    } catch (error) {
      message.error(messageOf(error));
      return false;
    }
  };
}
