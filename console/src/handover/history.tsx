import type { HandoverView } from '@lianke/shared/handover/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Card, Skeleton, Tag } from 'antd';
import { useState } from 'react';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { PageError } from '../app/page-error.js';
import { comma, pause } from '../i18n/punctuation.js';
import { formatDatetime, formatTotal } from '../shared/format.js';
import styles from './handover.module.css';
import { kindText } from './handover-page.js';
import { useHandoverText } from './i18n.js';

/** What was handed over, and taking it back. */
export function HandoverHistory() {
  const text = useHandoverText();
  const list = useQuery({
    queryKey: ['handovers'],
    queryFn: async () => (await api('handovers.list', {})).items,
  });
  return (
    <Card title={text('history')} style={{ marginTop: 16 }}>
      {list.isPending && <Skeleton active title={false} />}
      {list.error && !list.data && <PageError error={list.error} retry={() => void list.refetch()} />}
      {list.data?.length === 0 && <span className="muted">{text('noHistory')}</span>}
      {list.data?.map((entry) => (
        <Entry key={entry.id} entry={entry} />
      ))}
    </Card>
  );
}

function Entry({ entry }: { entry: HandoverView }) {
  const text = useHandoverText();
  const client = useQueryClient();
  const { message, modal } = App.useApp();
  const [busy, setBusy] = useState(false);
  const heirs = [...new Set(entry.results.map(({ to }) => to.label))].join(pause());

  async function undo() {
    const sure = await modal.confirm({
      title: text('undoTitle'),
      content: text('undoHint', { name: entry.member.label }),
      okText: text('undo'),
    });
    if (!sure) return;
    setBusy(true);
    try {
      const { undo: report } = await api('handovers.undo', { params: { id: entry.id } });
      message.success(text('undone', report ?? { reversed: 0, kept: 0, failed: 0 }), 8);
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
    await client.invalidateQueries();
  }

  return (
    <div className={styles.entry}>
      <div style={{ minWidth: 0 }}>
        <div>{text('entry', { member: entry.member.label, heirs })}</div>
        <div className={styles.tags}>
          {entry.results.map((result) => (
            <Tag key={`${result.kind}/${result.formId ?? ''}`}>
              {kindText(text, result)} {formatTotal(result.count)}
              {result.failed > 0 && `${comma()}${text('failedOf', { n: result.failed })}`}
            </Tag>
          ))}
        </div>
        <div className="muted tabular">
          {[
            formatDatetime(entry.at),
            ...(entry.by ? [text('by', { name: entry.by.label })] : []),
            ...(entry.undoUntil ? [text('undoUntil', { time: formatDatetime(entry.undoUntil) })] : []),
            ...(entry.undoneAt ? [text('undoneAt', { time: formatDatetime(entry.undoneAt) })] : []),
          ].join(' · ')}
        </div>
        {entry.undo && <div className="muted">{text('undone', entry.undo)}</div>}
      </div>
      {entry.undoUntil && (
        <Button loading={busy} onClick={() => void undo()}>
          {text('undo')}
        </Button>
      )}
    </div>
  );
}
