import type { IdNumberConfig } from '@lianke/shared/fields/id-number/schema';
import { maskIdNumber, parseIdNumber } from '@lianke/shared/fields/id-number/value';
import { configOf } from '../data/record-types.js';
import { LineInput } from './line-input.js';
import { type ControlProps, type FieldRenderer, refusal } from './types.js';

function Control({ value, onChange }: ControlProps) {
  return <LineInput value={value} maxLength={18} onChange={onChange} />;
}

export const idNumberField: FieldRenderer = {
  Control,
  format: (value, field) =>
    configOf<IdNumberConfig>(field).masked === false ? String(value) : maskIdNumber(String(value)),
  check: (value) => refusal(parseIdNumber(value)),
};
