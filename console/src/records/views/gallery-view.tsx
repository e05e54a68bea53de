import { PictureOutlined } from '@ant-design/icons';
import type { FormId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
import type { SortItem } from '@lianke/shared/records/query';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, fileUrl } from '../../api/client.js';
import { keys } from '../../api/queries.js';
import { PageError } from '../../app/page-error.js';
import { fieldOf } from '../../shared/filter-model.js';
import type { Grid } from '../use-grid.js';
import { CardBody } from './card.js';
import styles from './views.module.css';

const pageSize = 40;

/** The first picture among a field's files. */
function pictureOf(value: Json | undefined): string | undefined {
  if (!Array.isArray(value)) return undefined;
  for (const file of value) {
    if (typeof file !== 'object' || file === null || Array.isArray(file)) continue;
    if (typeof file.id === 'string' && /^image\/(png|jpe?g|gif|webp)$/.test(String(file.mime))) return file.id;
  }
  return undefined;
}

/** Records as cards with a picture. */
export function GalleryView({ grid, empty }: { grid: Grid; empty: ReactNode }) {
  const { t } = useTranslation('records');
  const { form, view } = grid;
  const cover = view?.look.cover ? fieldOf(form.fields, view.look.cover) : undefined;
  const body = { ...grid.query, sort: [...grid.sort] as SortItem[], limit: pageSize };
  const result = useInfiniteQuery({
    queryKey: keys.data(form.id, 'gallery', body),
    queryFn: ({ pageParam }) =>
      api('records.query', {
        params: { formId: form.id as FormId },
        body: { ...body, total: false, ...(pageParam ? { cursor: pageParam } : {}) },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
  if (result.error && !result.data) return <PageError error={result.error} retry={() => void result.refetch()} />;
  if (!result.data) return <Skeleton active style={{ padding: 24 }} />;
  const records = result.data.pages.flatMap((page) => page.items);
  if (records.length === 0) return <>{empty}</>;
  const fields = grid.columns
    .filter((column) => !column.title && column.field.key !== cover?.key)
    .slice(0, 4)
    .map((column) => column.field);
  return (
    <div className={styles.scroll}>
      <div className={styles.gallery}>
        {records.map((record) => {
          const picture = cover && pictureOf(record.values[cover.key]);
          return (
            <article key={record.id} className={styles.card} aria-label={record.label}>
              {cover && (
                <div className={styles.cover}>
                  {picture ? <img src={fileUrl(picture)} alt="" loading="lazy" /> : <PictureOutlined aria-hidden />}
                </div>
              )}
              <CardBody form={form} record={record} fields={fields} />
            </article>
          );
        })}
      </div>
      {result.hasNextPage && (
        <div style={{ textAlign: 'center', padding: 12 }}>
          <Button loading={result.isFetchingNextPage} onClick={() => void result.fetchNextPage()}>
            {t('loadMore')}
          </Button>
        </div>
      )}
    </div>
  );
}
