import type { LongTextConfig } from '@lianke/shared/fields/long-text/schema';
import { parseLongText } from '@lianke/shared/fields/long-text/value';
import { Textarea } from '@tarojs/components';
import { configOf } from '../data/record-types.js';
import { useT } from '../i18n/index.js';
import { type ControlProps, type FieldRenderer, refusal } from './types.js';

function Control({ field, value, onChange }: ControlProps) {
  const { placeholder, maxLength } = configOf<LongTextConfig>(field);
  const t = useT();
  return (
    <Textarea
      className="area"
      value={typeof value === 'string' ? value : ''}
      placeholder={placeholder || t('field.fill')}
      placeholderClass="placeholder"
      maxlength={maxLength ?? 5000}
      autoHeight
      cursorSpacing={120}
      onInput={(event) => onChange(event.detail.value)}
    />
  );
}

export const longTextField: FieldRenderer = {
  Control,
  format: (value) => String(value),
  check: (value, field) =>
    refusal(parseLongText(value, { maxLength: configOf<LongTextConfig>(field).maxLength ?? 5000 })),
};
