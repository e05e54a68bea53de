import type { TextConfig } from '@lianke/shared/fields/text/schema';
import { parseText } from '@lianke/shared/fields/text/value';
import { configOf } from '../data/record-types.js';
import { LineInput } from './line-input.js';
import { type ControlProps, type FieldRenderer, refusal } from './types.js';

function Control({ field, value, onChange }: ControlProps) {
  const { placeholder, maxLength } = configOf<TextConfig>(field);
  return <LineInput value={value} placeholder={placeholder} maxLength={maxLength ?? 200} onChange={onChange} />;
}

export const textField: FieldRenderer = {
  Control,
  format: (value) => String(value),
  check: (value, field) => refusal(parseText(value, { maxLength: configOf<TextConfig>(field).maxLength ?? 200 })),
};
