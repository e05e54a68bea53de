import { SearchOutlined } from '@ant-design/icons';
import type { MemberUsage, UsageWeek } from '@lianke/shared/usage/contracts';
import { useQuery } from '@tanstack/react-query';
import { Card, Checkbox, Input, Select, Skeleton, Table } from 'antd';
import { useMemo, useState } from 'react';
import { Guard } from '../admin/guard.js';
import { api } from '../api/client.js';
import { PageError } from '../app/page-error.js';
import { colon, comma } from '../i18n/punctuation.js';
import { EmptyState } from '../shared/empty-state.js';
import { formatDatetime, formatTotal } from '../shared/format.js';
import { Person } from '../shared/person.js';
import { useUsageText } from './i18n.js';
import styles from './usage.module.css';

const shownWeeks = 8;
const nothing = { created: 0, changed: 0, tasks: 0, logins: 0, phone: 0, desk: 0 };

type Row = MemberUsage & { now: Omit<UsageWeek, 'week'>; done: number };

/** 使用情况: who uses the system, by person and week. */
export function UsagePage() {
  return (
    <Guard need="admin">
      <Usage />
    </Guard>
  );
}

function Usage() {
  const text = useUsageText();
  const [week, setWeek] = useState(0);
  const [search, setSearch] = useState('');
  const [onlyIdle, setOnlyIdle] = useState(false);
  const usage = useQuery({
    queryKey: ['usage'],
    queryFn: () => api('usage.list', { query: { weeks: shownWeeks } }),
  });
  const rows = useMemo((): Row[] => {
    const monday = usage.data?.weeks[week];
    return (usage.data?.items ?? []).map((item) => {
      const now = item.weeks.find((entry) => entry.week === monday) ?? nothing;
      return { ...item, now, done: now.created + now.changed + now.tasks };
    });
  }, [usage.data, week]);
  if (usage.isPending) return <Skeleton active style={{ padding: 24 }} paragraph={{ rows: 10 }} />;
  if (!usage.data) return <PageError error={usage.error} retry={() => void usage.refetch()} />;

  const active = rows.filter((row) => row.done + row.now.logins > 0);
  const sum = (of: 'created' | 'changed' | 'tasks') => formatTotal(rows.reduce((all, row) => all + row.now[of], 0));
  const word = search.trim().toLowerCase();
  const shown = rows
    .filter((row) => !onlyIdle || row.done + row.now.logins === 0)
    .filter((row) => `${row.member.label} ${row.department}`.toLowerCase().includes(word));
  const label = (monday: string, index: number) =>
    index === 0 ? text('thisWeek') : index === 1 ? text('lastWeek') : text('weekOf', { from: monday });
  const count = (key: 'created' | 'changed' | 'tasks' | 'logins') => ({
    title: text(key),
    key,
    width: 104,
    align: 'right' as const,
    sorter: (a: Row, b: Row) => a.now[key] - b.now[key],
    render: (_: unknown, row: Row) => (
      <span className="tabular">{row.now[key] > 0 ? formatTotal(row.now[key]) : <span className="muted">0</span>}</span>
    ),
  });

  return (
    <div className={styles.page}>
      <h1 className={styles.title}>{text('title')}</h1>
      <p className="muted" style={{ margin: '4px 0 12px' }}>
        {text('hint')}
      </p>
      <Card size="small">
        <div className={styles.bar}>
          <Select<number>
            aria-label={text('week')}
            value={week}
            onChange={setWeek}
            style={{ minWidth: 160 }}
            options={usage.data.weeks.map((monday, index) => ({ value: index, label: label(monday, index) }))}
          />
          <Input
            allowClear
            prefix={<SearchOutlined />}
            aria-label={text('search')}
            placeholder={text('search')}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            style={{ width: 200 }}
          />
          <Checkbox checked={onlyIdle} onChange={({ target }) => setOnlyIdle(target.checked)}>
            {text('onlyIdle')}
          </Checkbox>
          <span className={styles.sum}>
            <strong>{text('active', { n: active.length })}</strong>
            <span className="muted">
              {text('idle', { n: rows.length - active.length })}
              {' · '}
              {text('total', { created: sum('created'), changed: sum('changed'), tasks: sum('tasks') })}
            </span>
          </span>
        </div>
        <Table<Row>
          size="small"
          rowKey={(row) => row.member.id}
          dataSource={shown}
          scroll={{ x: 900 }}
          pagination={shown.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
          locale={{ emptyText: <EmptyState compact title={text('none')} /> }}
          columns={[
            {
              title: text('member'),
              key: 'member',
              width: 120,
              fixed: 'left',
              render: (_, row) => <Person name={row.member.label} />,
            },
            { title: text('department'), dataIndex: 'department', width: 120, ellipsis: true },
            {
              title: text('lastLogin'),
              dataIndex: 'lastLogin',
              width: 150,
              sorter: (a, b) => (a.lastLogin ?? '').localeCompare(b.lastLogin ?? ''),
              render: (at: string | null) =>
                at ? (
                  <span className="tabular">{formatDatetime(at)}</span>
                ) : (
                  <span className="muted">{text('never')}</span>
                ),
            },
            count('created'),
            count('changed'),
            count('tasks'),
            count('logins'),
            {
              title: text('where'),
              key: 'where',
              width: 150,
              render: (_, row) => <Where phone={row.now.phone} desk={row.now.desk} />,
            },
            {
              title: text('trend', { n: shownWeeks }),
              key: 'trend',
              width: 110,
              render: (_, row) => <Trend row={row} weeks={usage.data.weeks} />,
            },
          ]}
        />
      </Card>
    </div>
  );
}

function Where({ phone, desk }: { phone: number; desk: number }) {
  const text = useUsageText();
  const all = phone + desk;
  if (all === 0) return <span className="muted">—</span>;
  const words = `${text('phone', { n: phone })}${comma()}${text('desk', { n: desk })}`;
  return (
    <span className={styles.where} title={words}>
      <span className={styles.share} aria-hidden>
        <span style={{ width: `${(phone / all) * 100}%` }} />
      </span>
      <span className="tabular">
        {formatTotal(phone)} / {formatTotal(desk)}
      </span>
    </span>
  );
}

/** Everything done, week by week, the latest on the right. */
function Trend({ row, weeks }: { row: Row; weeks: readonly string[] }) {
  const done = [...weeks].reverse().map((week) => {
    const found = row.weeks.find((entry) => entry.week === week) ?? nothing;
    return { week, n: found.created + found.changed + found.tasks };
  });
  const most = Math.max(1, ...done.map(({ n }) => n));
  return (
    <span className={styles.trend} role="img" aria-label={done.map(({ n }) => n).join(' ')}>
      {done.map(({ week, n }) => (
        <span
          key={week}
          title={`${week}${colon()}${n}`}
          style={{ height: `${Math.max(n > 0 ? 12 : 4, (n / most) * 100)}%` }}
        />
      ))}
    </span>
  );
}
