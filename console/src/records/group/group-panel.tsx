import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Segmented, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { fieldOf } from '../../shared/filter-model.js';
import type { Grid } from '../use-grid.js';
import { groupableFields, isPeriod, mostGroups, type Unit, type ViewGroup } from './group-model.js';

const units: readonly Unit[] = ['day', 'week', 'month', 'quarter', 'year'];

/** By which one or two fields records stand together, and in which order their groups. */
export function GroupPanel({ grid, onOpenAll }: { grid: Grid; onOpenAll?: ((open: boolean) => void) | undefined }) {
  const { t } = useTranslation('records');
  const fields = groupableFields(grid.form);
  const refOf = (group: ViewGroup) => (fieldOf(grid.form.fields, group.field)?.id as string | undefined) ?? group.field;
  const free = fields.filter((field) => !grid.groups.some((group) => refOf(group) === field.id));
  const put = (at: number, change: Partial<ViewGroup>) =>
    grid.setGroups(grid.groups.map((group, index) => (index === at ? { ...group, ...change } : group)));
  const usual = ['select', 'member', 'department', 'relation', 'date', 'datetime'];
  const next = free.find((field) => usual.includes(field.type)) ?? free[0];
  return (
    <div style={{ display: 'grid', gap: 8, width: 'min(420px, 84vw)' }}>
      {grid.groups.length === 0 && <span className="muted">{t('noGroups')}</span>}
      {grid.groups.map((group, index) => {
        const field = fieldOf(grid.form.fields, group.field);
        return (
          <div key={refOf(group)} style={{ display: 'flex', gap: 6, flexWrap: 'wrap' }}>
            <Select<string>
              aria-label={t('groupField')}
              style={{ flex: 1, minWidth: 120 }}
              value={refOf(group)}
              showSearch={{ optionFilterProp: 'label' }}
              onChange={(ref) => put(index, { field: ref, unit: undefined })}
              options={fields
                .filter((item) => item.id === refOf(group) || free.includes(item))
                .map((item) => ({ value: item.id as string, label: item.name }))}
            />
            {field && isPeriod(field) && (
              <Select<Unit>
                aria-label={t('groupUnit')}
                style={{ width: 90 }}
                value={group.unit ?? 'month'}
                onChange={(unit) => put(index, { unit })}
                options={units.map((unit) => ({ value: unit, label: t(`unit.${unit}`) }))}
              />
            )}
            <Segmented<'asc' | 'desc'>
              aria-label={t('direction')}
              value={group.dir}
              onChange={(dir) => put(index, { dir })}
              options={[
                { value: 'asc', label: t('asc') },
                { value: 'desc', label: t('desc') },
              ]}
            />
            <Button
              type="text"
              icon={<DeleteOutlined />}
              aria-label={t('removeGroup')}
              onClick={() => grid.setGroups(grid.groups.filter((_, at) => at !== index))}
            />
          </div>
        );
      })}
      <div style={{ display: 'flex', gap: 12 }}>
        {next && grid.groups.length < mostGroups && (
          <Button
            type="link"
            size="small"
            icon={<PlusOutlined />}
            style={{ paddingInline: 0 }}
            onClick={() => grid.setGroups([...grid.groups, { field: next.id as string, dir: 'asc' }])}
          >
            {t('addGroup')}
          </Button>
        )}
        {grid.groups.length > 0 && onOpenAll && (
          <>
            <Button type="link" size="small" onClick={() => onOpenAll(true)}>
              {t('openAll')}
            </Button>
            <Button type="link" size="small" onClick={() => onOpenAll(false)}>
              {t('closeAll')}
            </Button>
          </>
        )}
      </div>
    </div>
  );
}
