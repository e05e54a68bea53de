import type { Filter } from '@lianke/shared/filter/ast';
import type { FormId } from '@lianke/shared/ids';
import { dayDate } from '@lianke/shared/time/work-days';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.js';
import { keys } from '../../../api/queries.js';
import { EmptyState } from '../../../shared/empty-state.js';
import { bothOf } from '../../../shared/filter-model.js';
import type { Grid } from '../../use-grid.js';
import styles from './gantt.module.css';
import { type DateFields, spanOf } from './gantt-dates.js';
import type { Span } from './gantt-days.js';

interface Props {
  grid: Grid;
  fields: DateFields;
  sheet: Span;
  onDay: (day: number) => void;
}

/** Nothing lies on this sheet: the way to what lies nearest before or after it. */
export function NothingHere({ grid, fields, sheet, onDay }: Props) {
  const { t } = useTranslation('records');
  const { form, query } = grid;
  const field = fields.start.id as string;
  const nearest = async (side: Filter, dir: 'asc' | 'desc') => {
    const filter = bothOf(query.filter, side);
    const page = await api('records.query', {
      params: { formId: form.id as FormId },
      body: {
        ...query,
        ...(filter ? { filter } : {}),
        sort: [{ field, dir }],
        fields: [fields.start.key],
        limit: 1,
        total: false,
      },
    });
    const span = page.items[0] && spanOf({ start: fields.start, end: undefined }, page.items[0].values);
    return span?.from;
  };
  const found = useQuery({
    queryKey: keys.data(form.id, 'gantt', 'nearest', query, field, sheet),
    queryFn: async () => {
      const before = await nearest({ field, op: 'lt', value: dayDate(sheet.from) }, 'desc');
      return before ?? (await nearest({ field, op: 'gt', value: dayDate(sheet.to) }, 'asc')) ?? null;
    },
  });
  const day = found.data ?? undefined;
  return (
    <div className={styles.nothing}>
      <EmptyState
        compact
        title={t(day === undefined ? 'gantt.nothing' : 'gantt.nothingNow')}
        hint={found.isSuccess && day === undefined ? t('gantt.nothingHint', { name: fields.start.name }) : undefined}
        action={
          day === undefined ? (
            (query.filter || query.search) && <Button onClick={grid.clearAll}>{t('clearFilters')}</Button>
          ) : (
            <Button onClick={() => onDay(day)}>{t('gantt.goNearest', { day: dayDate(day) })}</Button>
          )
        }
      />
    </div>
  );
}
