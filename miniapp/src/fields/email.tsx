import { parseEmail } from '@lianke/shared/fields/email/value';
import { LineInput } from './line-input.js';
import { type ControlProps, type FieldRenderer, refusal } from './types.js';

function Control({ value, onChange }: ControlProps) {
  return <LineInput value={value} keyboard="email" maxLength={254} onChange={onChange} />;
}

export const emailField: FieldRenderer = {
  Control,
  format: (value) => String(value),
  check: (value) => refusal(parseEmail(value)),
};
