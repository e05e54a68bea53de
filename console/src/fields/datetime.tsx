import { DatePicker } from 'antd';
import { formatDatetime, fromWallTime, toWallTime } from '../shared/format.js';
import { type EditorProps, type FieldLike, type FieldRenderer, isEmptyValue, type ValueProps } from './renderer.js';

function precisionOf(field: FieldLike): 'day' | 'minute' | 'second' {
  const { precision } = field.config;
  return precision === 'day' || precision === 'second' ? precision : 'minute';
}

function shown(field: FieldLike, value: ValueProps['value']): string {
  return isEmptyValue(value) ? '' : formatDatetime(String(value), precisionOf(field));
}

function Value({ field, value }: ValueProps) {
  return <span className="tabular">{shown(field, value)}</span>;
}

function Editor({ field, value, onChange, id, label, autoFocus, disabled, invalid, inCell, onDone }: EditorProps) {
  const precision = precisionOf(field);
  return (
    <DatePicker
      id={id}
      aria-label={label}
      // A narrow column does not cut off what is typed in its cell.
      style={{ width: '100%', ...(inCell ? { minWidth: { day: 140, minute: 190, second: 210 }[precision] } : {}) }}
      showTime={precision === 'day' ? false : { format: precision === 'second' ? 'HH:mm:ss' : 'HH:mm' }}
      format={{ day: 'YYYY-MM-DD', minute: 'YYYY-MM-DD HH:mm', second: 'YYYY-MM-DD HH:mm:ss' }[precision]}
      value={typeof value === 'string' && value !== '' ? toWallTime(value) : null}
      onChange={(next) => {
        const wall = next && precision === 'day' ? next.startOf('day') : next;
        onChange(wall ? fromWallTime(wall) : null);
        onDone?.();
      }}
      autoFocus={autoFocus}
      disabled={disabled}
      status={invalid ? 'error' : ''}
      {...(inCell ? { defaultOpen: true } : {})}
    />
  );
}

export const datetime: FieldRenderer = { Value, Editor, text: shown, inCell: true, width: 150 };
