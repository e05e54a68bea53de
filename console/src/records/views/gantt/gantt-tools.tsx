import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { type GanttScale, ganttScales } from '@lianke/shared/forms/views';
import type { FormId } from '@lianke/shared/ids';
import type { RecordView, Total } from '@lianke/shared/records/query';
import { dayDate, dayNumber } from '@lianke/shared/time/work-days';
import { useQuery } from '@tanstack/react-query';
import { Button, DatePicker, Segmented, Select } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.js';
import { keys } from '../../../api/queries.js';
import { bothOf } from '../../../shared/filter-model.js';
import { formatTotal } from '../../../shared/format.js';
import type { Grid } from '../../use-grid.js';
import type { Values } from '../../values.js';
import styles from './gantt.module.css';
import type { DateFields } from './gantt-dates.js';
import type { Span } from './gantt-days.js';
import { UnplacedDrawer, withoutStart } from './unplaced-drawer.js';

interface Props {
  grid: Grid;
  fields: DateFields;
  sheet: Span;
  /** The day that is looked at. */
  day: number;
  scale: GanttScale;
  onScale: (scale: GanttScale) => void;
  /** Records on the sheet. */
  total: Total | undefined;
  narrow: boolean;
  onGo: (to: -1 | 1 | 'today') => void;
  onDay: (day: number) => void;
  onPlace: (record: RecordView, values: Values) => Promise<void>;
  onOpen: (id: string) => void;
}

/** Above a Gantt chart: earlier, later, today, any day, how long columns are, and what has no dates yet. */
export function GanttTools(props: Props) {
  const { grid, fields, sheet, day, scale, onScale, total, narrow, onGo, onDay } = props;
  const { t } = useTranslation('records');
  const [listed, setListed] = useState(false);
  const filter = bothOf(grid.query.filter, withoutStart(fields));
  const body = { ...grid.query, ...(filter ? { filter } : {}), fields: [], limit: 1 };
  const unplaced = useQuery({
    queryKey: keys.data(grid.form.id, 'gantt', 'unplaced', body),
    queryFn: async () => (await api('records.query', { params: { formId: grid.form.id as FormId }, body })).total ?? 0,
  }).data;
  const options = ganttScales.map((each) => ({ value: each, label: t(`gantt.scales.${each}`) }));
  return (
    <div className={styles.tools}>
      <Button size="small" icon={<LeftOutlined />} aria-label={t('gantt.earlier')} onClick={() => onGo(-1)} />
      <Button size="small" icon={<RightOutlined />} aria-label={t('gantt.later')} onClick={() => onGo(1)} />
      <Button size="small" type="text" onClick={() => onGo('today')}>
        {t('calendarToday')}
      </Button>
      {!narrow && (
        <DatePicker
          size="small"
          variant="borderless"
          allowClear={false}
          aria-label={t('gantt.goTo')}
          style={{ width: 116 }}
          value={dayjs(dayDate(day))}
          onChange={(next) => next && onDay(dayNumber(next.format('YYYY-MM-DD')))}
        />
      )}
      {narrow ? (
        <Select<GanttScale>
          size="small"
          aria-label={t('gantt.scale')}
          value={scale}
          options={options}
          onChange={onScale}
          style={{ width: 76 }}
        />
      ) : (
        <Segmented<GanttScale>
          size="small"
          aria-label={t('gantt.scale')}
          value={scale}
          options={options}
          onChange={onScale}
        />
      )}
      <span className={styles.grow} />
      {!narrow && total !== undefined && (
        <span className="muted tabular">
          {t('gantt.onSheet', {
            n: formatTotal(total),
            from: dayDate(sheet.from),
            to: dayDate(sheet.to),
          })}
        </span>
      )}
      {unplaced !== undefined && unplaced !== 0 && (
        <Button size="small" onClick={() => setListed(true)}>
          {t('gantt.unplaced', { n: formatTotal(unplaced) })}
        </Button>
      )}
      <UnplacedDrawer {...props} open={listed} onClose={() => setListed(false)} />
    </div>
  );
}
