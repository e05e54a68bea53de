import type { FormId } from '@lianke/shared/ids';
import type { BulkEntry } from '@lianke/shared/records/bulk';
import { useQuery } from '@tanstack/react-query';
import { Button, Drawer, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { keys } from '../api/queries.js';
import { pause } from '../i18n/punctuation.js';
import { EmptyState } from '../shared/empty-state.js';
import { formatDatetime, formatRecent, formatTotal } from '../shared/format.js';
import { UndoReport } from './undo-report.js';
import { useUndo } from './use-bulk.js';

function Entry({ entry, onUndo }: { entry: BulkEntry; onUndo: () => Promise<void> }) {
  const { t } = useTranslation('records');
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const what = entry.fields.length > 3 ? [...entry.fields.slice(0, 3), '…'] : entry.fields;
  return (
    <li style={{ padding: '10px 0', borderBottom: '1px solid var(--ant-color-border-secondary)' }}>
      <div style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
        <div style={{ flex: 1, minWidth: 0 }}>
          <strong>{t(`bulkAction.${entry.action}`)}</strong>{' '}
          <span className="tabular">{t('rows', { n: formatTotal(entry.done) })}</span>
          {what.length > 0 && <span className="muted"> · {what.join(pause())}</span>}
          {entry.failed > 0 && <span className="muted"> · {t('bulkFailed', { n: formatTotal(entry.failed) })}</span>}
          <div className="muted" title={formatDatetime(entry.at, 'second')}>
            {entry.by.label} · {formatRecent(entry.at)}
          </div>
        </div>
        {entry.undo ? (
          <Button type="link" size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
            {t('bulkUndone')}
          </Button>
        ) : (
          entry.mayUndo && (
            <Button
              size="small"
              loading={busy}
              onClick={async () => {
                setBusy(true);
                await onUndo();
                setBusy(false);
                setOpen(true);
              }}
            >
              {t('common:undo')}
            </Button>
          )
        )}
      </div>
      {open && entry.undo && (
        <div style={{ marginTop: 8 }}>
          <UndoReport report={{ rows: [], ...entry.undo }} onFollow={() => undefined} />
        </div>
      )}
    </li>
  );
}

/** 批量操作记录: what was done to many records at once, and taking it back with its three buckets. */
export function BulkHistory({ formId, open, onClose }: { formId: string; open: boolean; onClose: () => void }) {
  const { t } = useTranslation('records');
  const undo = useUndo();
  const list = useQuery({
    queryKey: keys.data(formId, 'batches'),
    queryFn: async () => (await api('batches.list', { params: { formId: formId as FormId } })).items,
    enabled: open,
  });
  return (
    <Drawer open={open} onClose={onClose} size={480} title={t('bulkHistory')} destroyOnHidden>
      {list.isPending && <Skeleton active paragraph={{ rows: 4 }} />}
      {list.error && <p className="muted">{messageOf(list.error)}</p>}
      {list.data?.length === 0 && <EmptyState compact title={t('bulkHistoryNone')} hint={t('bulkHistoryHint')} />}
      <ul style={{ margin: 0, padding: 0, listStyle: 'none' }}>
        {list.data?.map((entry) => (
          <Entry key={entry.batchId} entry={entry} onUndo={() => undo([entry.batchId])} />
        ))}
      </ul>
    </Drawer>
  );
}
