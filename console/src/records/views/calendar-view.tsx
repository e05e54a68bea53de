import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import {
  DndContext,
  KeyboardSensor,
  PointerSensor,
  useDraggable,
  useDroppable,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import type { FormId } from '@lianke/shared/ids';
import type { RecordView } from '@lianke/shared/records/query';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Button, Popover } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router-dom';
import { api } from '../../api/client.js';
import { keys, type ReadField } from '../../api/queries.js';
import { PageError } from '../../app/page-error.js';
import { fieldOf } from '../../shared/filter-model.js';
import { formatTotal, toWallTime } from '../../shared/format.js';
import type { Grid } from '../use-grid.js';
import { dayOf, daysBetween, daysOf, moveDays } from './calendar-days.js';
import { type DayRecords, dayFilter, loadSheet } from './calendar-load.js';
import { recordPath } from './card.js';
import { underPointer } from './under-pointer.js';
import { useMove } from './use-move.js';
import { ViewGone } from './view-gone.js';
import styles from './views.module.css';

const shownADay = 4;
const none: DayRecords = { items: [], total: 0 };

function restOf(total: DayRecords['total']): DayRecords['total'] {
  return typeof total === 'number' ? total - shownADay : { atLeast: total.atLeast - shownADay };
}

function Chip({
  grid,
  record,
  day,
  time,
  fixed,
}: {
  grid: Grid;
  record: RecordView;
  day: string;
  time: string;
  fixed: boolean;
}) {
  const { setNodeRef, listeners, attributes, transform } = useDraggable({
    id: `${record.id}@${day}`,
    data: { record, day },
    disabled: fixed,
  });
  return (
    <div
      ref={setNodeRef}
      {...(fixed ? {} : { ...listeners, ...attributes })}
      className={`${styles.chip} ${fixed ? '' : styles.grab}`}
      style={
        transform ? { transform: `translate(${transform.x}px, ${transform.y}px)`, zIndex: 9, position: 'relative' } : {}
      }
    >
      {time && <span className="muted tabular">{time} </span>}
      <Link to={recordPath(grid.form, record.id)} title={record.label} draggable={false}>
        {record.label || '—'}
      </Link>
    </div>
  );
}

/** Where all records of a day stand as a list. */
function dayPath({ form, query }: Grid, start: ReadField, end: ReadField | undefined, day: string): string {
  const filter = JSON.stringify(dayFilter(query.filter, start, end, day));
  return `/apps/${form.appId}/forms/${form.id}?filter=${encodeURIComponent(filter)}`;
}

function Day({
  grid,
  day,
  month,
  records: { items, total },
  start,
  end,
  fixed,
}: {
  grid: Grid;
  day: string;
  month: string;
  records: DayRecords;
  start: ReadField;
  end: ReadField | undefined;
  fixed: boolean;
}) {
  const { t } = useTranslation('records');
  const { setNodeRef, isOver } = useDroppable({ id: day });
  const today = toWallTime(new Date().toISOString()).format('YYYY-MM-DD') === day;
  const chip = (record: RecordView) => {
    const value = record.values[start.key];
    const time =
      start.type === 'datetime' && dayOf(start, value) === day ? toWallTime(String(value)).format('HH:mm') : '';
    return <Chip key={record.id} grid={grid} record={record} day={day} time={time} fixed={fixed} />;
  };
  const classes = [styles.day, !day.startsWith(month) && styles.otherMonth, isOver && styles.laneOver];
  return (
    <div ref={setNodeRef} className={classes.filter(Boolean).join(' ')} data-day={day}>
      <div className={today ? styles.today : styles.date}>{Number(day.slice(8))}</div>
      {items.slice(0, shownADay).map(chip)}
      {items.length > shownADay && (
        <Popover
          trigger="click"
          title={day}
          content={
            <div style={{ display: 'grid', gap: 4, width: 240, maxHeight: 320, overflow: 'auto' }}>
              {items.map(chip)}
              {total !== items.length && (
                <Link to={dayPath(grid, start, end, day)}>{t('calendarList', { n: formatTotal(total) })}</Link>
              )}
            </div>
          }
        >
          <Button type="link" size="small">
            {t('calendarMore', { n: formatTotal(restOf(total)) })}
          </Button>
        </Popover>
      )}
    </div>
  );
}

/** The records of a month on their days; dragging one to another day moves its dates. */
export function CalendarView({ grid }: { grid: Grid }) {
  const { t } = useTranslation('records');
  const { form, view } = grid;
  const start = view?.look.start ? fieldOf(form.fields, view.look.start) : undefined;
  const end = view?.look.end ? fieldOf(form.fields, view.look.end) : undefined;
  const thisMonth = () => toWallTime(new Date().toISOString()).format('YYYY-MM');
  const [month, setMonth] = useState(thisMonth);
  const move = useMove(form);
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 6 } }),
    useSensor(KeyboardSensor),
  );
  const days = daysOf(month);
  const result = useQuery({
    queryKey: keys.data(form.id, 'calendar', { ...grid.query, start: start?.id, end: end?.id, month }),
    queryFn: () =>
      loadSheet(
        (body) => api('records.query', { params: { formId: form.id as FormId }, body }),
        grid.query,
        start as ReadField,
        end,
        days,
      ),
    enabled: start !== undefined,
    placeholderData: keepPreviousData,
  });
  if (!start) return <ViewGone grid={grid} />;
  if (result.error) return <PageError error={result.error} retry={() => void result.refetch()} />;
  const fixed = !form.actions.includes('edit') || !start.writable || (end !== undefined && !end.writable);

  function drop(record: RecordView | undefined, from: string | undefined, to: string | undefined) {
    if (!record || !from || !to || from === to || !start) return;
    const shift = daysBetween(from, to);
    const values: Record<string, string> = {};
    for (const field of end ? [start, end] : [start]) {
      const value = record.values[field.key];
      if (typeof value === 'string' && value !== '') values[field.key] = moveDays(field, value, shift);
    }
    void move(record, values);
  }

  const go = (by: number) => setMonth(dayjs(`${month}-01`).add(by, 'month').format('YYYY-MM'));
  return (
    <div className={styles.scroll} aria-busy={result.isPending}>
      <div className={styles.calendarHead}>
        <Button size="small" icon={<LeftOutlined />} aria-label={t('monthBefore')} onClick={() => go(-1)} />
        <strong className="tabular">{month}</strong>
        <Button size="small" icon={<RightOutlined />} aria-label={t('monthAfter')} onClick={() => go(1)} />
        <Button size="small" type="text" onClick={() => setMonth(thisMonth())}>
          {t('calendarToday')}
        </Button>
      </div>
      <DndContext
        sensors={sensors}
        collisionDetection={underPointer}
        onDragEnd={({ active, over }) =>
          drop(
            active.data.current?.record as RecordView | undefined,
            active.data.current?.day as string | undefined,
            over ? String(over.id) : undefined,
          )
        }
      >
        <div className={styles.calendar}>
          {t('weekdays')
            .split(' ')
            .map((name) => (
              <div key={name} className={styles.weekday}>
                {name}
              </div>
            ))}
          {days.map((day) => (
            <Day
              key={day}
              grid={grid}
              day={day}
              month={month}
              records={result.data?.get(day) ?? none}
              start={start}
              end={end}
              fixed={fixed}
            />
          ))}
        </div>
      </DndContext>
    </div>
  );
}
