import { View } from '@tarojs/components';
import type { Json, ReadField } from '../data/record-types.js';
import { renderers } from '../fields/registry.js';
import '../fields/fields.scss';
import './field-box.scss';

interface Props {
  field: ReadField;
  value: Json | undefined;
  error?: string;
  onChange(value: Json): void;
}

/** The id of a field's box on the page, to scroll to. */
export function boxId(field: ReadField): string {
  return `field-${field.key}`;
}

/** Label above the control, star when required, hint, and the error under it. */
export function FieldBox({ field, value, error, onChange }: Props) {
  const Control = renderers[field.type]?.Control;
  if (!Control) return null;
  return (
    <View id={boxId(field)} className={`field ${error ? 'field--bad' : ''}`}>
      <View className="field__label">
        {field.name}
        {field.rules.required ? <View className="field__star">*</View> : null}
      </View>
      <Control field={field} value={value} onChange={onChange} />
      {error ? <View className="field-error">{error}</View> : null}
      {field.hint && !error ? <View className="field__hint">{field.hint}</View> : null}
    </View>
  );
}
