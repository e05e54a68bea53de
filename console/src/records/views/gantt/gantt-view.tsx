import { WarningOutlined } from '@ant-design/icons';
import type { RecordView } from '@lianke/shared/records/query';
import { dayDate, dayNumber } from '@lianke/shared/time/work-days';
import { Alert, Skeleton } from 'antd';
import {
  type CSSProperties,
  type KeyboardEvent,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import { PageError } from '../../../app/page-error.js';
import { listing } from '../../../i18n/punctuation.js';
import { toWallTime } from '../../../shared/format.js';
import { usePersistent } from '../../../shared/use-persistent.js';
import { keyOf } from '../../grid/items.js';
import { useVirtualRows } from '../../grid/use-virtual-rows.js';
import { mayWriteNow, useRuleEnv } from '../../rules.js';
import type { useCellSave } from '../../use-cell-save.js';
import type { Grid } from '../../use-grid.js';
import { RecordPeek } from '../record-peek.js';
import { goneParts, ViewGone } from '../view-gone.js';
import styles from './gantt.module.css';
import { scaleSizes, sheetAround } from './gantt-days.js';
import { SheetGround, SheetHead } from './gantt-head.js';
import { BarRow, FailedRow, GroupHead, WaitRow } from './gantt-row.js';
import { GanttTools } from './gantt-tools.js';
import { NothingHere } from './nothing-here.js';
import { type Part, useBarEdit } from './use-bar-edit.js';
import { type GanttFields, ganttFields, mostBars, useGanttRows } from './use-gantt.js';

const rowHeight = 36;
const headHeight = 48;

interface Props {
  grid: Grid;
  cells: ReturnType<typeof useCellSave>;
  narrow: boolean;
}

/** Records as bars on a calendar: pulled by pointer, pushed by keys, saved as cells are. */
export function GanttView(props: Props) {
  const fields = ganttFields(props.grid);
  return fields ? <Chart key={props.grid.view?.id} {...props} fields={fields} /> : <ViewGone grid={props.grid} />;
}

/** Today in the company's zone, as a day number. */
function todayNumber(): number {
  return dayNumber(toWallTime(new Date().toISOString()).format('YYYY-MM-DD'));
}

function Chart({ grid, cells, narrow, fields }: Props & { fields: GanttFields }) {
  const { t } = useTranslation('records');
  const { form, view } = grid;
  const usual = view?.look.scale ?? 'week';
  const [ownScale, setScale] = usePersistent<typeof usual | null>(`gantt.${view?.id}`, null);
  const scale = ownScale ?? usual;
  const [anchor, setAnchor] = useState(todayNumber);
  const sheet = useMemo(() => sheetAround(scale, anchor), [scale, anchor]);
  const { dayWidth } = scaleSizes[scale];
  const titleWidth = narrow ? 104 : 220;
  const rows = useGanttRows(grid, fields, sheet);
  const { items } = rows;
  const viewport = useRef<HTMLDivElement>(null);
  const { first, last } = useVirtualRows(viewport, items.length, rowHeight, headHeight);
  const [peeked, setPeeked] = useState<string>();
  const env = useRuleEnv();
  const gone = goneParts(grid);
  const hint = useId();

  // The day that is looked at stands at a third of what is seen, whenever the sheet is another one.
  useLayoutEffect(() => {
    const element = viewport.current;
    if (!element) return;
    const seen = element.clientWidth - titleWidth;
    element.scrollLeft = Math.max(0, (anchor - sheet.from) * dayWidth - seen / 3);
  }, [anchor, sheet.from, dayWidth, titleWidth]);

  const ask = useRef(rows.more);
  ask.current = rows.more;
  useEffect(() => {
    for (const item of items.slice(first, last)) if (item.kind === 'wait') ask.current(item.key);
  }, [first, last, items]);

  const ends = gone.includes('end');
  function mayMove(record: RecordView, part: Part): boolean {
    if (!form.actions.includes('edit') || ends) return false;
    const { start, end } = fields;
    const may = (field: typeof start) => field.writable && mayWriteNow(form, record, field, env);
    if (start.type === 'dateRange') return may(start);
    const ended = end !== undefined && record.values[end.key];
    if (part === 'to') return end !== undefined && may(end);
    return may(start) && (part === 'from' || !ended || may(end));
  }
  const edit = useBarEdit({
    fields,
    dayWidth,
    mayMove,
    save: (record, values) => void cells.saveAll(record, values),
  });

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z' && !event.shiftKey) {
      event.preventDefault();
      void cells.undo();
      return;
    }
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const bars = [...(viewport.current?.querySelectorAll<HTMLElement>('[data-bar]') ?? [])];
    const at = bars.indexOf(document.activeElement as HTMLElement);
    const next = bars[at + by];
    if (by === 0 || at < 0 || !next) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  const width = titleWidth + (sheet.to - sheet.from + 1) * dayWidth;
  const place = (index: number) => ({ top: headHeight + index * rowHeight, height: rowHeight, titleWidth });
  return (
    <div className={styles.gantt}>
      <GanttTools
        grid={grid}
        fields={fields}
        sheet={sheet}
        day={anchor}
        scale={scale}
        onScale={setScale}
        total={rows.total}
        narrow={narrow}
        onGo={(to) => setAnchor(to === 'today' ? todayNumber() : anchor + to * Math.floor(scaleSizes[scale].days / 3))}
        onDay={(day) => setAnchor(day)}
        onPlace={(record, values) => cells.saveAll(record, values)}
        onOpen={setPeeked}
      />
      {gone.length > 0 && (
        <Alert
          banner
          type="warning"
          icon={<WarningOutlined />}
          title={t('viewGone', { parts: listing(gone.map((part) => t(`viewPartOf.gantt.${part}`))) })}
        />
      )}
      {rows.cut && <Alert banner type="info" title={t('gantt.cut', { n: mostBars })} />}
      <div className={styles.body}>
        <section
          ref={viewport}
          className={`${styles.viewport} ${rows.stale ? styles.stale : ''}`}
          aria-label={view?.name}
          aria-describedby={hint}
          aria-busy={rows.loading}
          onKeyDown={onKeyDown}
        >
          {rows.error ? (
            <PageError error={rows.error} retry={rows.retry} />
          ) : (
            <div
              className={styles.canvas}
              style={
                { width, height: headHeight + items.length * rowHeight, '--title': `${titleWidth}px` } as CSSProperties
              }
            >
              <div className={styles.head} style={{ height: headHeight, width }}>
                <div className={styles.corner} style={{ width: titleWidth }}>
                  <span className="ellipsis">{grid.columns.find((column) => column.title)?.field.name}</span>
                </div>
                <SheetHead sheet={sheet} scale={scale} dayWidth={dayWidth} />
              </div>
              <SheetGround sheet={sheet} scale={scale} dayWidth={dayWidth} today={todayNumber()} left={titleWidth} />
              {items.slice(first, last).map((item, at) => {
                const where = place(first + at);
                if (item.kind === 'group')
                  return <GroupHead key={keyOf(item)} group={item} place={where} onToggle={rows.toggle} />;
                if (item.kind === 'failed')
                  return (
                    <FailedRow
                      key={keyOf(item)}
                      error={item.error}
                      place={where}
                      onRetry={() => rows.again(item.key)}
                    />
                  );
                if (item.kind === 'wait') return <WaitRow key={keyOf(item)} place={where} />;
                const { record } = item;
                return (
                  <BarRow
                    key={keyOf(item)}
                    record={record}
                    fields={fields}
                    place={where}
                    sheet={sheet}
                    dayWidth={dayWidth}
                    shift={edit.shiftOf(record)}
                    active={edit.active === record.id}
                    mayMove={mayMove}
                    edit={edit}
                    onOpen={setPeeked}
                  />
                );
              })}
            </div>
          )}
        </section>
        {rows.loading && <Skeleton active className={styles.wait} paragraph={{ rows: 6 }} />}
        {!rows.loading && !rows.error && items.length === 0 && (
          <NothingHere grid={grid} fields={fields} sheet={sheet} onDay={setAnchor} />
        )}
      </div>
      <RecordPeek form={form} recordId={peeked} onClose={() => setPeeked(undefined)} />
      <p id={hint} className="visually-hidden">
        {t('gantt.keys', { from: dayDate(sheet.from), to: dayDate(sheet.to) })}
      </p>
    </div>
  );
}
