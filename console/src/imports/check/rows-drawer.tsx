import type { ImportId } from '@lianke/shared/ids';
import type { IssueRow, issueKinds } from '@lianke/shared/imports/api';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Alert, Button, Checkbox, Drawer, Select, Skeleton } from 'antd';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/errors.js';
import { EmptyState } from '../../shared/empty-state.js';
import { formatNumber } from '../../shared/format.js';
import { useText } from '../i18n.js';
import { importKey } from '../use-import.js';
import styles from './check.module.css';

/** Which rows of the check are shown. */
export interface RowsOf {
  sheet: string;
  target?: string;
  kind: (typeof issueKinds)[number] | 'import';
  subject?: string;
  title: string;
}

interface Choosing {
  /** Choices made so far for rows whose text names several records. */
  links: Readonly<Record<string, string | null>>;
  onLink: (key: string, record: string | null) => void;
}

const pageSize = 50;
/** Stands for "leave this row out" in the select, which knows no null. */
const out = '\u0000out';

/** The rows behind a count: each cell as it stands in the file and as it would be stored. */
export function RowsDrawer({
  importId,
  rows,
  onClose,
  ...choosing
}: Choosing & {
  importId: ImportId;
  rows: RowsOf | null;
  onClose: () => void;
}) {
  return (
    <Drawer open={rows !== null} onClose={onClose} size={960} title={rows?.title} destroyOnHidden>
      {rows && <Rows importId={importId} rows={rows} {...choosing} />}
    </Drawer>
  );
}

function Rows({ importId, rows, links, onLink }: Choosing & { importId: ImportId; rows: RowsOf }) {
  const text = useText();
  const { title: _, ...query } = rows;
  const [changedOnly, setChangedOnly] = useState(false);
  const pages = useInfiniteQuery({
    queryKey: [...importKey(importId), 'rows', query],
    queryFn: ({ pageParam }) =>
      api('imports.rows', { params: { id: importId }, query: { ...query, offset: pageParam, limit: pageSize } }),
    initialPageParam: 0,
    getNextPageParam: (last, all) => {
      const seen = all.reduce((sum, page) => sum + page.items.length, 0);
      return seen < last.total && last.items.length > 0 ? seen : undefined;
    },
    staleTime: 0,
    gcTime: 0,
  });
  if (pages.isPending) return <Skeleton active paragraph={{ rows: 10 }} />;
  if (pages.error) return <Alert type="error" showIcon title={messageOf(pages.error)} />;
  const items = pages.data.pages.flatMap((page) => page.items);
  const total = pages.data.pages[0]?.total ?? 0;
  if (items.length === 0) return <EmptyState compact title={text('noRows')} />;
  const headers = headersOf(items, changedOnly);
  const withReason = items.some((item) => item.reason !== '');
  const withChoice = items.some((item) => item.key !== undefined);
  const withNote = items.some((item) => item.extra);
  return (
    <>
      <div className={styles.drawerHead}>
        <span className="muted tabular">{text('total', { n: formatNumber(total) })}</span>
        <Checkbox checked={changedOnly} onChange={(event) => setChangedOnly(event.target.checked)}>
          {text('onlyChanged')}
        </Checkbox>
      </div>
      <div className={`${styles.scroll} ${styles.drawerScroll}`}>
        <table className={styles.table}>
          <thead>
            <tr className={styles.headerRow}>
              <th className={styles.rowHead}>{text('rowNumber')}</th>
              {withReason && <th>{text('reason')}</th>}
              {withChoice && <th>{text('belongsTo')}</th>}
              {withNote && <th>{text('note')}</th>}
              {headers.map((header) => (
                <th key={header}>{header}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <tr key={`${item.sheet}-${item.row}-${item.reason}`}>
                <th scope="row" className={styles.rowHead}>
                  {item.row}
                </th>
                {withReason && <td className={styles.wide}>{item.reason}</td>}
                {withChoice && (
                  <td className={styles.choice}>
                    {item.key !== undefined && (
                      <LinkChoice
                        item={item}
                        chosen={links[item.key]}
                        onChoose={(record) => onLink(item.key ?? '', record)}
                      />
                    )}
                  </td>
                )}
                {withNote && <td className={styles.wide}>{item.extra}</td>}
                {headers.map((header) => {
                  const cell = item.cells.find((entry) => entry.header === header);
                  return (
                    <td key={header} title={cell?.after}>
                      {cell && <Cell before={cell.before} after={cell.after} />}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {pages.hasNextPage && (
        <Button block type="text" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {text('loadMore')}
        </Button>
      )}
    </>
  );
}

/** Which of several records of one name a row belongs to. */
function LinkChoice({
  item,
  chosen,
  onChoose,
}: {
  item: IssueRow;
  chosen: string | null | undefined;
  onChoose: (record: string | null) => void;
}) {
  const text = useText();
  const value = chosen === undefined ? (item.chosen ?? undefined) : (chosen ?? out);
  return (
    <Select
      size="small"
      aria-label={`${text('rowNumber')} ${item.row} ${text('belongsTo')}`}
      value={value}
      status={value === undefined ? 'warning' : ''}
      placeholder={text('chooseRecord')}
      popupMatchSelectWidth={false}
      style={{ width: 200 }}
      onChange={(next) => onChoose(next === out ? null : next)}
      options={[
        ...(item.candidates ?? []).map((candidate) => ({ value: candidate.id, label: candidate.label })),
        { value: out, label: text('leaveOut') },
      ]}
    />
  );
}

function headersOf(items: readonly IssueRow[], changedOnly: boolean): string[] {
  const headers = new Set<string>();
  for (const item of items) {
    for (const cell of item.cells) {
      if (!changedOnly || cell.before !== cell.after) headers.add(cell.header);
    }
  }
  return [...headers];
}

function Cell({ before, after }: { before: string; after: string }) {
  if (before === after) return <>{after}</>;
  return (
    <>
      {before !== '' && <del className={styles.before}>{before}</del>}
      {before !== '' && ' → '}
      <span className={styles.afterValue}>{after === '' ? '—' : after}</span>
    </>
  );
}
