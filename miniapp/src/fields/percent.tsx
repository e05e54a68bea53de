import type { PercentConfig } from '@lianke/shared/fields/percent/schema';
import { configOf } from '../data/record-types.js';
import { checkDecimal, grouped, shiftPoint } from './decimal.js';
import { LineInput } from './line-input.js';
import type { ControlProps, FieldRenderer } from './types.js';

/** Typed per cent; what is no numeral stays as typed, so that its fault can be said. */
function Control({ value, onChange }: ControlProps) {
  const shown = typeof value === 'string' || typeof value === 'number' ? shiftPoint(String(value), 2) : '';
  return (
    <LineInput
      value={shown}
      keyboard="digit"
      unit="%"
      onChange={(text) => onChange(text.trim() === '' ? null : shiftPoint(text.trim(), -2))}
    />
  );
}

export const percentField: FieldRenderer = {
  Control,
  format: (value) => `${grouped(shiftPoint(String(value), 2))}%`,
  check: (value, field) => checkDecimal(shiftPoint(String(value), 2), configOf<PercentConfig>(field)),
};
