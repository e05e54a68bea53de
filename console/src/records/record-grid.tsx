import {
  DeleteOutlined,
  DownloadOutlined,
  EllipsisOutlined,
  ExportOutlined,
  HistoryOutlined,
  ImportOutlined,
  PlusOutlined,
  RollbackOutlined,
  SettingOutlined,
} from '@ant-design/icons';
import { nounOf } from '@lianke/shared/forms/noun';
import type { SavedView } from '@lianke/shared/forms/views';
import { Grid as Breakpoints, Button, Dropdown, type MenuProps, Tooltip } from 'antd';
import { useEffect, useMemo, useState } from 'react';
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
import { BulkHistory } from './bulk-history.js';
import { deletedAtKey, deletedByKey, moveKey } from './columns.js';
import { ConflictBar } from './conflict-bar.js';
import { DerivedProgress } from './derived-progress.js';
import { DraftBar } from './draft-bar.js';
import { ExportDialog } from './export-dialog.js';
import { DrillBar, FilterChips } from './filter-chips.js';
import type { ChosenCells } from './grid/chosen-sums.js';
import { DataGrid } from './grid/data-grid.js';
import { type GridItem, recordOf } from './grid/items.js';
import { useRefusedEdit } from './grid/use-refused-edit.js';
import { whyNot } from './grid/why-not.js';
import { useFormState, useGridStore } from './grid-store.js';
import { GridTools, type RowHeight, rowHeights } from './grid-tools.js';
import { mostGroups } from './group/group-model.js';
import { type Groups, useGroups } from './group/use-groups.js';
import { NarrowList } from './narrow-list.js';
import { RecordDrawer } from './record-drawer.js';
import styles from './records.module.css';
import { useRuleEnv } from './rules.js';
import { keepTrail } from './trail.js';
import { useCellSave } from './use-cell-save.js';
import { type Grid, useGrid } from './use-grid.js';
import { usePaste } from './use-paste.js';
import { listFields, type Records, useRecords, useSums } from './use-records.js';
import { ViewTabs } from './view-tabs.js';
import { CalendarView } from './views/calendar-view.js';
import { GalleryView } from './views/gallery-view.js';
import { GanttView } from './views/gantt/gantt-view.js';
import { KanbanView } from './views/kanban-view.js';
import { MapView } from './views/map/map-view.js';

function Title({ grid, narrow, onCreate }: { grid: Grid; narrow: boolean; onCreate: () => void }) {
  const { t } = useTranslation('records');
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<'export' | 'bulk'>();
  const { form, deleted } = grid;
  const may = (action: FormView['actions'][number]) => form.actions.includes(action);
  const path = `/apps/${form.appId}/forms/${form.id}`;
  const importPath = `/apps/${form.appId}/import?formId=${form.id}`;
  const does: Record<string, () => void> = {
    bin: () => grid.showDeleted(!deleted),
    bulk: () => setDialog('bulk'),
    export: () => setDialog('export'),
    exports: () => navigate('/exports'),
    import: () => navigate(importPath),
    manage: () => navigate(`${path}/manage/design`),
  };
  const more: MenuProps['items'] = [
    ...(narrow && may('import') && !deleted ? [{ key: 'import', icon: <ImportOutlined />, label: t('import') }] : []),
    ...(narrow && may('export') && !deleted ? [{ key: 'export', icon: <ExportOutlined />, label: t('export') }] : []),
    ...(may('export') ? [{ key: 'exports', icon: <DownloadOutlined />, label: t('myExports') }] : []),
    ...(may('edit') || may('delete') ? [{ key: 'bulk', icon: <HistoryOutlined />, label: t('bulkHistory') }] : []),
    ...(may('delete') && !deleted ? [{ key: 'bin', icon: <DeleteOutlined />, label: t('recycleBin') }] : []),
    ...(narrow && may('design') ? [{ key: 'manage', icon: <SettingOutlined />, label: t('manage') }] : []),
  ];
  return (
    <div className={styles.title}>
      <h1 className="ellipsis">{deleted ? `${form.name} · ${t('recycleBin')}` : form.name}</h1>
      {deleted && !narrow && <span className="muted">{t('binHint')}</span>}
      <span className={styles.grow} />
      {deleted && (
        <Button type="text" icon={<RollbackOutlined />} onClick={() => grid.showDeleted(false)}>
          {t('leaveBin')}
        </Button>
      )}
      {may('design') && !narrow && (
        <Tooltip title={t('editForm')}>
          <Link to={`${path}/manage/design`}>
            <Button type="text" icon={<SettingOutlined />} tabIndex={-1}>
              {t('manage')}
            </Button>
          </Link>
        </Tooltip>
      )}
      {may('import') && !deleted && !narrow && (
        <Link to={importPath}>
          <Button icon={<ImportOutlined />} tabIndex={-1}>
            {t('import')}
          </Button>
        </Link>
      )}
      {may('export') && !deleted && !narrow && (
        <Button icon={<ExportOutlined />} onClick={() => setDialog('export')}>
          {t('export')}
        </Button>
      )}
      {more.length > 0 && (
        <Dropdown trigger={['click']} menu={{ items: more, onClick: ({ key }) => does[key]?.() }}>
          <Button type="text" icon={<EllipsisOutlined />} aria-label={t('moreActions')} />
        </Dropdown>
      )}
      <ExportDialog grid={grid} open={dialog === 'export'} onClose={() => setDialog(undefined)} />
      <BulkHistory formId={form.id} open={dialog === 'bulk'} onClose={() => setDialog(undefined)} />
      {may('create') && !deleted && (
        <Button type="primary" icon={<PlusOutlined />} onClick={onCreate}>
          {t('create')}
        </Button>
      )}
    </div>
  );
}

