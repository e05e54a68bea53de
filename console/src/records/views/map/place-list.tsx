import type { Filter } from '@lianke/shared/filter/ast';
import type { FormId } from '@lianke/shared/ids';
import type { SortItem } from '@lianke/shared/records/query';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Drawer, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.js';
import { keys } from '../../../api/queries.js';
import { PageError } from '../../../app/page-error.js';
import { EmptyState } from '../../../shared/empty-state.js';
import { bothOf } from '../../../shared/filter-model.js';
import type { Grid } from '../../use-grid.js';
import { CardBody } from '../card.js';
import views from '../views.module.css';
import styles from './map.module.css';

const pageSize = 50;

export interface Listed {
  title: string;
  /** Which of the view's records these are. */
  filter: Filter;
}

/** The records behind a mark, or those without a place, one under another. */
export function PlaceList({ grid, listed, onClose }: { grid: Grid; listed: Listed | undefined; onClose: () => void }) {
  return (
    <Drawer open={listed !== undefined} onClose={onClose} size={420} title={listed?.title} destroyOnHidden>
      {listed && <List grid={grid} filter={listed.filter} />}
    </Drawer>
  );
}

function List({ grid, filter }: { grid: Grid; filter: Filter }) {
  const { t } = useTranslation('records');
  const { form, query } = grid;
  const whole = bothOf(query.filter, filter);
  const shown = grid.columns.filter((column) => !column.title).slice(0, 4);
  const body = {
    ...query,
    ...(whole ? { filter: whole } : {}),
    sort: [...grid.sort] as SortItem[],
    fields: shown.map((column) => column.field.key),
    limit: pageSize,
  };
  const result = useInfiniteQuery({
    queryKey: keys.data(form.id, 'map', 'list', body),
    queryFn: ({ pageParam }) =>
      api('records.query', {
        params: { formId: form.id as FormId },
        body: { ...body, total: false, ...(pageParam ? { cursor: pageParam } : {}) },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.cursor ?? undefined,
  });
  if (result.error) return <PageError error={result.error} retry={() => void result.refetch()} />;
  if (!result.data) return <Skeleton active />;
  const records = result.data.pages.flatMap((page) => page.items);
  if (records.length === 0) return <EmptyState compact title={t('laneEmpty')} />;
  return (
    <div className={styles.list}>
      {records.map((record) => (
        <article key={record.id} className={views.card} aria-label={record.label}>
          <CardBody form={form} record={record} fields={shown.map((column) => column.field)} />
        </article>
      ))}
      {result.hasNextPage && (
        <Button block type="link" loading={result.isFetchingNextPage} onClick={() => void result.fetchNextPage()}>
          {t('loadMore')}
        </Button>
      )}
    </div>
  );
}
