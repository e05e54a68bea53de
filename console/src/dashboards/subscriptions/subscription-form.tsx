import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { DashboardView } from '@lianke/shared/dashboards/definition';
import type { ReportSchedule, SubscriptionView } from '@lianke/shared/dashboards/subscriptions';
import type { MemberId } from '@lianke/shared/ids';
import type { Reference } from '@lianke/shared/records/query';
import { App, Button, Checkbox, Form, Select, Space, Switch, TimePicker } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { messageOf } from '../../api/errors.js';
import { useMe } from '../../api/queries.js';
import { MemberPicker, MembersPicker } from '../../shared/member-picker.js';
import styles from './subscriptions.module.css';
import { useSubscriptionChanges } from './use-subscriptions.js';

type List = AnswerOf<'subscriptions.list'>;
interface GroupLine {
  key: number;
  robot: string | null;
  as: Reference | null;
}

const weekdays = [1, 2, 3, 4, 5, 6, 7];
const monthDays = Array.from({ length: 31 }, (_, index) => index + 1);

/** When and to whom; whoever does not design the page subscribes for himself. */
export function SubscriptionForm({
  page,
  list,
  subscription,
  onDone,
}: {
  page: DashboardView;
  list: List;
  subscription: SubscriptionView | null;
  onDone: () => void;
}) {
  const { t } = useTranslation('dashboards');
  const { message } = App.useApp();
  const me = useMe().data?.member;
  const changes = useSubscriptionChanges(page.id);
  const before = subscription?.schedule;
  const [unit, setUnit] = useState<ReportSchedule['unit']>(before?.unit ?? 'day');
  const [time, setTime] = useState(before?.time ?? '09:00');
  const [days, setDays] = useState<number[]>(before?.unit === 'week' ? before.days : [1]);
  const [day, setDay] = useState(before?.unit === 'month' ? before.day : 1);
  const [members, setMembers] = useState<string[]>(subscription?.members.map((item) => item.id) ?? (me ? [me.id] : []));
  const [groups, setGroups] = useState<GroupLine[]>(
    (subscription?.groups ?? []).map((group, key) => ({ key, ...group })),
  );
  const [enabled, setEnabled] = useState(subscription?.enabled ?? true);
  const [busy, setBusy] = useState(false);
  const mine: Reference | null = me ? { id: me.id, label: me.name } : null;

  const schedule: ReportSchedule =
    unit === 'day' ? { unit, time } : unit === 'week' ? { unit, time, days } : { unit, time, day };
  const problem =
    unit === 'week' && days.length === 0
      ? t('subscribe.needDay')
      : members.length + groups.length === 0
        ? t('subscribe.needTo')
        : groups.some((group) => !group.robot || !group.as)
          ? t('subscribe.needAs')
          : null;

  async function save() {
    setBusy(true);
    try {
      await changes.save(subscription?.id ?? null, {
        schedule,
        members: members as MemberId[],
        groups: groups.flatMap(({ robot, as }) => (robot && as ? [{ robot, as: as.id as MemberId }] : [])),
        enabled,
      });
      onDone();
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
  }
  const change = (key: number, part: Partial<GroupLine>) =>
    setGroups(groups.map((group) => (group.key === key ? { ...group, ...part } : group)));

  return (
    <Form layout="vertical" component="div">
      <Form.Item label={t('subscribe.when')}>
        <Space wrap>
          <Select<ReportSchedule['unit']>
            aria-label={t('subscribe.when')}
            style={{ width: 120 }}
            value={unit}
            onChange={setUnit}
            options={(['day', 'week', 'month'] as const).map((value) => ({
              value,
              label: t(`subscribe.unit.${value}`),
            }))}
          />
          {unit === 'month' && (
            <Select<number>
              aria-label={t('subscribe.unit.month')}
              style={{ width: 100 }}
              value={day}
              onChange={setDay}
              options={monthDays.map((n) => ({ value: n, label: t('subscribe.dayOfMonth', { n }) }))}
            />
          )}
          <TimePicker
            aria-label={t('subscribe.time')}
            format="HH:mm"
            minuteStep={5}
            allowClear={false}
            needConfirm={false}
            value={dayjs(`2000-01-01T${time}`)}
            onChange={(chosen) => chosen && setTime(chosen.format('HH:mm'))}
          />
        </Space>
        {unit === 'week' && (
          <Checkbox.Group
            style={{ marginTop: 8 }}
            value={days}
            onChange={setDays}
            options={weekdays.map((value) => ({
              value,
              label: t('subscribe.weekday', { day: t(`subscribe.weekdays.${value}`) }),
            }))}
          />
        )}
        {unit === 'month' && day > 28 && <div className="muted">{t('subscribe.lastDay')}</div>}
      </Form.Item>
      {list.mayManage ? (
        <Form.Item label={t('subscribe.people')} extra={t('subscribe.peopleHint')}>
          <MembersPicker
            value={members}
            label={t('subscribe.people')}
            keep={subscription?.members}
            onChange={setMembers}
          />
        </Form.Item>
      ) : (
        <Form.Item label={t('subscribe.people')}>{t('subscribe.onlyMe')}</Form.Item>
      )}
      {list.mayManage && (
        <Form.Item label={t('subscribe.groups')} extra={groups.length > 0 ? t('subscribe.asHint') : undefined}>
          {groups.map((group) => (
            <div key={group.key} className={styles.group}>
              <Select<string>
                aria-label={t('subscribe.robot')}
                placeholder={t('subscribe.robot')}
                value={group.robot}
                onChange={(robot) => change(group.key, { robot })}
                options={[...new Set([...list.robots, ...(group.robot ? [group.robot] : [])])].map((name) => ({
                  value: name,
                  label: name,
                }))}
              />
              <MemberPicker
                label={t('subscribe.as')}
                placeholder={t('subscribe.as')}
                value={group.as}
                disabled={!list.mayNameAnybody}
                allowClear={false}
                onChange={(as) => change(group.key, { as })}
              />
              <Button
                type="text"
                icon={<DeleteOutlined />}
                aria-label={t('subscribe.removeGroup')}
                onClick={() => setGroups(groups.filter((each) => each.key !== group.key))}
              />
            </div>
          ))}
          {list.robots.length > 0 ? (
            <Button
              type="dashed"
              icon={<PlusOutlined />}
              onClick={() => setGroups([...groups, { key: Date.now(), robot: null, as: mine }])}
            >
              {t('subscribe.addGroup')}
            </Button>
          ) : (
            <span className="muted">
              {t('subscribe.noRobots')} <Link to="/admin/secrets">{t('subscribe.robotsPage')}</Link>
            </span>
          )}
        </Form.Item>
      )}
      <Form.Item>
        <Space>
          <Switch id="subscription-on" checked={enabled} onChange={setEnabled} />
          <label htmlFor="subscription-on">{t('subscribe.on')}</label>
        </Space>
      </Form.Item>
      <Space>
        <Button type="primary" loading={busy} disabled={problem !== null} onClick={() => void save()}>
          {t('common:save')}
        </Button>
        <Button onClick={onDone}>{t('common:cancel')}</Button>
        {problem && <span className="muted">{problem}</span>}
      </Space>
    </Form>
  );
}
