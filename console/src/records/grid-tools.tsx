import {
  ColumnHeightOutlined,
  FilterOutlined,
  GroupOutlined,
  InsertRowLeftOutlined,
  SearchOutlined,
  SortAscendingOutlined,
} from '@ant-design/icons';
import { Button, Dropdown, Popover } from 'antd';
import { useTranslation } from 'react-i18next';
import { FilterBuilder } from '../shared/filter-builder.js';
import { topLevel } from '../shared/filter-model.js';
import { SearchInput } from '../shared/search-input.js';
import { ColumnPanel } from './column-panel.js';
import { GroupPanel } from './group/group-panel.js';
import styles from './records.module.css';
import { SortPanel } from './sort-panel.js';
import type { Grid } from './use-grid.js';

export const rowHeights = { small: 36, medium: 48, large: 72 } as const;
export type RowHeight = keyof typeof rowHeights;

interface Props {
  grid: Grid;
  rowHeight: RowHeight;
  onRowHeight: (height: RowHeight) => void;
  filterOpen: boolean;
  onFilterOpen: (open: boolean) => void;
  onOpenAll: (open: boolean) => void;
  /** A narrow window: only search and filters, by their icons. */
  narrow: boolean;
}

/** Search, filter, order, columns and row height of a list. */
export function GridTools({ grid, rowHeight, onRowHeight, filterOpen, onFilterOpen, onOpenAll, narrow }: Props) {
  const { t } = useTranslation('records');
  const filters = topLevel(grid.filter).length;
  const locked = grid.view?.locked ?? false;
  const shown = grid.deleted ? 'grid' : (grid.view?.type ?? 'grid');
  return (
    <div className={styles.tools}>
      <SearchInput
        style={narrow ? { flex: 1, minWidth: 120 } : { width: 220 }}
        prefix={<SearchOutlined className="muted" />}
        placeholder={t('search', { name: grid.form.name })}
        aria-label={t('search', { name: grid.form.name })}
        value={grid.search}
        onSearch={grid.setSearch}
      />
      <Popover
        trigger="click"
        placement="bottomLeft"
        open={filterOpen}
        onOpenChange={onFilterOpen}
        content={
          <div style={{ width: 'min(620px, 86vw)', maxHeight: '60vh', overflow: 'auto' }}>
            <FilterBuilder fields={grid.form.fields} value={grid.filter} onChange={grid.setFilter} />
          </div>
        }
      >
        <Button disabled={locked} type={filters > 0 ? 'link' : 'text'} icon={<FilterOutlined />}>
          {filters > 0 ? t('filterCount', { n: filters }) : t('filter')}
        </Button>
      </Popover>
      <Popover trigger="click" placement="bottomLeft" content={<SortPanel grid={grid} />}>
        <Button disabled={locked} type={grid.sort.length > 0 ? 'link' : 'text'} icon={<SortAscendingOutlined />}>
          {grid.sort.length > 0 ? t('sortCount', { n: grid.sort.length }) : t('sort')}
        </Button>
      </Popover>
      {shown === 'grid' && !grid.deleted && !narrow && (
        <Popover
          trigger="click"
          placement="bottomLeft"
          content={<GroupPanel grid={grid} onOpenAll={grid.groups.length > 0 ? onOpenAll : undefined} />}
        >
          <Button disabled={locked} type={grid.groups.length > 0 ? 'link' : 'text'} icon={<GroupOutlined />}>
            {grid.groups.length > 0 ? t('groupCount', { n: grid.groups.length }) : t('group')}
          </Button>
        </Popover>
      )}
      {!narrow && (
        <Popover trigger="click" placement="bottomLeft" content={<ColumnPanel grid={grid} />}>
          <Button disabled={locked} type="text" icon={<InsertRowLeftOutlined />}>
            {t('columns')}
          </Button>
        </Popover>
      )}
      {shown === 'grid' && !narrow && (
        <Dropdown
          trigger={['click']}
          menu={{
            selectable: true,
            selectedKeys: [rowHeight],
            items: [
              { key: 'small', label: t('heightSmall') },
              { key: 'medium', label: t('heightMedium') },
              { key: 'large', label: t('heightLarge') },
            ],
            onClick: ({ key }) => onRowHeight(key as RowHeight),
          }}
        >
          <Button type="text" icon={<ColumnHeightOutlined />}>
            {t('rowHeight')}
          </Button>
        </Dropdown>
      )}
    </div>
  );
}
