import type { GanttScale } from '@lianke/shared/forms/views';
import { dayDate } from '@lianke/shared/time/work-days';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { currentLanguage } from '../../../i18n/index.js';
import styles from './gantt.module.css';
import { type ColumnUnit, columnsOfSheet, daysOff, headUnits, type Span } from './gantt-days.js';

interface Props {
  sheet: Span;
  scale: GanttScale;
  dayWidth: number;
}

/** What a column of the head is called. */
function useColumnName(): (unit: ColumnUnit, start: number, upper: boolean) => string {
  const { t } = useTranslation('records');
  const format = (start: number, parts: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(currentLanguage() === 'en' ? 'en-GB' : 'zh-CN', { ...parts, timeZone: 'UTC' }).format(
      new Date(`${dayDate(start)}T00:00:00Z`),
    );
  return (unit, start, upper) => {
    const date = dayDate(start);
    switch (unit) {
      case 'day':
        return String(Number(date.slice(8)));
      case 'week':
        return `${Number(date.slice(5, 7))}/${Number(date.slice(8))}`;
      case 'month':
        return upper ? format(start, { year: 'numeric', month: 'short' }) : format(start, { month: 'short' });
      case 'quarter':
        return t('gantt.quarter', { n: Math.floor((Number(date.slice(5, 7)) - 1) / 3) + 1 });
      case 'year':
        return date.slice(0, 4);
    }
  };
}

/** The two lines above a sheet. */
export const SheetHead = memo(function SheetHead({ sheet, scale, dayWidth }: Props) {
  const name = useColumnName();
  return (
    <div className={styles.headLines} aria-hidden>
      {headUnits[scale].map((unit, line) => (
        <div key={unit} className={styles.headLine}>
          {columnsOfSheet(unit, sheet).map((column) => (
            <div
              key={column.start}
              className={styles.headColumn}
              style={{ left: (column.from - sheet.from) * dayWidth, width: (column.to - column.from + 1) * dayWidth }}
            >
              <span className={line === 0 ? styles.upperName : undefined}>{name(unit, column.start, line === 0)}</span>
            </div>
          ))}
        </div>
      ))}
    </div>
  );
});

/** What lies behind the bars: days off, the edges of columns, today. */
export const SheetGround = memo(function SheetGround({
  sheet,
  scale,
  dayWidth,
  today,
  left,
}: Props & { today: number; left: number }) {
  const { t } = useTranslation('records');
  const place = (from: number, to: number) => ({
    left: left + (from - sheet.from) * dayWidth,
    width: (to - from + 1) * dayWidth,
  });
  return (
    <div className={styles.ground} aria-hidden>
      {/* A weekend of two pixels would be a grey sheet. */}
      {scale !== 'quarter' &&
        daysOff(sheet).map((off) => (
          <div
            key={off.from}
            className={off.name ? styles.holiday : styles.off}
            style={place(off.from, off.to)}
            title={off.name || undefined}
          >
            {off.name && dayWidth * (off.to - off.from + 1) >= 34 && (
              <span className={styles.holidayName}>{off.name}</span>
            )}
          </div>
        ))}
      {columnsOfSheet(headUnits[scale][1], sheet).map((column) => (
        <div key={column.start} className={styles.line} style={{ left: place(column.from, column.from).left }} />
      ))}
      {today >= sheet.from && today <= sheet.to && (
        <div className={styles.today} style={{ left: place(today, today).left + dayWidth / 2 }}>
          <span className={styles.todayName}>{t('calendarToday')}</span>
        </div>
      )}
    </div>
  );
});
