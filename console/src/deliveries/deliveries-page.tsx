import { type Delivery, type deliveryReasons, deliveryStates } from '@lianke/shared/chat/deliveries';
import type { ConnectionId, MemberId } from '@lianke/shared/ids';
import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, DatePicker, Select, Skeleton, Tag, Tooltip } from 'antd';
import { useState } from 'react';
import { Guard } from '../admin/guard.js';
import { api } from '../api/client.js';
import { keys, useMembers } from '../api/queries.js';
import { PageError } from '../app/page-error.js';
import { EmptyState } from '../shared/empty-state.js';
import { formatDatetime, formatRecent, fromWallTime, toWallTime } from '../shared/format.js';
import styles from '../shared/log-page.module.css';
import { Person } from '../shared/person.js';
import { clockOf, reasonOf, useDeliveryText } from './i18n.js';
import { RecallButton, RecallLine, Resend } from './row-actions.js';
import { type DeliveryFilters, useDeliveries } from './use-deliveries.js';

const onlyInApp = 'only in the app' satisfies keyof typeof deliveryReasons;
const colours = { queued: 'processing', sent: 'success', failed: 'error', skipped: 'default', merged: 'default' };

/** 发送记录: what was sent to members' chats and what became of it. */
export function DeliveriesPage() {
  return (
    <Guard need="admin">
      <Deliveries />
    </Guard>
  );
}

function Deliveries() {
  const text = useDeliveryText();
  const [filters, setFilters] = useState<DeliveryFilters>({});
  const log = useDeliveries(filters);
  if (log.error && !log.data) return <PageError error={log.error} retry={() => void log.refetch()} />;
  const items = log.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = Object.values(filters).some((value) => value !== undefined);
  return (
    <div className={styles.page}>
      <h1 className={styles.title}>{text('title')}</h1>
      <div className="muted">{text('hint')}</div>
      <Filters filters={filters} set={(change) => setFilters((old) => ({ ...old, ...change }))} />
      {log.isPending && <Skeleton active />}
      {log.data && items.length === 0 && (
        <EmptyState
          title={text(filtered ? 'nothing' : 'none')}
          hint={filtered ? undefined : text('noneHint')}
          action={filtered ? <Button onClick={() => setFilters({})}>{text('reset')}</Button> : undefined}
        />
      )}
      {items.length > 0 && (
        <ul className={styles.list} aria-label={text('title')}>
          {items.map((item) => (
            <DeliveryRow key={item.id} item={item} />
          ))}
        </ul>
      )}
      {log.hasNextPage && (
        <Button type="link" loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
          {text('more')}
        </Button>
      )}
    </div>
  );
}

function Filters({ filters, set }: { filters: DeliveryFilters; set: (change: DeliveryFilters) => void }) {
  const text = useDeliveryText();
  const members = useMembers();
  const connections = useQuery({
    queryKey: keys.connections,
    queryFn: async () => (await api('connections.list', {})).items,
  });
  return (
    <div className={styles.bar}>
      <Select<string>
        aria-label={text('state')}
        style={{ width: 120 }}
        value={filters.state ?? ''}
        onChange={(state) => set({ state: state === '' ? undefined : (state as Delivery['state']) })}
        options={[
          { value: '', label: text('all') },
          ...deliveryStates.map((state) => ({ value: state, label: text(`state.${state}`) })),
        ]}
      />
      <Select<string>
        aria-label={text('member')}
        style={{ width: 160 }}
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        placeholder={text('anyMember')}
        value={filters.memberId ?? null}
        onChange={(id: string | undefined) => set({ memberId: id as MemberId | undefined })}
        options={(members.data ?? []).map((member) => ({ value: member.id as string, label: member.name }))}
      />
      {(connections.data?.length ?? 0) > 1 && (
        <Select<string>
          aria-label={text('connection')}
          style={{ width: 160 }}
          allowClear
          placeholder={text('anyConnection')}
          value={filters.connectionId ?? null}
          onChange={(id: string | undefined) => set({ connectionId: id as ConnectionId | undefined })}
          options={(connections.data ?? []).map((each) => ({ value: each.id as string, label: each.name }))}
        />
      )}
      {(['from', 'to'] as const).map((side) => (
        <DatePicker
          key={side}
          showTime={{ format: 'HH:mm' }}
          aria-label={text(side)}
          placeholder={text(side)}
          value={filters[side] ? toWallTime(filters[side]) : null}
          onChange={(at) => set({ [side]: at ? fromWallTime(at) : undefined })}
        />
      ))}
      <Checkbox
        style={{ alignSelf: 'center' }}
        checked={filters.twice === '1'}
        onChange={(event) => set({ twice: event.target.checked ? '1' : undefined })}
      >
        {text('twiceOnly')}
      </Checkbox>
      <Checkbox
        style={{ alignSelf: 'center' }}
        checked={filters.recalled === '1'}
        onChange={(event) => set({ recalled: event.target.checked ? '1' : undefined })}
      >
        {text('recalledOnly')}
      </Checkbox>
    </div>
  );
}

