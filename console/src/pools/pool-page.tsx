import { CloseOutlined, InboxOutlined, SearchOutlined, UserAddOutlined, UserSwitchOutlined } from '@ant-design/icons';
import type { MemberId } from '@lianke/shared/ids';
import type { PoolArrival, PoolView } from '@lianke/shared/pools/api';
import type { RecordView } from '@lianke/shared/records/query';
import { Button, Grid, Skeleton, Table, type TableColumnsType, Tooltip } from 'antd';
import { useMemo, useState } from 'react';
import { Link, useParams } from 'react-router-dom';
import { type FormView, type ReadField, useForm } from '../api/queries.js';
import { NotFound } from '../app/not-found.js';
import { PageError } from '../app/page-error.js';
import { isEmptyValue } from '../fields/renderer.js';
import '../records/i18n.js';
import narrow from '../records/narrow-list.module.css';
import styles from '../records/records.module.css';
import { useBulk } from '../records/use-bulk.js';
import { EmptyState } from '../shared/empty-state.js';
import { FieldValue } from '../shared/field-value.js';
import { formatRecent, formatTotal } from '../shared/format.js';
import { SearchInput } from '../shared/search-input.js';
import { useDebounced } from '../shared/use-debounced.js';
import { AssignDialog } from './assign-dialog.js';
import { type Text, useText } from './i18n.js';
import { type PoolRecords, stopOf, usePool, usePoolRecords } from './use-pools.js';

/** 公海 of a form: what may be seen of its records, 领取 and for managers 分配. */
export function PoolPage() {
  const { formId = '' } = useParams();
  const form = useForm(formId);
  const pool = usePool(formId);
  const error = form.error ?? pool.error;
  if (error) return <PageError error={error} retry={() => void Promise.all([form.refetch(), pool.refetch()])} />;
  if (!form.data || pool.isPending) return <Skeleton active style={{ padding: 24 }} paragraph={{ rows: 8 }} />;
  if (!pool.data) return <NotFound />;
  return <Pool key={form.data.id} form={form.data} pool={pool.data} />;
}

function Pool({ form, pool }: { form: FormView; pool: PoolView }) {
  const text = useText();
  const run = useBulk(form.id);
  const small = Grid.useBreakpoint().md === false;
  const [typed, setTyped] = useState('');
  const search = useDebounced(typed.trim(), 250);
  const records = usePoolRecords(form.id, search, []);
  const [picked, setPicked] = useState<readonly string[]>([]);
  const [assigning, setAssigning] = useState<readonly string[]>();
  const stop = stopOf(pool);
  const claim = async (ids: readonly string[]) => {
    setPicked([]);
    await run(ids, { kind: 'claim' }, (n) => text('claimed', { n }));
  };
  const claimButton = (id: string) => (
    <Tooltip title={stop && text(stop)}>
      <Button size="small" type="link" disabled={stop !== undefined} onClick={() => void claim([id])}>
        {text('claim')}
      </Button>
    </Tooltip>
  );
  const fields = useMemo(() => shownFields(form, pool), [form, pool]);
  const empty = <Empty form={form} search={search} onClear={() => setTyped('')} />;
  return (
    <div className={styles.page}>
      <div className={styles.title}>
        <h1 className="ellipsis">{text('poolOf', { form: form.name })}</h1>
        {!small && <span className="muted">{text('hint')}</span>}
        <span className={styles.grow} />
        <Link to={`/apps/${form.appId}/forms/${form.id}`}>
          <Button tabIndex={-1}>{text('back', { form: form.name })}</Button>
        </Link>
      </div>
      <div className={styles.tools}>
        <SearchInput
          value={typed}
          onSearch={setTyped}
          prefix={<SearchOutlined />}
          placeholder={text('search')}
          aria-label={text('search')}
          style={{ width: small ? '100%' : 240 }}
        />
        <Standing pool={pool} />
      </div>
      <div className={styles.body} style={{ overflow: 'auto' }}>
        {records.error ? (
          <PageError error={records.error} retry={records.retry} />
        ) : small ? (
          <Cards records={records} fields={fields} empty={empty} claimButton={claimButton} />
        ) : (
          <Table<RecordView>
            rowKey="id"
            size="small"
            sticky
            pagination={false}
            loading={records.loading}
            dataSource={records.items}
            columns={columnsOf(fields, records.arrivals, text, claimButton)}
            scroll={{ x: 'max-content' }}
            locale={{ emptyText: empty }}
            rowSelection={{ selectedRowKeys: [...picked], onChange: (keys) => setPicked(keys as string[]) }}
          />
        )}
        {records.hasMore && (
          <Button block type="link" loading={records.loadingMore} onClick={records.loadMore}>
            {text('more')}
          </Button>
        )}
        {picked.length > 0 && (
          <div className={styles.bulk} role="toolbar" aria-label={text('selected', { n: picked.length })}>
            <strong className="tabular">{text('selected', { n: picked.length })}</strong>
            <Tooltip title={stop && text(stop)}>
              <Button
                type="primary"
                icon={<UserAddOutlined />}
                disabled={stop !== undefined}
                onClick={() => void claim(picked)}
              >
                {text('claim')}
              </Button>
            </Tooltip>
            {pool.manages && (
              <Button icon={<UserSwitchOutlined />} onClick={() => setAssigning(picked)}>
                {text('assign')}
              </Button>
            )}
            <Button
              type="text"
              icon={<CloseOutlined />}
              aria-label={text('clearSelection')}
              onClick={() => setPicked([])}
            />
          </div>
        )}
      </div>
      <footer className={`${styles.foot} tabular`}>
        <span>{text('waiting', { n: formatTotal(pool.waiting) })}</span>
        {!pool.manages && fields.length < form.fields.length && <span className="muted">{text('hidden')}</span>}
      </footer>
      <AssignDialog
        count={assigning?.length ?? 0}
        open={assigning !== undefined}
        onClose={() => setAssigning(undefined)}
        onDo={(to) => {
          const ids = assigning ?? [];
          setAssigning(undefined);
          setPicked([]);
          void run(ids, { kind: 'assign', to: to.id as MemberId }, (n) => text('assigned', { n, name: to.label }));
        }}
      />
    </div>
  );
}

