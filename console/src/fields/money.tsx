import { shiftPoint } from '@lianke/shared/fields/number/numeral';
import { InputNumber } from 'antd';
import { formatMoney, moneyPlaces, moneyUnit } from '../shared/format.js';
import { type EditorProps, type FieldLike, type FieldRenderer, isEmptyValue, type ValueProps } from './renderer.js';

function configOf(field: FieldLike): { decimals: number; display: 'yuan' | 'wan'; currency: string } {
  const { decimals, display, currency } = field.config;
  return {
    decimals: typeof decimals === 'number' ? decimals : 2,
    display: display === 'wan' ? 'wan' : 'yuan',
    currency: typeof currency === 'string' ? currency : 'CNY',
  };
}

function shown(field: FieldLike, value: ValueProps['value']): string {
  return isEmptyValue(value) ? '' : formatMoney(String(value), configOf(field));
}

function Value({ field, value }: ValueProps) {
  return <span className="tabular">{shown(field, value)}</span>;
}

/** Typed in the unit it is shown in; the value itself stays in the currency's main unit. */
function Editor({ field, value, onChange, id, label, autoFocus, disabled, invalid }: EditorProps) {
  const config = configOf(field);
  const places = moneyPlaces(config);
  const { min, max } = field.config;
  return (
    <InputNumber<string>
      id={id}
      aria-label={label}
      style={{ width: '100%' }}
      stringMode
      controls={false}
      inputMode="decimal"
      value={isEmptyValue(value) ? null : shiftPoint(String(value), -places)}
      onChange={(next) => onChange(next === null || next === '' ? null : shiftPoint(String(next), places))}
      autoFocus={autoFocus}
      disabled={disabled}
      status={invalid ? 'error' : ''}
      suffix={moneyUnit(config)}
      precision={config.decimals + places}
      formatter={(text, info) => (info.userTyping ? info.input : trimZeros(String(text ?? '')))}
      {...(typeof min === 'number' ? { min: shiftPoint(String(min), -places) } : {})}
      {...(typeof max === 'number' ? { max: shiftPoint(String(max), -places) } : {})}
    />
  );
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

export const money: FieldRenderer = { Value, Editor, text: shown, align: 'right', inCell: true, width: 140 };
