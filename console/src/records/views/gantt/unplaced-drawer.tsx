import type { Filter } from '@lianke/shared/filter/ast';
import type { FormId } from '@lianke/shared/ids';
import type { RecordView, SortItem } from '@lianke/shared/records/query';
import { dayNumber } from '@lianke/shared/time/work-days';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Button, DatePicker, Drawer, Popover, Skeleton } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.js';
import { keys } from '../../../api/queries.js';
import { PageError } from '../../../app/page-error.js';
import { EmptyState } from '../../../shared/empty-state.js';
import { bothOf } from '../../../shared/filter-model.js';
import { mayWriteNow, useRuleEnv } from '../../rules.js';
import type { Grid } from '../../use-grid.js';
import { listFields } from '../../use-records.js';
import type { Values } from '../../values.js';
import styles from './gantt.module.css';
import { type DateFields, placedValues } from './gantt-dates.js';

const pageSize = 50;

/** Records that have no start: no bar can stand for them. */
export function withoutStart({ start }: DateFields): Filter {
  return { field: start.id as string, op: 'empty' };
}

interface Props {
  grid: Grid;
  fields: DateFields;
  open: boolean;
  onClose: () => void;
  onPlace: (record: RecordView, values: Values) => Promise<void>;
  /** The chart goes there. */
  onDay: (day: number) => void;
  onOpen: (id: string) => void;
}

/** 未排期: what has no dates yet, each to be given its first ones. */
export function UnplacedDrawer(props: Props) {
  const { t } = useTranslation('records');
  return (
    <Drawer open={props.open} onClose={props.onClose} size={400} title={t('gantt.unplacedTitle')} destroyOnHidden>
      <List {...props} />
    </Drawer>
  );
}

function List({ grid, fields, onPlace, onDay, onOpen }: Props) {
  const { t } = useTranslation('records');
  const client = useQueryClient();
  const { form, query } = grid;
  const env = useRuleEnv();
  const filter = bothOf(query.filter, withoutStart(fields));
  const names = listFields({ columns: grid.columns, form });
  const body = {
    ...query,
    ...(filter ? { filter } : {}),
    sort: [...grid.sort] as SortItem[],
    fields: [...new Set([...names, fields.start.key, ...(fields.end ? [fields.end.key] : [])])],
    limit: pageSize,
    total: false as const,
  };
  const result = useInfiniteQuery({
    queryKey: keys.data(form.id, 'gantt', 'without', body),
    queryFn: ({ pageParam }) =>
      api('records.query', {
        params: { formId: form.id as FormId },
        body: { ...body, ...(pageParam ? { cursor: pageParam } : {}) },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.cursor ?? undefined,
  });
  const may = (record: RecordView) =>
    form.actions.includes('edit') &&
    [fields.start, fields.end].every((field) => !field || (field.writable && mayWriteNow(form, record, field, env)));

  async function place(record: RecordView, [first, last]: [Dayjs, Dayjs]) {
    const [from, to] = [first, last].map((day) => dayNumber(day.format('YYYY-MM-DD'))) as [number, number];
    await onPlace(record, placedValues(fields, { from, to }));
    onDay(from);
    await client.invalidateQueries({ queryKey: keys.data(form.id) });
  }

  if (result.error) return <PageError error={result.error} retry={() => void result.refetch()} />;
  if (!result.data) return <Skeleton active />;
  const records = result.data.pages.flatMap((page) => page.items);
  if (records.length === 0) return <EmptyState compact title={t('gantt.allPlaced')} />;
  return (
    <>
      <ul className={styles.unplaced}>
        {records.map((record) => (
          <li key={record.id}>
            <button type="button" className={`${styles.open} ellipsis`} onClick={() => onOpen(record.id)}>
              {record.label || '—'}
            </button>
            {may(record) && (
              <PlaceButton
                single={!fields.end && fields.start.type !== 'dateRange'}
                onPlace={(days) => place(record, days)}
              />
            )}
          </li>
        ))}
      </ul>
      {result.hasNextPage && (
        <Button block type="link" loading={result.isFetchingNextPage} onClick={() => void result.fetchNextPage()}>
          {t('loadMore')}
        </Button>
      )}
    </>
  );
}

/** 排期: asks from when to when, or for the one day. */
function PlaceButton({ single, onPlace }: { single: boolean; onPlace: (days: [Dayjs, Dayjs]) => Promise<void> }) {
  const { t } = useTranslation('records');
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  async function put(first: Dayjs | null | undefined, last: Dayjs | null | undefined) {
    if (!first || !last) return;
    setBusy(true);
    await onPlace([first, last]);
    setBusy(false);
    setOpen(false);
  }
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      open={open}
      onOpenChange={setOpen}
      content={
        single ? (
          <DatePicker autoFocus disabled={busy} aria-label={t('gantt.place')} onChange={(day) => void put(day, day)} />
        ) : (
          <DatePicker.RangePicker
            autoFocus
            disabled={busy}
            aria-label={t('gantt.place')}
            onChange={(days) => void put(days?.[0], days?.[1])}
          />
        )
      }
    >
      <Button size="small" loading={busy}>
        {t('gantt.place')}
      </Button>
    </Popover>
  );
}