function Standing({ pool }: { pool: PoolView }) {
  const text = useText();
  const held =
    pool.holds === null ? text('held', { n: pool.held }) : text('heldOf', { n: pool.held, most: pool.holds });
  const today =
    pool.daily === null ? text('today', { n: pool.today }) : text('todayOf', { n: pool.today, most: pool.daily });
  const stop = stopOf(pool);
  return (
    <span className="muted tabular">
      {held} · {today}
      {stop && <strong style={{ marginLeft: 8, color: 'var(--ant-color-warning-text)' }}>{text(stop)}</strong>}
    </span>
  );
}

function Empty({ form, search, onClear }: { form: FormView; search: string; onClear: () => void }) {
  const text = useText();
  if (search)
    return (
      <EmptyState
        title={text('nothing', { text: search })}
        action={<Button onClick={onClear}>{text('clear')}</Button>}
      />
    );
  return <EmptyState key={form.id} icon={<InboxOutlined />} title={text('empty')} hint={text('emptyHint')} />;
}

/** What the pool shows, the title first; of the system's fields none says anything here. */
function shownFields(form: FormView, pool: PoolView): ReadField[] {
  const open = new Set(pool.fields.map((field) => field.key));
  return form.fields.filter((field) => !field.system && field.type !== 'subform' && open.has(field.key));
}

function columnsOf(
  fields: readonly ReadField[],
  arrivals: Readonly<Record<string, PoolArrival>>,
  text: Text,
  claimButton: (id: string) => React.ReactNode,
): TableColumnsType<RecordView> {
  return [
    ...fields.map((field, at) => ({
      key: field.key,
      title: field.name,
      ellipsis: true,
      width: at === 0 ? 220 : 150,
      ...(at === 0 ? { fixed: 'left' as const } : {}),
      render: (_: unknown, record: RecordView) => (
        <div className="ellipsis">
          <FieldValue field={field} value={record.values[field.key]} />
        </div>
      ),
    })),
    {
      key: 'arrival',
      title: text('arrival'),
      width: 240,
      render: (_: unknown, record: RecordView) => <Arrival arrival={arrivals[record.id]} />,
    },
    {
      key: 'do',
      title: '',
      width: 80,
      fixed: 'right' as const,
      render: (_: unknown, record: RecordView) => claimButton(record.id),
    },
  ];
}

function Arrival({ arrival }: { arrival: PoolArrival | undefined }) {
  const text = useText();
  if (!arrival) return null;
  const { kind, from, at, reason } = arrival;
  const who = from ? text(`arrival.${kind}`, { name: from.label }) : text(`arrival.${kind}Nobody`);
  return (
    <span title={reason}>
      {who} <span className="muted">{formatRecent(at)}</span>
      {reason && <div className="muted ellipsis">{reason}</div>}
    </span>
  );
}

function Cards({
  records,
  fields,
  empty,
  claimButton,
}: {
  records: PoolRecords;
  fields: readonly ReadField[];
  empty: React.ReactNode;
  claimButton: (id: string) => React.ReactNode;
}) {
  if (records.loading) return <Skeleton active style={{ padding: 16 }} paragraph={{ rows: 8 }} />;
  if (records.items.length === 0) return <>{empty}</>;
  return (
    <div className={narrow.list}>
      {records.items.map((record) => (
        <article key={record.id} className={narrow.card}>
          <h3 style={{ display: 'flex', justifyContent: 'space-between' }}>
            <span className="ellipsis">{record.label || '—'}</span>
            {claimButton(record.id)}
          </h3>
          {fields
            .filter((field, at) => at > 0 && !isEmptyValue(record.values[field.key]))
            .slice(0, 4)
            .map((field) => (
              <div key={field.key} className={narrow.fact}>
                <span className="muted ellipsis">{field.name}</span>
                <span className="ellipsis">
                  <FieldValue field={field} value={record.values[field.key]} />
                </span>
              </div>
            ))}
          <Arrival arrival={records.arrivals[record.id]} />
        </article>
      ))}
    </div>
  );
}
