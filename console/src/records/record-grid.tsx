import {
  DeleteOutlined,
  ExportOutlined,
  ImportOutlined,
  PlusOutlined,
  RollbackOutlined,
  SettingOutlined,
} from '@ant-design/icons';
import { nounOf } from '@lianke/shared/forms/noun';
import type { SavedView } from '@lianke/shared/forms/views';
import { Button, Tooltip } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router-dom';
import type { FormView } from '../api/queries.js';
import { PageError } from '../app/page-error.js';
import { fieldRenderers } from '../fields/registry.js';
import { EmptyState } from '../shared/empty-state.js';
import { fieldOf, fromGroup, newCondition, toGroup } from '../shared/filter-model.js';
import { formatTotal } from '../shared/format.js';
import { usePersistent } from '../shared/use-persistent.js';
import { BulkBar } from './bulk-bar.js';
import { deletedAtKey, deletedByKey } from './columns.js';
import { ConflictBar } from './conflict-bar.js';
import { ExportDialog } from './export-dialog.js';
import { DrillBar, FilterChips } from './filter-chips.js';
import { DataGrid } from './grid/data-grid.js';
import { useFormState, useGridStore } from './grid-store.js';
import { GridTools, type RowHeight, rowHeights } from './grid-tools.js';
import { RecordDrawer } from './record-drawer.js';
import styles from './records.module.css';
import { useCellSave } from './use-cell-save.js';
import { type Grid, useGrid } from './use-grid.js';
import { usePaste } from './use-paste.js';
import { type Records, useRecords, useSums } from './use-records.js';
import { ViewTabs } from './view-tabs.js';
import { CalendarView } from './views/calendar-view.js';
import { GalleryView } from './views/gallery-view.js';
import { KanbanView } from './views/kanban-view.js';

function Title({ grid, onCreate }: { grid: Grid; onCreate: () => void }) {
  const { t } = useTranslation('records');
  const [exporting, setExporting] = useState(false);
  const { form, deleted } = grid;
  const path = `/apps/${form.appId}/forms/${form.id}`;
  return (
    <div className={styles.title}>
      <h1 className="ellipsis">{deleted ? `${form.name} · ${t('recycleBin')}` : form.name}</h1>
      {deleted && <span className="muted">{t('binHint')}</span>}
      <span className={styles.grow} />
      {form.actions.includes('delete') && (
        <Button
          type="text"
          icon={deleted ? <RollbackOutlined /> : <DeleteOutlined />}
          onClick={() => grid.showDeleted(!deleted)}
        >
          {t(deleted ? 'leaveBin' : 'recycleBin')}
        </Button>
      )}
      {form.actions.includes('design') && (
        <Tooltip title={t('editForm')}>
          <Link to={`${path}/manage/design`}>
            <Button type="text" icon={<SettingOutlined />} tabIndex={-1}>
              {t('manage')}
            </Button>
          </Link>
        </Tooltip>
      )}
      {form.actions.includes('import') && !deleted && (
        <Link to={`/apps/${form.appId}/import?formId=${form.id}`}>
          <Button icon={<ImportOutlined />} tabIndex={-1}>
            {t('import')}
          </Button>
        </Link>
      )}
      {form.actions.includes('export') && !deleted && (
        <Button icon={<ExportOutlined />} onClick={() => setExporting(true)}>
          {t('export')}
        </Button>
      )}
      <ExportDialog grid={grid} open={exporting} onClose={() => setExporting(false)} />
      {form.actions.includes('create') && !deleted && (
        <Button type="primary" icon={<PlusOutlined />} onClick={onCreate}>
          {t('create')}
        </Button>
      )}
    </div>
  );
}

function Foot({ grid, records }: { grid: Grid; records: Records }) {
  const { t } = useTranslation('records');
  const sums = useSums(grid);
  return (
    <footer className={`${styles.foot} tabular`}>
      {records.total !== undefined && <span>{t('total', { n: formatTotal(records.total) })}</span>}
      {records.hasMore && <span className="muted">{t('loadedOf', { n: formatTotal(records.items.length) })}</span>}
      {grid.columns.map(({ field }) => {
        const sum = sums[field.key];
        return sum === undefined ? null : (
          <span key={field.key}>
            {t('sum', { name: field.name, value: fieldRenderers[field.type].text(field, sum) })}
          </span>
        );
      })}
    </footer>
  );
}

function Empty({ grid, onCreate }: { grid: Grid; onCreate: () => void }) {
  const { t } = useTranslation('records');
  const { form } = grid;
  if (grid.query.filter || grid.query.search) {
    const clear = <Button onClick={grid.clearAll}>{t('clearFilters')}</Button>;
    const title = grid.query.search ? t('searchEmpty', { text: grid.query.search }) : t('filteredEmpty');
    return <EmptyState title={title} action={clear} />;
  }
  if (grid.deleted) return <EmptyState title={t('binEmpty')} icon={<DeleteOutlined />} />;
  if (!form.actions.includes('create')) {
    return <EmptyState title={t('emptyTitle', { name: nounOf(form.name) })} hint={t('emptyReader')} />;
  }
  return (
    <EmptyState
      title={t('emptyTitle', { name: nounOf(form.name) })}
      hint={t('emptyHint')}
      action={
        <>
          <Button type="primary" icon={<PlusOutlined />} onClick={onCreate}>
            {t('create')}
          </Button>
          {form.actions.includes('import') && (
            <Link to={`/apps/${form.appId}/import?formId=${form.id}`}>
              <Button icon={<ImportOutlined />}>{t('import')}</Button>
            </Link>
          )}
        </>
      }
    />
  );
}

