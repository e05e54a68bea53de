import type { NotifySettings } from '@lianke/shared/chat/notify';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Card, Skeleton } from 'antd';
import { Guard } from '../admin/guard.js';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { PageError } from '../app/page-error.js';
import { useNotifyText } from './i18n.js';
import styles from './notify.module.css';
import { QuietControls } from './quiet-box.js';
import { TopicControls } from './topics-box.js';

const key = ['notify', 'company'];

/** 通知默认: silent hours and topics for everybody who has not chosen for himself. */
export function CompanyNotifyPage() {
  return (
    <Guard need="admin">
      <CompanyNotify />
    </Guard>
  );
}

function CompanyNotify() {
  const text = useNotifyText();
  const { message } = App.useApp();
  const client = useQueryClient();
  const known = useQuery({ queryKey: key, queryFn: () => api('notify.company', {}) });
  if (known.error && !known.data) return <PageError error={known.error} retry={() => void known.refetch()} />;
  if (!known.data) return <Skeleton active style={{ padding: 24 }} />;
  const { settings, own } = known.data;
  const save = async (next: NotifySettings) => {
    client.setQueryData(key, { settings: next, own });
    try {
      client.setQueryData(key, await api('notify.saveCompany', { body: next }));
      message.success(text('saved'));
    } catch (error) {
      client.setQueryData(key, { settings, own });
      message.error(messageOf(error));
    }
  };
  return (
    <div className={styles.page}>
      <h1 className={styles.title}>{text('company')}</h1>
      <div className="muted">
        {text('companyHint')}
        {own > 0 && ` ${text('ownCount', { n: own })}`}
      </div>
      <Card size="small" title={text('quiet')} className={styles.card as string}>
        <p className="muted">{text('quietHint')}</p>
        <QuietControls value={settings} onChange={(part) => void save({ ...settings, ...part })} />
      </Card>
      <Card size="small" title={text('topics')} className={styles.card as string}>
        <p className="muted">{text('topicsHint')}</p>
        <TopicControls
          chat={settings.chat}
          onChange={(topic, on) => void save({ ...settings, chat: { ...settings.chat, [topic]: on } })}
        />
      </Card>
    </div>
  );
}