interface FootProps {
  grid: Grid;
  records: Records;
  groups: Groups | undefined;
  /** Several cells are chosen: the foot speaks of them. */
  chosen: ChosenCells | undefined;
}

function Foot({ grid, records, groups, chosen }: FootProps) {
  const { t } = useTranslation('records');
  const sums = useSums(grid);
  // A kanban's lanes, a calendar's days, bars and points are read on their own.
  const listed = grid.deleted || ['grid', 'gallery'].includes(grid.view?.type ?? 'grid');
  const heads = groups?.rows?.flatMap((row) => (row.kind === 'group' && row.level === 0 ? [row] : []));
  if (chosen)
    return (
      <footer className={`${styles.foot} tabular`}>
        <span>{t('cellsChosen', { n: formatTotal(chosen.cells) })}</span>
        {chosen.sums.map(({ field, value }) => (
          <span key={field.key}>
            {t('sum', { name: field.name, value: fieldRenderers[field.type].text(field, value) })}
          </span>
        ))}
      </footer>
    );
  return (
    <footer className={`${styles.foot} tabular`}>
      {heads && <span>{t(groups?.cut ? 'groupsCut' : 'groupsTotal', { n: formatTotal(heads.length) })}</span>}
      {!heads && records.total !== undefined && <span>{t('total', { n: formatTotal(records.total) })}</span>}
      {!heads && listed && records.hasMore && (
        <span className="muted">{t('loadedOf', { n: formatTotal(records.items.length) })}</span>
      )}
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

/** A form's records as a table with views, filters, groups, editing in place and bulk actions. */
export function RecordGrid({ form, views }: { form: FormView; views: readonly SavedView[] }) {
  const grid = useGrid(form, views);
  const narrow = Breakpoints.useBreakpoint().md === false;
  const shown = grid.deleted ? 'grid' : (grid.view?.type ?? 'grid');
  const grouped = shown === 'grid' && !narrow && !grid.deleted && grid.groups.length > 0;
  // What a dashboard handed over repeats its number, grouped or not.
  const records = useRecords(grid, !grouped || grid.drill !== undefined);
  const fields = useMemo(() => listFields({ columns: grid.columns, form }), [grid.columns, form]);
  const groups = useGroups(grid, fields, grouped);
  const { scrollTop } = useFormState(form.id);
  const [ownHeight, setRowHeight] = usePersistent<RowHeight | null>(`rowHeight.${form.id}`, null);
  const rowHeight = grid.view?.locked
    ? (grid.view.look.rowHeight ?? 'small')
    : (ownHeight ?? grid.view?.look.rowHeight ?? 'small');
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [chosen, setChosen] = useState<ChosenCells>();
  const [filterOpen, setFilterOpen] = useState(false);
  const [creating, setCreating] = useState(false);
  const navigate = useNavigate();
  const cells = useCellSave(form);
  const { paste, fill, clear } = usePaste(form, cells.remember);
  const refused = useRefusedEdit(form);
  const env = useRuleEnv();
  const editable = form.actions.includes('edit') && !grid.deleted;
  const mayCreate = form.actions.includes('create') && !grid.deleted;
  const pathOf = (id: string) => `/apps/${form.appId}/forms/${form.id}/records/${id}`;
  const items = useMemo(
    (): readonly GridItem[] => groups.rows ?? records.items.map((record) => ({ kind: 'record', record })),
    [groups.rows, records.items],
  );
  const { trail } = records;
  useEffect(() => {
    const ids = items.flatMap((item) => recordOf(item)?.id ?? []);
    keepTrail(form.id, { ids, query: trail.query, cursor: grouped ? null : trail.cursor });
  });

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

  function groupBy(key: string) {
    const field = fieldOf(form.fields, key);
    const rest = grid.groups.filter((group) => fieldOf(form.fields, group.field) !== field);
    if (field) grid.setGroups([{ field: field.id as string, dir: 'asc' as const }, ...rest].slice(0, mostGroups));
  }

  const columnKeys = grid.columns
    .map((column) => column.field.key)
    .filter((key) => key !== deletedAtKey && key !== deletedByKey);
  const empty = <Empty grid={grid} onCreate={() => setCreating(true)} />;
  const error = grouped ? groups.error : records.error;
  return (
    <div className={styles.page}>
      <Title grid={grid} narrow={narrow} onCreate={() => setCreating(true)} />
      {!grid.deleted && <ViewTabs grid={grid} rowHeight={ownHeight ?? undefined} />}
      <GridTools
        grid={grid}
        rowHeight={rowHeight}
        onRowHeight={setRowHeight}
        filterOpen={filterOpen}
        onFilterOpen={setFilterOpen}
        onOpenAll={groups.openAll}
        narrow={narrow}
      />
      <FilterChips grid={grid} onEdit={() => setFilterOpen(true)} />
      <DrillBar grid={grid} total={records.total} />
      {!grid.deleted && <DerivedProgress form={form} />}
      {mayCreate && <DraftBar form={form} filling={creating} onGoOn={() => setCreating(true)} />}
      <div className={styles.body}>
        {shown === 'kanban' ? (
          <KanbanView grid={grid} />
        ) : shown === 'calendar' ? (
          <CalendarView grid={grid} />
        ) : shown === 'gallery' ? (
          <GalleryView grid={grid} empty={empty} />
        ) : shown === 'gantt' ? (
          <GanttView grid={grid} cells={cells} narrow={narrow} />
        ) : shown === 'map' ? (
          <MapView grid={grid} />
        ) : error ? (
          <PageError error={error} retry={grouped ? groups.reload : records.retry} />
        ) : narrow && !grid.deleted ? (
          <NarrowList records={records} columns={grid.columns} pathOf={(record) => pathOf(record.id)} empty={empty} />
        ) : (
          <DataGrid
            label={form.name}
            items={items}
            columns={grid.columns}
            sort={grid.sort}
            rowHeight={rowHeights[rowHeight]}
            loading={grouped ? groups.loading : records.loading}
            stale={!grouped && records.stale}
            hasMore={!grouped && records.hasMore}
            onNearEnd={records.loadMore}
            onWait={groups.more}
            onRetry={groups.retry}
            onToggle={groups.toggle}
            picked={picked}
            onPicked={setPicked}
            mayEdit={({ field }, record) => editable && whyNot(form, record, field, env) === undefined}
            onRefusedEdit={(record, { field }, typed) => !grid.deleted && refused.refuse(record, field, typed)}
            onSave={(record, { field }, value) => void cells.save(record, field, value)}
            onPaste={(rows, block, texts) => {
              if (!editable && !mayCreate) return;
              const ensure = grouped ? undefined : records.ensure;
              void paste({
                rows,
                columns: grid.columns,
                block,
                cells: texts,
                ensure,
                mayCreate: mayCreate && !grouped,
              });
            }}
            onFill={editable ? (rows, block, source) => void fill(rows, grid.columns, block, source) : undefined}
            onClear={editable ? (rows, block) => void clear(rows, grid.columns, block) : undefined}
            onUndo={() => void cells.undo()}
            onChosen={setChosen}
            pathOf={(record) => (grid.deleted ? undefined : pathOf(record.id))}
            onOpen={(record) => !grid.deleted && navigate(pathOf(record.id))}
            onAdd={mayCreate && !grouped ? () => setCreating(true) : undefined}
            scrollTop={scrollTop}
            onScrollTop={(top) => useGridStore.getState().patch(form.id, { scrollTop: top })}
            empty={empty}
            onSort={(key, dir) => grid.setSort(dir ? [{ field: key, dir }] : [])}
            onFilter={filterBy}
            onHide={(key) => grid.setChoice({ ...grid.choice, columns: columnKeys.filter((item) => item !== key) })}
            onResize={(key, width) =>
              grid.setChoice({
                ...grid.choice,
                widths: { ...grid.view?.look.widths, ...grid.choice.widths, [key]: width },
              })
            }
            onMove={(key, over) => grid.setChoice({ ...grid.choice, columns: moveKey(columnKeys, key, over) })}
            onPin={(frozen) => grid.setChoice({ ...grid.choice, frozen })}
            onGroup={groupBy}
          />
        )}
        <BulkBar grid={grid} picked={picked} onPicked={setPicked} loaded={items.length} total={records.total} />
      </div>
      {cells.conflict && <ConflictBar conflict={cells.conflict} onResolve={(mine) => void cells.resolve(mine)} />}
      <Foot grid={grid} records={records} groups={grouped ? groups : undefined} chosen={chosen} />
      {refused.drawer}
      <RecordDrawer form={form} open={creating} onClose={() => setCreating(false)} />
    </div>
  );
}