/** A form's records as a table with views, filters, editing in place and bulk actions. */
export function RecordGrid({ form, views }: { form: FormView; views: readonly SavedView[] }) {
  const grid = useGrid(form, views);
  const records = useRecords(grid);
  const { scrollTop } = useFormState(form.id);
  const [rowHeight, setRowHeight] = usePersistent<RowHeight>(`rowHeight.${form.id}`, 'small');
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [filterOpen, setFilterOpen] = useState(false);
  const [creating, setCreating] = useState(false);
  const navigate = useNavigate();
  const cells = useCellSave(form, records.queryKey);
  const { paste, fill } = usePaste(form);
  const shown = grid.deleted ? 'grid' : (grid.view?.type ?? 'grid');
  const editable = form.actions.includes('edit') && !grid.deleted;
  const pathOf = (id: string) => `/apps/${form.appId}/forms/${form.id}/records/${id}`;

  function filterBy(key: string) {
    const field = fieldOf(form.fields, key);
    if (!field) return;
    const group = toGroup(grid.filter);
    const row = newCondition(field);
    // 不为空 is complete at once and shows what the column holds; the person changes it in the open panel.
    const next = fromGroup({
      ...toGroup(undefined),
      rules: [...(grid.filter ? [group] : []), { ...row, op: 'notEmpty' }],
    });
    grid.setFilter(next);
    setFilterOpen(true);
  }

  return (
    <div className={styles.page}>
      <Title grid={grid} onCreate={() => setCreating(true)} />
      {!grid.deleted && <ViewTabs grid={grid} />}
      <GridTools
        grid={grid}
        rowHeight={rowHeight}
        onRowHeight={setRowHeight}
        filterOpen={filterOpen}
        onFilterOpen={setFilterOpen}
      />
      <FilterChips grid={grid} onEdit={() => setFilterOpen(true)} />
      <DrillBar grid={grid} total={records.total} />
      <div className={styles.body}>
        {shown === 'kanban' ? (
          <KanbanView grid={grid} />
        ) : shown === 'calendar' ? (
          <CalendarView grid={grid} />
        ) : shown === 'gallery' ? (
          <GalleryView grid={grid} empty={<Empty grid={grid} onCreate={() => setCreating(true)} />} />
        ) : records.error ? (
          <PageError error={records.error} retry={records.retry} />
        ) : (
          <DataGrid
            label={form.name}
            records={records.items}
            columns={grid.columns}
            sort={grid.sort}
            rowHeight={rowHeights[rowHeight]}
            loading={records.loading}
            stale={records.stale}
            hasMore={records.hasMore}
            onNearEnd={records.loadMore}
            picked={picked}
            onPicked={setPicked}
            mayEdit={({ field }) => editable && field.writable && fieldRenderers[field.type].inCell}
            onSave={(record, { field }, value) => void cells.save(record, field, value)}
            onPaste={(at, texts) => {
              if (editable) void paste(records.items, grid.columns, at, texts);
            }}
            onFill={(block) => {
              if (editable) void fill(records.items, grid.columns, block);
            }}
            onUndo={() => void cells.undo()}
            pathOf={(record) => (grid.deleted ? undefined : pathOf(record.id))}
            onOpen={(record) => !grid.deleted && navigate(pathOf(record.id))}
            scrollTop={scrollTop}
            onScrollTop={(top) => useGridStore.getState().patch(form.id, { scrollTop: top })}
            empty={<Empty grid={grid} onCreate={() => setCreating(true)} />}
            onSort={(key, dir) => grid.setSort(dir ? [{ field: key, dir }] : [])}
            onFilter={filterBy}
            onHide={(key) =>
              grid.setChoice({
                ...grid.choice,
                columns: grid.columns
                  .map((column) => column.field.key)
                  .filter((item) => item !== key && item !== deletedAtKey && item !== deletedByKey),
              })
            }
            onResize={(key, width) =>
              grid.setChoice({ ...grid.choice, widths: { ...grid.choice.widths, [key]: width } })
            }
          />
        )}
        <BulkBar grid={grid} picked={picked} onPicked={setPicked} loaded={records.items.length} total={records.total} />
      </div>
      {cells.conflict && <ConflictBar conflict={cells.conflict} onResolve={(mine) => void cells.resolve(mine)} />}
      <Foot grid={grid} records={records} />
      <RecordDrawer form={form} open={creating} onClose={() => setCreating(false)} />
    </div>
  );
}
