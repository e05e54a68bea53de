import { Textarea, View } from '@tarojs/components';
import { Chips } from '../../components/chips.js';
import type { ReadField } from '../../data/record-types.js';
import { useT } from '../../i18n/index.js';
import type { MessageKey } from '../../i18n/zh.js';
import { contentLimit, phrases } from './phrases.js';

interface Props {
  field: ReadField;
  value: string;
  /** One line high until more is typed. */
  low?: boolean;
  onChange(text: string): void;
}

/** What was said: typed, or put together from phrases at a tap each. */
export function ContentField({ field, value, low = false, onChange }: Props) {
  const t = useT();
  const add = (key: string) => {
    const text = t(key as MessageKey);
    onChange(value ? `${value}${t('common.commaWide')}${text}` : text);
  };
  return (
    <View>
      <Textarea
        className={low ? 'area area--low' : 'area'}
        value={value}
        placeholder={t('visit.contentHint')}
        placeholderClass="placeholder"
        maxlength={contentLimit(field)}
        autoHeight
        cursorSpacing={120}
        onInput={(event) => onChange(event.detail.value)}
      />
      <Chips items={phrases.map((key) => ({ key, label: t(key) }))} onTap={add} />
    </View>
  );
}
