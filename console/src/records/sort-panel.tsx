import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { behaviourOf } from '@lianke/shared/fields/encrypted';
import type { SortItem } from '@lianke/shared/records/query';
import { Button, Segmented, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { fieldOf } from '../shared/filter-model.js';
import type { Grid } from './use-grid.js';

const most = 5;

/** The order of the list: up to five fields, the first counts most. */
export function SortPanel({ grid }: { grid: Grid }) {
  const { t } = useTranslation('records');
  const sortable = grid.form.fields.filter((field) => behaviourOf(field).sortable);
  const refOf = (item: SortItem) => fieldOf(grid.form.fields, item.field)?.id ?? item.field;
  const free = sortable.filter((field) => !grid.sort.some((item) => refOf(item) === field.id));
  const put = (at: number, change: Partial<SortItem>) =>
    grid.setSort(grid.sort.map((item, index) => (index === at ? { ...item, ...change } : item)));
  const [next] = free;
  return (
    <div style={{ display: 'grid', gap: 8, width: 360 }}>
      {grid.sort.length === 0 && <span className="muted">{t('noSort')}</span>}
      {grid.sort.map((item, index) => (
        <div key={refOf(item)} style={{ display: 'flex', gap: 6 }}>
          <Select<string>
            aria-label={t('sortField')}
            style={{ flex: 1 }}
            value={refOf(item)}
            onChange={(field) => put(index, { field })}
            options={sortable
              .filter((field) => field.id === refOf(item) || free.includes(field))
              .map((field) => ({ value: field.id as string, label: field.name }))}
          />
          <Segmented<'asc' | 'desc'>
            aria-label={t('direction')}
            value={item.dir}
            onChange={(dir) => put(index, { dir })}
            options={[
              { value: 'asc', label: t('asc') },
              { value: 'desc', label: t('desc') },
            ]}
          />
          <Button
            type="text"
            icon={<DeleteOutlined />}
            aria-label={t('removeSort')}
            onClick={() => grid.setSort(grid.sort.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      {next && grid.sort.length < most && (
        <Button
          type="link"
          size="small"
          icon={<PlusOutlined />}
          style={{ justifySelf: 'start', paddingInline: 0 }}
          onClick={() => grid.setSort([...grid.sort, { field: next.id, dir: 'asc' }])}
        >
          {t('addSort')}
        </Button>
      )}
    </div>
  );
}
