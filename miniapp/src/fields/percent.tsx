import { groupThousands, shiftPoint } from '@lianke/shared/fields/number/numeral';
import type { PercentConfig } from '@lianke/shared/fields/percent/schema';
import { configOf } from '../data/record-types.js';
import { checkDecimal } from './decimal.js';
import { ShiftedInput } from './shifted-input.js';
import type { ControlProps, FieldRenderer } from './types.js';

/** Typed per cent. */
function Control({ value, onChange }: ControlProps) {
  return <ShiftedInput value={value} places={2} unit="%" onChange={onChange} />;
}

export const percentField: FieldRenderer = {
  Control,
  format: (value) => `${groupThousands(shiftPoint(String(value), 2))}%`,
  check: (value, field) => checkDecimal(shiftPoint(String(value), 2), configOf<PercentConfig>(field)),
};
