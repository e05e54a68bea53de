import { Button, InputNumber, Slider } from 'antd';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../shared/format.js';
import { type EditorProps, type FieldLike, type FieldRenderer, isEmptyValue, type ValueProps } from './renderer.js';

function rangeOf(field: FieldLike): { min: number; max: number; step: number; unit: string } {
  const { min, max, step, unit } = field.config;
  return {
    min: typeof min === 'number' ? min : 0,
    max: typeof max === 'number' ? max : 100,
    step: typeof step === 'number' ? step : 1,
    unit: typeof unit === 'string' ? unit : '',
  };
}

function shown(field: FieldLike, value: ValueProps['value']): string {
  if (isEmptyValue(value)) return '';
  const { unit } = rangeOf(field);
  return `${formatNumber(String(value))}${unit ? ` ${unit}` : ''}`;
}

function Value({ field, value }: ValueProps) {
  return <span className="tabular">{shown(field, value)}</span>;
}

function Editor({ field, value, onChange, id, label, autoFocus, disabled, invalid, inCell }: EditorProps) {
  const { t } = useTranslation('fields');
  const { min, max, step, unit } = rangeOf(field);
  const empty = isEmptyValue(value);
  const put = (next: number | null) => onChange(next === null ? null : String(next));
  const box = (
    <InputNumber<number>
      id={id}
      aria-label={label ?? field.name}
      min={min}
      max={max}
      step={step}
      value={empty ? null : Number(value)}
      onChange={put}
      autoFocus={autoFocus ?? false}
      disabled={disabled ?? false}
      status={invalid ? 'error' : ''}
      suffix={unit || undefined}
      style={inCell ? { width: '100%' } : { width: 112, flex: 'none' }}
    />
  );
  if (inCell) return box;
  return (
    <div style={{ display: 'flex', gap: 12, alignItems: 'center' }}>
      <Slider
        style={{ flex: 1 }}
        ariaLabelForHandle={label ?? field.name}
        min={min}
        max={max}
        step={step}
        value={empty ? min : Number(value)}
        onChange={put}
        disabled={disabled ?? false}
        tooltip={{ formatter: (at) => `${at}${unit}` }}
      />
      {box}
      {!empty && !disabled && (
        <Button type="link" size="small" onClick={() => put(null)}>
          {t('clear')}
        </Button>
      )}
    </div>
  );
}

export const slider: FieldRenderer = { Value, Editor, text: shown, align: 'right', inCell: true, width: 110 };
