import { groupThousands } from '@lianke/shared/fields/number/numeral';
import type { NumberConfig } from '@lianke/shared/fields/number/schema';
import { configOf } from '../data/record-types.js';
import { checkDecimal } from './decimal.js';
import { LineInput } from './line-input.js';
import type { ControlProps, FieldRenderer } from './types.js';

function Control({ field, value, onChange }: ControlProps) {
  return <LineInput value={value} keyboard="digit" unit={configOf<NumberConfig>(field).unit} onChange={onChange} />;
}

export const numberField: FieldRenderer = {
  Control,
  format(value, field) {
    const { unit } = configOf<NumberConfig>(field);
    return unit ? `${groupThousands(String(value))} ${unit}` : groupThousands(String(value));
  },
  check: (value, field) => checkDecimal(value, configOf<NumberConfig>(field)),
};
