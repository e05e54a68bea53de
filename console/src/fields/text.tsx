import { Input } from 'antd';
import { type EditorProps, type FieldRenderer, isEmptyValue, type ValueProps } from './renderer.js';

function Value({ value }: ValueProps) {
  return isEmptyValue(value) ? null : String(value);
}

/** A one-line input; shared by the types that are typed as one line. */
export function LineEditor({ field, value, onChange, id, label, autoFocus, disabled, invalid }: EditorProps) {
  const { maxLength, placeholder } = field.config;
  return (
    <Input
      id={id}
      aria-label={label}
      value={typeof value === 'string' ? value : ''}
      onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
      autoFocus={autoFocus}
      disabled={disabled}
      status={invalid ? 'error' : ''}
      {...(typeof maxLength === 'number' ? { maxLength } : {})}
      {...(typeof placeholder === 'string' ? { placeholder } : {})}
    />
  );
}

export const text: FieldRenderer = {
  Value,
  Editor: LineEditor,
  text: (_, value) => (isEmptyValue(value) ? '' : String(value)),
  inCell: true,
  width: 180,
};
