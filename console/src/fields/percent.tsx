import { percentOf, shareOf } from '@lianke/shared/fields/percent/value';
import { InputNumber } from 'antd';
import { formatNumber } from '../shared/format.js';
import { type EditorProps, type FieldLike, type FieldRenderer, isEmptyValue, type ValueProps } from './renderer.js';

function shown(_: FieldLike, value: ValueProps['value']): string {
  return isEmptyValue(value) ? '' : `${formatNumber(percentOf(String(value)))}%`;
}

function Value({ field, value }: ValueProps) {
  return <span className="tabular">{shown(field, value)}</span>;
}

/** Typed per cent; the value itself is the share. */
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
      value={isEmptyValue(value) ? null : percentOf(String(value))}
      onChange={(next) => onChange(next === null || next === '' ? null : shareOf(String(next)))}
      autoFocus={autoFocus}
      disabled={disabled}
      status={invalid ? 'error' : ''}
      suffix="%"
      precision={typeof decimals === 'number' ? decimals : 2}
      formatter={(text, info) => (info.userTyping ? info.input : trimZeros(String(text ?? '')))}
      {...(typeof min === 'number' ? { min: String(min) } : {})}
      {...(typeof max === 'number' ? { max: String(max) } : {})}
      changeOnBlur
    />
  );
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

export const percent: FieldRenderer = { Value, Editor, text: shown, align: 'right', inCell: true, width: 100 };
