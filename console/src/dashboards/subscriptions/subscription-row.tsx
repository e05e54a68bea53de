import type { DashboardView } from '@lianke/shared/dashboards/definition';
import type { ReportDelivery, SubscriptionView } from '@lianke/shared/dashboards/subscriptions';
import { Alert, App, Button, Skeleton, Tag } from 'antd';
import { Fragment, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { messageOf } from '../../api/errors.js';
import { formatDatetime } from '../../shared/format.js';
import { scheduleText } from './schedule-text.js';
import styles from './subscriptions.module.css';
import { useSubscriptionChanges, useSubscriptionLog } from './use-subscriptions.js';

const colours: Record<ReportDelivery['state'], string> = {
  handed: 'default',
  waiting: 'blue',
  held: 'gold',
  delivered: 'green',
  kept: 'default',
  sending: 'blue',
  sent: 'green',
  skipped: 'default',
  failed: 'red',
  unknown: 'orange',
};

/** After sending by hand nothing needs to be said about these. */
const well: readonly ReportDelivery['state'][] = ['handed', 'waiting', 'delivered', 'sending', 'sent'];

/** One subscription: when, to whom, what can be done with it, what was sent. */
export function SubscriptionRow({
  page,
  subscription,
  onEdit,
}: {
  page: DashboardView;
  subscription: SubscriptionView;
  onEdit: () => void;
}) {
  const { t } = useTranslation('dashboards');
  const { message, modal } = App.useApp();
  const changes = useSubscriptionChanges(page.id);
  const [busy, setBusy] = useState(false);
  const [shown, setShown] = useState(false);
  const { id, members, groups, enabled, nextAt, by, mayEdit } = subscription;

  async function run(work: () => Promise<unknown>, said?: string) {
    setBusy(true);
    try {
      await work();
      if (said) message.success(said);
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
  }
  async function send(to: 'me' | 'groups') {
    const items = await changes.send(id, to);
    const wrong = items.find((item) => !well.includes(item.state));
    if (wrong) message.warning(wrong.reason ?? t(`subscribe.state.${wrong.state}`));
    else message.success(t('subscribe.tested'));
  }
  const toGroups = () =>
    modal.confirm({
      title: t('subscribe.confirmGroups'),
      content: t('subscribe.confirmGroupsHint'),
      okText: t('subscribe.testGroups'),
      onOk: () => run(() => send('groups')),
    });
  const remove = () =>
    modal.confirm({
      title: t('subscribe.remove'),
      content: t('subscribe.removeHint'),
      okText: t('common:delete'),
      okButtonProps: { danger: true },
      onOk: () => run(() => changes.remove(id)),
    });
  return (
    <section className={styles.row} aria-label={scheduleText(subscription.schedule, t)}>
      <div className={styles.head}>
        <b>{scheduleText(subscription.schedule, t)}</b>
        {enabled && nextAt ? (
          <span className="muted">{t('subscribe.next', { time: formatDatetime(nextAt) })}</span>
        ) : (
          <Tag>{t('subscribe.paused')}</Tag>
        )}
      </div>
      {members.length > 0 && <div>{members.map((member) => member.label).join(t('subscribe.comma'))}</div>}
      {groups.map((group) => (
        <div key={group.robot}>{t('subscribe.toGroup', { robot: group.robot, name: group.as.label })}</div>
      ))}
      <div className="muted">{t('subscribe.by', { name: by.label })}</div>
      {mayEdit && (
        <div className={styles.acts}>
          <Button size="small" type="text" onClick={onEdit}>
            {t('common:edit')}
          </Button>
          <Button size="small" type="text" loading={busy} onClick={() => void run(() => send('me'))}>
            {t('subscribe.testMe')}
          </Button>
          {groups.length > 0 && (
            <Button size="small" type="text" onClick={() => void toGroups()}>
              {t('subscribe.testGroups')}
            </Button>
          )}
          <Button size="small" type="text" aria-expanded={shown} onClick={() => setShown(!shown)}>
            {t('subscribe.log')}
          </Button>
          <Button size="small" type="text" danger onClick={() => void remove()}>
            {t('common:delete')}
          </Button>
        </div>
      )}
      {shown && <Log subscription={subscription} />}
    </section>
  );
}

function Log({ subscription }: { subscription: SubscriptionView }) {
  const { t } = useTranslation('dashboards');
  const { data, error, isPending } = useSubscriptionLog(subscription.id, true);
  if (isPending) return <Skeleton active title={false} paragraph={{ rows: 2 }} />;
  if (error) return <Alert type="error" showIcon title={messageOf(error)} />;
  if (data.length === 0) return <span className="muted">{t('subscribe.noLog')}</span>;
  return (
    <div className={styles.log}>
      {data.map((item) => (
        <Fragment key={item.id}>
          <span className="muted">{formatDatetime(item.dueAt)}</span>
          <span className="ellipsis">{item.label}</span>
          <Tag color={colours[item.state]}>{t(`subscribe.state.${item.state}`)}</Tag>
          <Details item={item} />
        </Fragment>
      ))}
    </div>
  );
}

/** Through what and when it came or will be tried, and why it did not. */
function Details({ item }: { item: ReportDelivery }) {
  const { t } = useTranslation('dashboards');
  const { at, via, reason, state } = item;
  const time = at && formatDatetime(at);
  const words = [
    via && t('subscribe.via', { name: via }),
    time && t(state === 'held' || state === 'waiting' ? 'subscribe.tried' : 'subscribe.arrived', { time }),
    reason,
  ].filter(Boolean);
  return words.length > 0 ? <span className={`muted ${styles.reason}`}>{words.join(' · ')}</span> : null;
}
