import {
  DndContext,
  type DragEndEvent,
  DragOverlay,
  KeyboardSensor,
  PointerSensor,
  useDraggable,
  useDroppable,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import type { FormId } from '@lianke/shared/ids';
import type { RecordView, SortItem } from '@lianke/shared/records/query';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.js';
import { keys, type ReadField } from '../../api/queries.js';
import { PageError } from '../../app/page-error.js';
import { fieldRenderers } from '../../fields/registry.js';
import { bothOf, fieldOf } from '../../shared/filter-model.js';
import { formatTotal } from '../../shared/format.js';
import { PartError } from '../../shared/part-error.js';
import type { Grid } from '../use-grid.js';
import { CardBody } from './card.js';
import { type Lane, laneFilter, laneIdOf, lanesOf } from './lanes.js';
import { underPointer } from './under-pointer.js';
import { useMove } from './use-move.js';
import { ViewGone } from './view-gone.js';
import styles from './views.module.css';

const pageSize = 30;
/** Lanes that stand on the board, and so many are counted: a board of people may have more than one can look at. */
const mostLanes = 50;
const countedLanes = 1000;

function Card({
  grid,
  record,
  fields,
  fixed,
}: {
  grid: Grid;
  record: RecordView;
  fields: ReadField[];
  fixed: boolean;
}) {
  const { setNodeRef, listeners, attributes, isDragging } = useDraggable({
    id: record.id,
    data: { record },
    disabled: fixed,
  });
  return (
    <article
      ref={setNodeRef}
      {...(fixed ? {} : { ...listeners, ...attributes })}
      aria-label={record.label}
      className={`${styles.card} ${isDragging ? styles.dragged : ''} ${fixed ? '' : styles.grab}`}
    >
      <CardBody form={grid.form} record={record} fields={fields} />
    </article>
  );
}

function LaneColumn({
  grid,
  lane,
  field,
  fields,
  sum,
  fixed,
  moving,
}: {
  grid: Grid;
  lane: Lane;
  field: ReadField;
  fields: ReadField[];
  sum: ReadField | undefined;
  fixed: boolean;
  /** The record just dropped: it stands in its new lane before the server has answered. */
  moving: { record: RecordView; to: string | null } | undefined;
}) {
  const { t } = useTranslation('records');
  const { setNodeRef, isOver } = useDroppable({ id: `lane:${lane.id ?? ''}`, data: { lane: lane.id } });
  const filter = bothOf(grid.query.filter, laneFilter(field, lane.id));
  const body = { ...grid.query, ...(filter ? { filter } : {}), sort: [...grid.sort] as SortItem[], limit: pageSize };
  const result = useInfiniteQuery({
    queryKey: keys.data(grid.form.id, 'lane', body),
    queryFn: ({ pageParam }) =>
      api('records.query', {
        params: { formId: grid.form.id as FormId },
        body: { ...body, total: false, ...(pageParam ? { cursor: pageParam } : {}) },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
  const loaded = result.data?.pages.flatMap((page) => page.items) ?? [];
  const others = loaded.filter((record) => record.id !== moving?.record.id);
  const records = moving && moving.to === lane.id ? [moving.record, ...others] : moving ? others : loaded;
  const limit = grid.view?.look.limits?.[lane.id ?? ''];
  const over = limit !== undefined && lane.count > limit;
  return (
    <section ref={setNodeRef} className={`${styles.lane} ${isOver ? styles.laneOver : ''}`} aria-label={lane.label}>
      <header className={styles.laneHead}>
        <span
          className={styles.laneName}
          style={lane.color ? { background: `var(--tint-${lane.color})`, color: `var(--tint-${lane.color}-text)` } : {}}
        >
          {lane.label}
        </span>
        <span className={`tabular ${over ? styles.over : 'muted'}`}>
          {formatTotal(lane.count)}
          {limit !== undefined && ` / ${limit}`}
        </span>
        <span style={{ flex: 1 }} />
        {sum && lane.sum !== null && (
          <span className="muted tabular">{fieldRenderers[sum.type].text(sum, lane.sum)}</span>
        )}
      </header>
      <div className={styles.cards}>
        {result.isPending && <Skeleton active paragraph={{ rows: 2 }} />}
        {result.error && (
          <PartError
            error={result.error}
            retry={() => void (result.data ? result.fetchNextPage() : result.refetch())}
          />
        )}
        {records.map((record) => (
          <Card key={record.id} grid={grid} record={record} fields={fields} fixed={fixed} />
        ))}
        {result.data && records.length === 0 && <div className={styles.none}>{t('laneEmpty')}</div>}
        {result.hasNextPage && !result.error && (
          <Button
            type="link"
            size="small"
            loading={result.isFetchingNextPage}
            onClick={() => void result.fetchNextPage()}
          >
            {t('loadMore')}
          </Button>
        )}
      </div>
    </section>
  );
}

/** A board: a lane for each value of a field, cards that are dragged from one to another. */
export function KanbanView({ grid }: { grid: Grid }) {
  const { t } = useTranslation('records');
  const { form, view } = grid;
  const field = view?.look.lane ? fieldOf(form.fields, view.look.lane) : undefined;
  const sum = view?.look.sum ? fieldOf(form.fields, view.look.sum) : undefined;
  const [dragged, setDragged] = useState<RecordView>();
  const [moving, setMoving] = useState<{ record: RecordView; to: string | null }>();
  const move = useMove(form);
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 6 } }),
    useSensor(KeyboardSensor),
  );
  const body = {
    ...grid.query,
    groupBy: field ? [{ field: field.id as string }] : [],
    metrics: [
      { fn: 'count' as const, as: 'n' },
      ...(sum ? [{ fn: 'sum' as const, field: sum.id as string, as: 'sum' }] : []),
    ],
    limit: countedLanes,
  };
  const groups = useQuery({
    queryKey: keys.data(form.id, 'lanes', body),
    queryFn: async () => (await api('records.aggregate', { params: { formId: form.id as FormId }, body })).items,
    enabled: field !== undefined,
    placeholderData: keepPreviousData,
  });
  if (!field) return <ViewGone grid={grid} />;
  if (groups.error) return <PageError error={groups.error} retry={() => void groups.refetch()} />;
  if (!groups.data) return <Skeleton active style={{ padding: 24 }} />;
  const { lanes, left } = lanesOf(field, groups.data, t('laneNone', { name: field.name }), mostLanes);
  const fixed = !form.actions.includes('edit') || !field.writable;
  const fields = grid.columns
    .filter((column) => !column.title && column.field.key !== field.key)
    .slice(0, 4)
    .map((column) => column.field);

  async function drop({ active, over }: DragEndEvent) {
    setDragged(undefined);
    const record = active.data.current?.record as RecordView | undefined;
    const lane = over?.data.current as { lane: string | null } | undefined;
    if (!record || !lane || !field || laneIdOf(record.values[field.key]) === lane.lane) return;
    const label = lanes.find((item) => item.id === lane.lane)?.label ?? '';
    const value = lane.lane === null ? null : field.type === 'member' ? { id: lane.lane, label } : lane.lane;
    setMoving({ record: { ...record, values: { ...record.values, [field.key]: value } }, to: lane.lane });
    await move(record, { [field.key]: value });
    setMoving(undefined);
  }

  return (
    <DndContext
      sensors={sensors}
      collisionDetection={underPointer}
      onDragStart={({ active }) => setDragged(active.data.current?.record as RecordView)}
      onDragCancel={() => setDragged(undefined)}
      onDragEnd={(event) => void drop(event)}
    >
      <div className={styles.boardPage}>
        {left > 0 && (
          <div className={`muted ${styles.lanesCut}`} role="status">
            {t(groups.data.length >= countedLanes ? 'lanesCutMany' : 'lanesCut', { n: lanes.length, left })}
          </div>
        )}
        <div className={styles.board}>
          {lanes.map((lane) => (
            <LaneColumn
              key={lane.id ?? ''}
              grid={grid}
              lane={lane}
              field={field}
              fields={fields}
              sum={sum}
              fixed={fixed}
              moving={moving}
            />
          ))}
        </div>
      </div>
      <DragOverlay dropAnimation={null}>
        {dragged && (
          <div className={`${styles.card} ${styles.lifted}`}>
            <CardBody form={form} record={dragged} fields={fields} />
          </div>
        )}
      </DragOverlay>
    </DndContext>
  );
}
