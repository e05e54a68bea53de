import type { ImportView } from '@lianke/shared/imports/api';
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Progress } from 'antd';
import { useState } from 'react';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { formatNumber } from '../shared/format.js';
import { useText } from './i18n.js';
import styles from './imports.module.css';
import { importKey } from './use-import.js';

/** The import while it runs. */
export function RunningStep({ view }: { view: ImportView }) {
  const text = useText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const { done, total } = view.progress;
  const stop = async () => {
    setBusy(true);
    try {
      client.setQueryData(importKey(view.id), await api('imports.cancel', { params: { id: view.id } }));
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className={styles.narrow}>
      <div className={styles.card} role="status" aria-live="polite">
        <h2 className={styles.cardTitle}>{text('running')}</h2>
        <Progress percent={total === 0 ? 0 : Math.floor((done / total) * 100)} status="active" />
        <div className="tabular">{text('progress', { done: formatNumber(done), total: formatNumber(total) })}</div>
        <div className="muted">{text('leaveHint')}</div>
        <Button danger loading={busy} onClick={stop} style={{ marginTop: 16 }}>
          {text('stop')}
        </Button>
      </div>
    </div>
  );
}
