import type { FormId, RecordId, ShareRequestId } from '@lianke/shared/ids';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Space } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { type FormView, keys } from '../api/queries.js';
import './i18n.js';

interface Answer {
  id: ShareRequestId;
  share: boolean;
  name: string;
}

/** Who asks to see the record, for its owner and whoever may share it: one click shares it for a time. */
export function ShareRequests({ form, recordId }: { form: FormView; recordId: string }) {
  const { t } = useTranslation('records');
  const { message } = App.useApp();
  const client = useQueryClient();
  const queryKey = keys.data(form.id, 'shareRequests', recordId);
  const asked = useQuery({
    queryKey,
    queryFn: async () => {
      const params = { formId: form.id as FormId, id: recordId as RecordId };
      return (await api('shareRequests.list', { params })).items;
    },
    enabled: form.actions.includes('share'),
  });
  const answer = useMutation({
    mutationFn: ({ id, share }: Answer) => api('shareRequests.answer', { params: { requestId: id }, body: { share } }),
    onSuccess: (_, { share, name }) => message.success(t(share ? 'askShared' : 'askRefused', { name })),
    onError: (error) => message.error(messageOf(error)),
    onSettled: () => client.invalidateQueries({ queryKey }),
  });
  return (
    <>
      {asked.data?.map(({ id, by, reason }) => (
        <Alert
          key={id}
          type="info"
          showIcon
          title={t('askFrom', { name: by.label })}
          description={reason || undefined}
          action={
            <Space>
              <Button disabled={answer.isPending} onClick={() => answer.mutate({ id, share: false, name: by.label })}>
                {t('askRefuse')}
              </Button>
              <Button
                type="primary"
                disabled={answer.isPending}
                onClick={() => answer.mutate({ id, share: true, name: by.label })}
              >
                {t('askShare')}
              </Button>
            </Space>
          }
        />
      ))}
    </>
  );
}
