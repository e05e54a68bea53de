import type { DashboardView } from '@lianke/shared/dashboards/definition';
import type { SubscriptionView } from '@lianke/shared/dashboards/subscriptions';
import { Alert, Button, Drawer, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { messageOf } from '../../api/errors.js';
import { EmptyState } from '../../shared/empty-state.js';
import { SubscriptionForm } from './subscription-form.js';
import { SubscriptionRow } from './subscription-row.js';
import styles from './subscriptions.module.css';
import { useSubscriptions } from './use-subscriptions.js';

/** The page's subscriptions: those there are, a new one, what was sent. */
export function SubscriptionsDrawer({
  page,
  open,
  onClose,
}: {
  page: DashboardView;
  open: boolean;
  onClose: () => void;
}) {
  const { t } = useTranslation('dashboards');
  const [editing, setEditing] = useState<SubscriptionView | 'new' | null>(null);
  const { data, error, isPending, refetch } = useSubscriptions(page.id, open);
  const add = (
    <Button type="primary" onClick={() => setEditing('new')}>
      {t('subscribe.add')}
    </Button>
  );
  return (
    <Drawer
      open={open}
      size={520}
      destroyOnHidden
      title={t('subscribe.title', { name: page.name })}
      onClose={() => {
        setEditing(null);
        onClose();
      }}
      extra={data && data.items.length > 0 && !editing ? add : null}
    >
      <p className="muted" style={{ marginBottom: 16 }}>
        {t('subscribe.intro')}
      </p>
      {isPending && <Skeleton active title={false} />}
      {error && (
        <Alert
          type="error"
          showIcon
          title={messageOf(error)}
          action={<Button onClick={() => void refetch()}>{t('common:retry')}</Button>}
        />
      )}
      {data && editing && (
        <SubscriptionForm
          page={page}
          list={data}
          subscription={editing === 'new' ? null : editing}
          onDone={() => setEditing(null)}
        />
      )}
      {data && !editing && data.items.length === 0 && (
        <EmptyState title={t('subscribe.none')} hint={t('subscribe.noneHint')} action={add} />
      )}
      {data && !editing && (
        <div className={styles.list}>
          {data.items.map((item) => (
            <SubscriptionRow key={item.id} page={page} subscription={item} onEdit={() => setEditing(item)} />
          ))}
        </div>
      )}
    </Drawer>
  );
}
