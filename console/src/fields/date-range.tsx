import { periodOf } from '@lianke/shared/fields/date-range/value';
import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import { type EditorProps, type FieldLike, type FieldRenderer, type ValueProps } from './renderer.js';

function shown(_: FieldLike, value: ValueProps['value']): string {
  const period = periodOf(value);
  return period ? `${period.start} ~ ${period.end}` : '';
}

function Value({ field, value }: ValueProps) {
  return <span className="tabular">{shown(field, value)}</span>;
}

function Editor({ field, value, onChange, id, label, autoFocus, disabled, invalid, inCell, onDone }: EditorProps) {
  const period = periodOf(value);
  return (
    <DatePicker.RangePicker
      {...(id ? { id: { start: id, end: `${id}-end` } } : {})}
      aria-label={label ?? field.name}
      style={{ width: '100%', ...(inCell ? { minWidth: 260 } : {}) }}
      value={period ? [dayjs(period.start), dayjs(period.end)] : null}
      onChange={(days) => {
        const [start, end] = days ?? [];
        onChange(start && end ? `${start.format('YYYY-MM-DD')}/${end.format('YYYY-MM-DD')}` : null);
        onDone?.();
      }}
      autoFocus={autoFocus ?? false}
      disabled={disabled ?? false}
      status={invalid ? 'error' : ''}
      {...(inCell ? { defaultOpen: true } : {})}
    />
  );
}

export const dateRange: FieldRenderer = { Value, Editor, text: shown, inCell: true, width: 210 };
