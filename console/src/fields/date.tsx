import { DatePicker } from 'antd';
import dayjs from 'dayjs';
import { type EditorProps, type FieldRenderer, isEmptyValue, type ValueProps } from './renderer.js';

function Value({ value }: ValueProps) {
  return isEmptyValue(value) ? null : <span className="tabular">{String(value)}</span>;
}

function Editor({ value, onChange, id, label, autoFocus, disabled, invalid, inCell, onDone }: EditorProps) {
  return (
    <DatePicker
      id={id}
      aria-label={label}
      style={{ width: '100%' }}
      value={typeof value === 'string' && value !== '' ? dayjs(value) : null}
      onChange={(next) => {
        onChange(next ? next.format('YYYY-MM-DD') : null);
        onDone?.();
      }}
      autoFocus={autoFocus}
      disabled={disabled}
      status={invalid ? 'error' : ''}
      {...(inCell ? { defaultOpen: true } : {})}
    />
  );
}

export const date: FieldRenderer = {
  Value,
  Editor,
  text: (_, value) => (isEmptyValue(value) ? '' : String(value)),
  inCell: true,
  width: 120,
};
