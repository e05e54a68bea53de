import { InputNumber } from 'antd';
import { formatNumber } from '../shared/format.js';
import { type EditorProps, type FieldLike, type FieldRenderer, isEmptyValue, type ValueProps } from './renderer.js';

function unitOf(field: FieldLike): string {
  return typeof field.config.unit === 'string' ? field.config.unit : '';
}

function shown(field: FieldLike, value: ValueProps['value']): string {
  if (isEmptyValue(value)) return '';
  const unit = unitOf(field);
  return `${formatNumber(String(value))}${unit ? ` ${unit}` : ''}`;
}

function Value({ field, value }: ValueProps) {
  return <span className="tabular">{shown(field, value)}</span>;
}

function Editor({ field, value, onChange, id, label, autoFocus, disabled, invalid }: EditorProps) {
  const { decimals, min, max } = field.config;
  return (
    <InputNumber<string>
      id={id}
      aria-label={label}
      style={{ width: '100%' }}
      stringMode
      controls={false}
      inputMode="decimal"
      value={isEmptyValue(value) ? null : String(value)}
      onChange={(next) => onChange(next === null || next === '' ? null : String(next))}
      autoFocus={autoFocus}
      disabled={disabled}
      status={invalid ? 'error' : ''}
      suffix={unitOf(field) || undefined}
      {...(typeof decimals === 'number' ? { precision: decimals } : {})}
      {...(typeof min === 'number' ? { min: String(min) } : {})}
      {...(typeof max === 'number' ? { max: String(max) } : {})}
      changeOnBlur
    />
  );
}

export const number: FieldRenderer = { Value, Editor, text: shown, align: 'right', inCell: true, width: 120 };
