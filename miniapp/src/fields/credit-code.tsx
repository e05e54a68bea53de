import { parseCreditCode } from '@lianke/shared/fields/credit-code/value';
import { LineInput } from './line-input.js';
import { type ControlProps, type FieldRenderer, refusal } from './types.js';

function Control({ value, onChange }: ControlProps) {
  return <LineInput value={value} maxLength={18} onChange={onChange} />;
}

export const creditCodeField: FieldRenderer = {
  Control,
  format: (value) => String(value),
  check: (value) => refusal(parseCreditCode(value)),
};
