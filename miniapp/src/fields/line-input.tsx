import { Input, View } from '@tarojs/components';
import type { Json } from '../data/record-types.js';
import { useT } from '../i18n/index.js';
import { isH5 } from '../platform/host.js';

export type Keyboard = 'text' | 'digit' | 'phone' | 'email' | 'url';

interface Props {
  value: Json | undefined;
  placeholder?: string;
  keyboard?: Keyboard;
  maxLength?: number;
  unit?: string;
  onChange(text: string): void;
}

/** Browsers have a keyboard for each; mini-programs know digits only, and landlines need a dash. */
function inputType(keyboard: Keyboard): 'text' | 'digit' {
  if (keyboard === 'digit') return 'digit';
  if (!isH5 || keyboard === 'text') return 'text';
  return (keyboard === 'phone' ? 'tel' : keyboard) as 'text';
}

/** One line of text with the right keyboard. */
export function LineInput({ value, placeholder, keyboard = 'text', maxLength = 500, unit, onChange }: Props) {
  const t = useT();
  return (
    <View className="line">
      <Input
        className="line__input"
        type={inputType(keyboard)}
        value={value === null || value === undefined ? '' : String(value)}
        placeholder={placeholder || t('field.fill')}
        placeholderClass="placeholder"
        maxlength={maxLength}
        cursorSpacing={120}
        onInput={(event) => onChange(event.detail.value)}
      />
      {unit ? <View className="line__unit">{unit}</View> : null}
    </View>
  );
}
