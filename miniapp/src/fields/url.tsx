import { parseUrl } from '@lianke/shared/fields/url/value';
import { LineInput } from './line-input.js';
import { type ControlProps, type FieldRenderer, refusal } from './types.js';

function Control({ value, onChange }: ControlProps) {
  return <LineInput value={value} keyboard="url" placeholder="https://" onChange={onChange} />;
}

export const urlField: FieldRenderer = {
  Control,
  format: (value) => String(value),
  check: (value) => refusal(parseUrl(value)),
};
