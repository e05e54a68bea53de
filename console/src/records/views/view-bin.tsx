import { RestOutlined } from '@ant-design/icons';
import type { FormId, ViewId } from '@lianke/shared/ids';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Modal, Skeleton, Tooltip } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { keys } from '../../api/queries.js';
import { EmptyState } from '../../shared/empty-state.js';
import { formatDatetime } from '../../shared/format.js';
import { ViewIcon } from './new-view.js';
import styles from './views.module.css';

/** 已删除的视图: one's own and, for designers, shared ones; a restored one stands where it stood and opens. */
export function ViewBin({ formId, onRestored }: { formId: FormId; onRestored: (id: ViewId) => void }) {
  const { t } = useTranslation('records');
  const client = useQueryClient();
  const { message } = App.useApp();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState<string>();
  const bin = useQuery({
    queryKey: ['viewBin', formId],
    queryFn: () => api('views.deleted', { params: { formId } }),
    enabled: open,
    staleTime: 0,
  });

  async function restore(viewId: ViewId) {
    setBusy(viewId);
    try {
      await api('views.restore', { params: { formId, viewId } });
      await client.invalidateQueries({ queryKey: keys.views(formId) });
      setOpen(false);
      onRestored(viewId);
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      setBusy(undefined);
    }
  }

  return (
    <>
      <Tooltip title={t('viewBin')}>
        <Button
          type="text"
          size="small"
          icon={<RestOutlined />}
          aria-label={t('viewBin')}
          onClick={() => setOpen(true)}
        />
      </Tooltip>
      <Modal open={open} width={520} title={t('viewBin')} footer={null} onCancel={() => setOpen(false)} destroyOnHidden>
        <p className="muted">{t('viewBinHint')}</p>
        {bin.isPending && <Skeleton active />}
        {bin.error && <Alert type="error" showIcon title={messageOf(bin.error)} />}
        {bin.data?.items.length === 0 && <EmptyState compact title={t('viewBinNone')} />}
        <ul className={styles.bin}>
          {bin.data?.items.map((item) => (
            <li key={item.id} className={styles.binned}>
              <ViewIcon type={item.type} />
              <span className={styles.binnedName}>
                <span className="ellipsis">
                  {item.name} <span className="tint tint-gray">{t(item.shared ? 'viewOfAll' : 'viewOfMine')}</span>
                </span>
                <span className="muted">
                  {t('viewDeletedBy', { who: item.deletedBy, time: formatDatetime(item.deletedAt) })}
                </span>
              </span>
              <Button size="small" loading={busy === item.id} onClick={() => void restore(item.id)}>
                {t('restore')}
              </Button>
            </li>
          ))}
        </ul>
      </Modal>
    </>
  );
}
