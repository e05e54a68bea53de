import { DownloadOutlined } from '@ant-design/icons';
import { urlOf } from '@lianke/shared/api/client';
import type { ExportView } from '@lianke/shared/records/exports';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Progress, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { useForms } from '../api/queries.js';
import { PageError } from '../app/page-error.js';
import { EmptyState } from '../shared/empty-state.js';
import { formatBytes, formatDatetime, formatRecent, formatTotal } from '../shared/format.js';
import './i18n.js';
import styles from './records.module.css';

const pollMs = 2000;
const tints: Record<ExportView['state'], string> = {
  running: 'blue',
  done: 'green',
  failed: 'red',
  cancelled: 'gray',
  expired: 'gray',
};

/** 我的导出: what the reader has asked for, how far it is, and the files while they last. */
export function ExportsPage() {
  const { t } = useTranslation('records');
  const list = useQuery({
    queryKey: ['exports', 'mine'],
    queryFn: async () => (await api('exports.list', { query: {} })).items,
    refetchInterval: (query) => (query.state.data?.some((item) => item.state === 'running') ? pollMs : false),
    staleTime: 0,
  });
  return (
    <div className={styles.exports}>
      <h1>{t('myExports')}</h1>
      <p className="muted">{t('myExportsHint')}</p>
      {list.isPending && <Skeleton active />}
      {list.error && !list.data && <PageError error={list.error} retry={() => void list.refetch()} />}
      {list.data?.length === 0 && <EmptyState title={t('noExports')} hint={t('noExportsHint')} />}
      {list.data && list.data.length > 0 && (
        <ul>
          {list.data.map((item) => (
            <Row key={item.id} item={item} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Row({ item }: { item: ExportView }) {
  const { t } = useTranslation('records');
  const { message } = App.useApp();
  const client = useQueryClient();
  const form = useForms().data?.find((other) => other.id === item.formId);
  const { done, total } = item.progress;
  async function cancel() {
    try {
      await api('exports.cancel', { params: { id: item.id } });
    } catch (error) {
      message.error(messageOf(error));
    }
    await client.invalidateQueries({ queryKey: ['exports'] });
  }
  return (
    <li>
      <span className={`tint tint-${tints[item.state]}`}>{t(`exportState.${item.state}`)}</span>
      <div className={styles.exportMain}>
        <div className="ellipsis" title={item.fileName}>
          {item.fileName}
        </div>
        <div className="muted ellipsis">
          {form ? <Link to={`/apps/${form.appId}/forms/${form.id}`}>{item.formName}</Link> : item.formName}
          {` · ${formatRecent(item.createdAt)}`}
          {item.state === 'done' &&
            ` · ${t('exportDone', { n: formatTotal(done), size: formatBytes(item.size ?? 0) })}`}
          {item.state === 'done' && item.expiresAt && t('exportUntil', { at: formatDatetime(item.expiresAt) })}
          {item.state === 'failed' && ` · ${item.error ?? ''}`}
        </div>
        {item.state === 'running' && (
          <Progress
            size="small"
            percent={total === 0 ? 0 : Math.min(99, Math.floor((done / total) * 100))}
            aria-label={t('exportRows', { done: formatTotal(done), total: formatTotal(total) })}
          />
        )}
      </div>
      {item.state === 'running' && (
        <Button size="small" onClick={() => void cancel()}>
          {t('exportCancel')}
        </Button>
      )}
      {item.state === 'done' && (
        <Button
          size="small"
          type="primary"
          icon={<DownloadOutlined />}
          href={urlOf('exports.file', { id: item.id })}
          download
          aria-label={t('exportGet', { name: item.fileName })}
        >
          {t('download')}
        </Button>
      )}
    </li>
  );
}
