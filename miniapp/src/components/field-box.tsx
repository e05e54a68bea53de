import type { FieldState } from '@lianke/shared/forms/rules';
import { View } from '@tarojs/components';
import Taro from '@tarojs/taro';
import { useFormat } from '../data/context.js';
import type { Json, ReadField } from '../data/record-types.js';
import { formatField, renderers } from '../fields/registry.js';
import '../fields/fields.scss';
import './field-box.scss';

interface Props {
  field: ReadField;
  value: Json | undefined;
  error?: string;
  /** How the field stands by the form's rules. */
  state?: FieldState | undefined;
  onChange(value: Json): void;
}

/** The id of a field's box on the page, to scroll to. */
export function boxId(field: ReadField): string {
  return `field-${field.key}`;
}

/** Scrolls to a field that is not right, after boxes that were folded away have opened. */
export function scrollToField(field: ReadField): void {
  const scroll = async () => Taro.pageScrollTo({ selector: `#${boxId(field)}`, offsetTop: -80, duration: 200 });
  setTimeout(() => void scroll().catch(() => undefined), 80);
}

interface ComputedProps {
  field: ReadField;
  value: Json | undefined;
  /** What it is computed from may have changed: only saving tells. */
  stale: boolean;
}

/** A field that is computed from others: its value as it stands. */
export function ComputedBox({ field, value, stale }: ComputedProps) {
  const context = useFormat();
  return (
    <View className="field">
      <View className="field__label">{field.name}</View>
      <View className="field__locked">
        {stale ? context.t('field.computed') : formatField(field, value, context) || '—'}
      </View>
    </View>
  );
}

/** Label above the control, star when required, hint, and the error under it. */
export function FieldBox({ field, value, error, state, onChange }: Props) {
  const context = useFormat();
  const Control = renderers[field.type]?.Control;
  if (!Control) return null;
  return (
    <View id={boxId(field)} className={`field ${error ? 'field--bad' : ''}`}>
      <View className="field__label">
        {field.name}
        {(state ? state.required : field.rules.required) ? <View className="field__star">*</View> : null}
      </View>
      {state?.readonly ? (
        <View className="field__locked">{formatField(field, value, context) || '—'}</View>
      ) : (
        <Control field={field} value={value} onChange={onChange} />
      )}
      {error ? <View className="field-error">{error}</View> : null}
      {field.hint && !error ? <View className="field__hint">{field.hint}</View> : null}
    </View>
  );
}
