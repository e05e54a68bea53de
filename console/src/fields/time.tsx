import { TimePicker } from 'antd';
import dayjs from 'dayjs';
import { type EditorProps, type FieldRenderer, isEmptyValue, type ValueProps } from './renderer.js';

function Value({ value }: ValueProps) {
  return isEmptyValue(value) ? null : <span className="tabular">{String(value)}</span>;
}

function Editor({ field, value, onChange, id, label, autoFocus, disabled, invalid, inCell, onDone }: EditorProps) {
  const format = field.config.precision === 'second' ? 'HH:mm:ss' : 'HH:mm';
  return (
    <TimePicker
      id={id}
      aria-label={label}
      style={{ width: '100%' }}
      format={format}
      value={isEmptyValue(value) ? null : dayjs(`2000-01-01T${String(value)}`)}
      onChange={(next) => {
        onChange(next ? next.format(format) : null);
        onDone?.();
      }}
      needConfirm={false}
      autoFocus={autoFocus}
      disabled={disabled}
      status={invalid ? 'error' : ''}
      {...(inCell ? { defaultOpen: true } : {})}
    />
  );
}

export const time: FieldRenderer = {
  Value,
  Editor,
  text: (_, value) => (isEmptyValue(value) ? '' : String(value)),
  inCell: true,
  width: 100,
};
