import { Input } from 'antd';
import { type EditorProps, type FieldRenderer, isEmptyValue, type ValueProps } from './renderer.js';

function Value({ value }: ValueProps) {
  return isEmptyValue(value) ? null : <span style={{ whiteSpace: 'pre-wrap' }}>{String(value)}</span>;
}

function Editor({ field, value, onChange, id, label, autoFocus, disabled, invalid, inCell }: EditorProps) {
  const { maxLength, placeholder } = field.config;
  return (
    <Input.TextArea
      id={id}
      aria-label={label}
      value={typeof value === 'string' ? value : ''}
      onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
      autoFocus={autoFocus}
      disabled={disabled}
      status={invalid ? 'error' : ''}
      autoSize={{ minRows: inCell ? 1 : 3, maxRows: 12 }}
      {...(typeof maxLength === 'number' ? { maxLength } : {})}
      {...(typeof placeholder === 'string' ? { placeholder } : {})}
    />
  );
}

export const longText: FieldRenderer = {
  Value,
  Editor,
  text: (_, value) => (isEmptyValue(value) ? '' : String(value)),
  inCell: true,
  width: 260,
};
