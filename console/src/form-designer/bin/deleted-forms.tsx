import type { AppId } from '@lianke/shared/ids';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Modal, Skeleton } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { useRenewApp } from '../../api/queries.js';
import { EmptyState } from '../../shared/empty-state.js';
import { formatDatetime, formatNumber } from '../../shared/format.js';
import styles from '../designer/designer.module.css';
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
      await Promise.all([renew(form.id), client.invalidateQueries({ queryKey: ['deletedForms'] })]);
      message.success(text('formRestored', { name: form.name }));
      return true;
    } catch (error) {
      message.error(messageOf(error));
      return false;
    }
  };
}

/** 回收站 of an app: its deleted forms, each with what it holds. */
export function DeletedForms({ appId, open, onClose }: { appId: AppId; open: boolean; onClose: () => void }) {
  const text = useText();
  const navigate = useNavigate();
  const restore = useRestoreForm();
  const [busy, setBusy] = useState<string>();
  const forms = useQuery({
    queryKey: ['deletedForms', appId],
    queryFn: async () => (await api('forms.deleted', { params: { appId } })).items,
    enabled: open,
    staleTime: 0,
  });
  return (
    <Modal open={open} title={text('deletedForms')} footer={null} onCancel={onClose} destroyOnHidden>
      <p className="muted">{text('deletedFormsHint')}</p>
      {forms.isPending && <Skeleton active />}
      {forms.error && <Alert type="error" showIcon title={messageOf(forms.error)} />}
      {forms.data?.length === 0 && <EmptyState compact title={text('deletedFormsNone')} />}
      {forms.data?.map((form) => (
        <div key={form.id} className={styles.removed} style={{ height: 44 }}>
          <span className="ellipsis">
            {form.name}{' '}
            <span className="muted">
              {text('deletedFormLine', { n: formatNumber(form.records), time: formatDatetime(form.deletedAt) })}
            </span>
          </span>
          <Button
            size="small"
            loading={busy === form.id}
            onClick={async () => {
              setBusy(form.id);
              if (await restore(form.id)) {
                onClose();
                navigate(`/apps/${appId}/forms/${form.id}`);
              }
              setBusy(undefined);
            }}
          >
            {text('restore')}
          </Button>
        </div>
      ))}
    </Modal>
  );
}
