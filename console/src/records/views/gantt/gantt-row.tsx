import { CaretDownOutlined, CaretRightOutlined, WarningFilled } from '@ant-design/icons';
import type { RecordView } from '@lianke/shared/records/query';
import { dayDate } from '@lianke/shared/time/work-days';
import { Button, Skeleton, Tooltip } from 'antd';
import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { messageOf } from '../../../api/errors.js';
import { optionsOf } from '../../../fields/options.js';
import { formatTotal } from '../../../shared/format.js';
import { GroupName } from '../../grid/group-row.js';
import type { GroupItem } from '../../grid/items.js';
import styles from './gantt.module.css';
import { type Shift, spanOf } from './gantt-dates.js';
import { boxOnSheet, type Span } from './gantt-days.js';
import type { Part, useBarEdit } from './use-bar-edit.js';
import type { GanttFields } from './use-gantt.js';

/** Narrower bars carry their name beside them. */
const nameInside = 72;

export interface RowPlace {
  top: number;
  height: number;
  titleWidth: number;
}

/** The head of a group of bars. */
export function GroupHead({
  group,
  place,
  onToggle,
}: {
  group: GroupItem;
  place: RowPlace;
  onToggle: (key: string) => void;
}) {
  return (
    <div className={styles.row} style={{ transform: `translateY(${place.top}px)`, height: place.height }}>
      <button type="button" className={styles.group} aria-expanded={group.open} onClick={() => onToggle(group.key)}>
        {group.open ? <CaretDownOutlined /> : <CaretRightOutlined />}
        <span className="ellipsis">
          <GroupName group={group} />
        </span>
        <span className="muted tabular">{formatTotal(group.count)}</span>
      </button>
    </div>
  );
}

/** A row that is still on its way. */
export function WaitRow({ place }: { place: RowPlace }) {
  return (
    <div className={styles.row} style={{ transform: `translateY(${place.top}px)`, height: place.height }}>
      <div className={styles.name} style={{ width: place.titleWidth }}>
        <Skeleton.Input active size="small" style={{ height: 14 }} />
      </div>
    </div>
  );
}

/** Records of a group that could not be read. */
export function FailedRow({ error, place, onRetry }: { error: unknown; place: RowPlace; onRetry: () => void }) {
  const { t } = useTranslation('common');
  return (
    <div className={styles.row} style={{ transform: `translateY(${place.top}px)`, height: place.height }}>
      <div className={styles.name} style={{ width: place.titleWidth }}>
        <span className="muted ellipsis" title={messageOf(error)}>
          {messageOf(error)}
        </span>
        <Button type="link" size="small" onClick={onRetry}>
          {t('retry')}
        </Button>
      </div>
    </div>
  );
}

interface BarProps {
  record: RecordView;
  fields: GanttFields;
  place: RowPlace;
  sheet: Span;
  dayWidth: number;
  shift: Shift;
  active: boolean;
  mayMove: (record: RecordView, part: Part) => boolean;
  edit: ReturnType<typeof useBarEdit>;
  onOpen: (id: string) => void;
}

/** How much is done, 0 to 1; undefined when nobody said. */
function doneOf(record: RecordView, fields: GanttFields): number | undefined {
  const value = fields.progress && record.values[fields.progress.key];
  return value === undefined || value === null || value === '' ? undefined : Math.min(1, Math.max(0, Number(value)));
}

function colorOf(record: RecordView, fields: GanttFields): string {
  const value = fields.color && record.values[fields.color.key];
  const option = fields.color && optionsOf(fields.color).find((each) => each.id === value);
  return fields.color ? (option?.color ?? 'gray') : 'blue';
}

/** A record's name and its bar. */
export function BarRow(props: BarProps) {
  const { record, place, onOpen } = props;
  return (
    <div className={styles.row} style={{ transform: `translateY(${place.top}px)`, height: place.height }}>
      <div className={styles.name} style={{ width: place.titleWidth }}>
        <button type="button" className={`${styles.open} ellipsis`} tabIndex={-1} onClick={() => onOpen(record.id)}>
          {record.label || '—'}
        </button>
      </div>
      <Bar {...props} />
    </div>
  );
}

function Bar({ record, fields, place, sheet, dayWidth, shift, active, mayMove, edit, onOpen }: BarProps) {
  const { t } = useTranslation('records');
  const saved = spanOf(fields, record.values);
  if (!saved) return null;
  const span = { from: saved.from + shift.from, to: saved.to + shift.to };
  const box = boxOnSheet(span, sheet, dayWidth);
  if (!box) return null;
  const color = colorOf(record, fields);
  const done = doneOf(record, fields);
  const when =
    span.from === span.to ? dayDate(span.from) : t('gantt.when', { from: dayDate(span.from), to: dayDate(span.to) });
  const said = [record.label || '—', when, done === undefined ? '' : t('gantt.done', { n: Math.round(done * 100) })]
    .filter((part) => part !== '')
    .join(' · ');
  const movable = mayMove(record, 'whole');
  const inside = box.width >= nameInside;
  const classes = [
    styles.bar,
    movable ? styles.movable : '',
    active ? styles.moving : '',
    box.before ? styles.before : '',
    box.after ? styles.after : '',
  ];
  const left = place.titleWidth + box.left;
  return (
    <>
      <Tooltip title={active ? when : said} mouseEnterDelay={0.4} {...(active ? { open: true } : {})}>
        <button
          type="button"
          data-bar={record.id}
          aria-label={said}
          className={classes.join(' ')}
          style={
            {
              left,
              width: Math.max(box.width, 6),
              '--bar': `var(--tint-${color})`,
              '--bar-text': `var(--tint-${color}-text)`,
            } as CSSProperties
          }
          onClick={() => !edit.wasPull() && onOpen(record.id)}
          {...edit.bar(record)}
        >
          {done !== undefined && <span className={styles.done} style={{ width: `${done * 100}%` }} />}
          {saved.reversed && <WarningFilled className={styles.warn} aria-label={t('gantt.reversed')} />}
          {inside && <span className={`${styles.label} ellipsis`}>{record.label || '—'}</span>}
          {!box.before && mayMove(record, 'from') && <span data-part="from" className={styles.gripFrom} />}
          {!box.after && mayMove(record, 'to') && <span data-part="to" className={styles.gripTo} />}
        </button>
      </Tooltip>
      {!inside && (
        <span className={`${styles.beside} ellipsis`} style={{ left: left + Math.max(box.width, 6) + 6 }} aria-hidden>
          {record.label}
        </span>
      )}
    </>
  );
}
