import { SearchOutlined } from '@ant-design/icons';
import { periodsOf, type TargetPeriod, type TargetSubject, type TargetView } from '@lianke/shared/targets/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, InputNumber, Select, Table } from 'antd';
import { useMemo, useState } from 'react';
import { api } from '../api/client.js';
import { messageOf } from '../api/errors.js';
import { useDepartments, useMembers } from '../api/queries.js';
import { PageError } from '../app/page-error.js';
import { pause } from '../i18n/punctuation.js';
import { Person } from '../shared/person.js';
import { SearchInput } from '../shared/search-input.js';
import { type Text, useText } from './i18n.js';
import { readPaste } from './paste.js';

interface Row extends TargetSubject {
  key: string;
  name: string;
}

/** Changed cells by row key and period; null: emptied. */
type Draft = Record<string, Record<string, string | null>>;

const thisYear = new Date().getFullYear();

/** Who is to reach how much in each period of a year: a table to type and paste into. */
export function TargetTable({ target }: { target: TargetView }) {
  const text = useText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [year, setYear] = useState(thisYear);
  const [search, setSearch] = useState('');
  const [draft, setDraft] = useState<Draft>({});
  const [busy, setBusy] = useState(false);
  const key = ['target-values', target.id, target.period, year];
  const stored = useQuery({
    queryKey: key,
    queryFn: () => api('targets.values', { params: { id: target.id }, query: { year } }),
  });
  const rows = useRows(search);
  const periods = periodsOf(target.period, year);
  const known = useMemo(
    () => new Map((stored.data?.items ?? []).map((item) => [item.id as string, item.amounts])),
    [stored.data],
  );
  const amount = (row: Row, period: string): string | null => {
    const typed = draft[row.key]?.[period];
    return typed === undefined ? (known.get(row.id)?.[period] ?? null) : typed;
  };
  const put = (cells: readonly { key: string; period: string; amount: string | null }[]) =>
    setDraft((now) => {
      const next = { ...now };
      for (const cell of cells) next[cell.key] = { ...next[cell.key], [cell.period]: cell.amount };
      return next;
    });
  const changed = Object.values(draft).reduce((sum, row) => sum + Object.keys(row).length, 0);

  function paste(block: string, row: number, at: number) {
    const read = readPaste(block, rows, { row, at }, periods.length);
    put(read.cells.map((cell) => ({ key: cell.key, period: periods[cell.at] ?? '', amount: cell.amount })));
    if (read.cells.length > 0) message.info(text('pasted', { n: read.cells.length }));
    if (read.unknown.length > 0) message.warning(text('pasteUnknown', { names: read.unknown.join(pause()) }));
    if (read.bad > 0) message.warning(text('pasteBad', { n: read.bad }));
  }

  async function save() {
    setBusy(true);
    try {
      const body = {
        rows: Object.entries(draft).map(([rowKey, amounts]) => {
          const [kind, id] = rowKey.split(':') as [TargetSubject['kind'], string];
          return { kind, id, amounts };
        }),
      };
      await api('targets.saveValues', { params: { id: target.id }, body });
      await client.invalidateQueries({ queryKey: ['target-values', target.id] });
      await client.invalidateQueries({ queryKey: ['targets', 'mine'] });
      setDraft({});
      message.success(text('saved'));
    } catch (error) {
      message.error(messageOf(error));
    } finally {
      setBusy(false);
    }
  }

  if (stored.error) return <PageError error={stored.error} retry={() => void stored.refetch()} />;
  return (
    <div style={{ display: 'grid', gridTemplateColumns: 'minmax(0, 1fr)', gap: 12 }}>
      <div style={{ display: 'flex', gap: 8, alignItems: 'center', flexWrap: 'wrap' }}>
        <Select
          aria-label={text('year')}
          value={year}
          disabled={changed > 0}
          options={[-1, 0, 1].map((by) => ({ value: thisYear + by, label: String(thisYear + by) }))}
          onChange={setYear}
        />
        <SearchInput
          value={search}
          onSearch={setSearch}
          prefix={<SearchOutlined />}
          placeholder={text('search')}
          aria-label={text('search')}
          style={{ width: 220 }}
        />
        <span className="muted">{text('paste')}</span>
      </div>
      <Table<Row>
        rowKey="key"
        size="small"
        loading={stored.isPending}
        dataSource={rows}
        scroll={{ x: 'max-content' }}
        pagination={rows.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
        columns={[
          {
            key: 'name',
            title: text('subject'),
            fixed: 'left',
            width: 160,
            render: (_, row) =>
              row.kind === 'member' ? <Person name={row.name} size={20} /> : <strong>{row.name}</strong>,
          },
          ...periods.map((period, at) => ({
            key: period,
            title: periodName(text, target.period, at),
            width: 116,
            render: (_: unknown, row: Row) => (
              <InputNumber<string>
                stringMode
                size="small"
                controls={false}
                min="0"
                style={{ width: '100%' }}
                aria-label={`${row.name} ${periodName(text, target.period, at)}`}
                value={amount(row, period)}
                onChange={(value) => put([{ key: row.key, period, amount: value === null ? null : String(value) }])}
                onPaste={(event) => {
                  const block = event.clipboardData.getData('text/plain');
                  if (!/[\t\n]/.test(block.trim())) return;
                  event.preventDefault();
                  paste(block, rows.indexOf(row), at);
                }}
              />
            ),
          })),
          {
            key: 'sum',
            title: text('sum'),
            width: 110,
            align: 'right',
            render: (_, row) => {
              const sum = periods.reduce((total, period) => total + Number(amount(row, period) ?? 0), 0);
              return <span className="tabular">{sum === 0 ? '' : `${sum.toLocaleString()} ${target.unit}`}</span>;
            },
          },
        ]}
      />
      <div style={{ display: 'flex', gap: 8, alignItems: 'center', justifyContent: 'flex-end' }}>
        {changed > 0 && <span className="muted">{text('unsaved', { n: changed })}</span>}
        {changed > 0 && <Button onClick={() => setDraft({})}>{text('discard')}</Button>}
        <Button type="primary" disabled={changed === 0} loading={busy} onClick={() => void save()}>
          {text('save')}
        </Button>
      </div>
    </div>
  );
}

function periodName(text: Text, period: TargetPeriod, at: number): string {
  if (period === 'year') return text('wholeYear');
  return text(period === 'quarter' ? 'q' : 'm', { n: at + 1 });
}

/** Departments first, then people who work here. */
function useRows(search: string): Row[] {
  const members = useMembers();
  const departments = useDepartments();
  return useMemo(() => {
    const all: Row[] = [
      ...(departments.data ?? []).map((item) => ({
        kind: 'department' as const,
        id: item.id as string,
        name: item.name,
      })),
      ...(members.data ?? [])
        .filter((item) => item.state !== 'left')
        .map((item) => ({ kind: 'member' as const, id: item.id as string, name: item.name })),
    ].map((row) => ({ ...row, key: `${row.kind}:${row.id}` }));
    return search ? all.filter((row) => row.name.includes(search)) : all;
  }, [members.data, departments.data, search]);
}
