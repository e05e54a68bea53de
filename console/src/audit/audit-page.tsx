import { type AuditItem, type AuditQuery, auditActions } from '@lianke/shared/audit/contracts';
import type { MemberId } from '@lianke/shared/ids';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, DatePicker, Select, Skeleton, Tooltip } from 'antd';
import { useState } from 'react';
import { Guard } from '../admin/guard.js';
import { api } from '../api/client.js';
import { useMembers } from '../api/queries.js';
import { PageError } from '../app/page-error.js';
import { EmptyState } from '../shared/empty-state.js';
import { formatDatetime, formatRecent, fromWallTime, toWallTime } from '../shared/format.js';
import styles from '../shared/log-page.module.css';
import { Person } from '../shared/person.js';
import { factName, factText, useAuditText } from './i18n.js';

type Filters = Omit<AuditQuery, 'cursor'>;

/** Facts longer than this are folded away. */
const shortFact = 60;

/** 操作日志: who did what and when. */
export function AuditPage() {
  return (
    <Guard need="admin">
      <Trail />
    </Guard>
  );
}

function Trail() {
  const text = useAuditText();
  const [filters, setFilters] = useState<Filters>({});
  const given = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));
  const trail = useInfiniteQuery({
    queryKey: ['audit', given],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => api('audit.list', { query: { ...given, ...(pageParam ? { cursor: pageParam } : {}) } }),
    getNextPageParam: (page) => page.cursor ?? undefined,
  });
  if (trail.error && !trail.data) return <PageError error={trail.error} retry={() => void trail.refetch()} />;
  const items = trail.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = Object.keys(given).length > 0;
  return (
    <div className={styles.page}>
      <h1 className={styles.title}>{text('title')}</h1>
      <div className="muted">{text('hint')}</div>
      <Bar filters={filters} set={(change) => setFilters((old) => ({ ...old, ...change }))} />
      {trail.isPending && <Skeleton active />}
      {trail.data && items.length === 0 && (
        <EmptyState
          title={text(filtered ? 'nothing' : 'none')}
          action={filtered ? <Button onClick={() => setFilters({})}>{text('reset')}</Button> : undefined}
        />
      )}
      {items.length > 0 && (
        <ul className={styles.list} aria-label={text('title')}>
          {items.map((item) => (
            <Deed key={item.id} item={item} />
          ))}
        </ul>
      )}
      {trail.hasNextPage && (
        <Button type="link" loading={trail.isFetchingNextPage} onClick={() => void trail.fetchNextPage()}>
          {text('more')}
        </Button>
      )}
    </div>
  );
}

function Bar({ filters, set }: { filters: Filters; set: (change: Filters) => void }) {
  const text = useAuditText();
  const members = useMembers();
  return (
    <div className={styles.bar}>
      <Select<string>
        aria-label={text('action')}
        style={{ width: 180 }}
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        placeholder={text('anyAction')}
        value={filters.action ?? null}
        onChange={(action: string | undefined) => set({ action: action as AuditItem['action'] | undefined })}
        options={auditActions.map((action) => ({ value: action, label: text(`action.${action}`) }))}
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
    </div>
  );
}

function Deed({ item }: { item: AuditItem }) {
  const text = useAuditText();
  const short = item.facts.filter((fact) => fact.text.length <= shortFact);
  const long = item.facts.filter((fact) => fact.text.length > shortFact);
  return (
    <li className={styles.row}>
      <span className={styles.head}>
        {item.actor ? <Person name={item.actor.label} /> : <span className="muted">{text('system')}</span>}
        <span>{text(`action.${item.action}`)}</span>
        {item.subject && <b>{item.subject}</b>}
      </span>
      <span className={styles.side}>
        {item.address && <span className="muted">{item.address}</span>}
        <Tooltip title={formatDatetime(item.at, 'second')}>
          <span className="muted tabular">{formatRecent(item.at)}</span>
        </Tooltip>
      </span>
      {short.length > 0 && (
        <span className={styles.why}>
          {short.map((fact) => (
            <span key={fact.name} className="muted">
              {factName(text, fact.name)} {factText(text, fact)}
            </span>
          ))}
        </span>
      )}
      {long.length > 0 && (
        <details className={styles.long}>
          <summary className="muted">{text('detail')}</summary>
          {long.map((fact) => (
            <div key={fact.name}>
              <span className="muted">{factName(text, fact.name)}</span> <code>{fact.text}</code>
            </div>
          ))}
        </details>
      )}
    </li>
  );
}