function DeliveryRow({ item }: { item: Delivery }) {
  const text = useDeliveryText();
  const at = item.sentAt ?? item.createdAt;
  const outcome =
    item.outcome &&
    {
      done: text('outcomeDone', item.outcome),
      pending: text('outcomePending', item.outcome),
      failed: text('outcomeFailed', item.outcome),
    }[item.outcome.state];
  return (
    <li className={styles.row}>
      <span className={styles.head}>
        <Person name={item.member.label} />
        <span>{item.title}</span>
        <span className="muted">{text(`kind.${item.kind}`)}</span>
      </span>
      <span className={styles.side}>
        {item.maybeTwice && (
          <Tooltip title={text('twiceHint')}>
            <Tag color="warning">{text('twice')}</Tag>
          </Tooltip>
        )}
        <StateTag item={item} />
        {item.unproven && (
          <Tooltip title={text('unprovenHint')}>
            <Tag>{text('unproven')}</Tag>
          </Tooltip>
        )}
        {item.connection && <span className="muted">{item.connection.name}</span>}
        <Tooltip title={formatDatetime(at, 'second')}>
          <span className="muted tabular">{formatRecent(at)}</span>
        </Tooltip>
        <RecallButton item={item} />
      </span>
      {hasMore(item, outcome) && (
        <span className={styles.why}>
          {item.error && item.recall === null && (
            <span className={item.state === 'failed' ? styles.error : 'muted'}>{reasonOf(item.error, text)}</span>
          )}
          {item.recall && <RecallLine recall={item.recall} />}
          {item.heldUntil && item.state !== 'skipped' && (
            <span className="muted">
              {text(item.state === 'queued' ? 'heldUntil' : 'wasHeld', { at: clockOf(item.heldUntil) })}
            </span>
          )}
          {item.nextAt && item.attempts > 0 && (
            <span className="muted">{text('nextAt', { at: formatRecent(item.nextAt), n: item.attempts })}</span>
          )}
          {outcome && <span className={item.outcome?.state === 'failed' ? styles.error : 'muted'}>{outcome}</span>}
          {(item.state === 'failed' || item.state === 'skipped') &&
            !item.outcome &&
            !item.recall &&
            item.error !== onlyInApp && <Resend id={item.id} />}
        </span>
      )}
    </li>
  );
}

function StateTag({ item }: { item: Delivery }) {
  const text = useDeliveryText();
  const out = item.recall?.state === 'done' || item.recall?.state === 'marked';
  if (out) return <Tag>{text('recalled')}</Tag>;
  return <Tag color={colours[item.state]}>{text(`state.${item.state}`)}</Tag>;
}

function hasMore(item: Delivery, outcome: string | null): boolean {
  const unsent = item.state === 'failed' || item.state === 'skipped';
  return !!(item.error || outcome || item.heldUntil || item.recall) || unsent;
}
