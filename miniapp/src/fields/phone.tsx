import type { PhoneConfig } from '@lianke/shared/fields/phone/schema';
import { parsePhones } from '@lianke/shared/fields/phone/value';
import { View } from '@tarojs/components';
import { Icon } from '../components/icon.js';
import { configOf, textsOf } from '../data/record-types.js';
import { useT } from '../i18n/index.js';
import { LineInput } from './line-input.js';
import { type ControlProps, type FieldRenderer, refusal } from './types.js';

function Control({ field, value, onChange }: ControlProps) {
  const t = useT();
  const numbers = textsOf(value);
  const lines = numbers.length === 0 ? [''] : numbers;
  const max = configOf<PhoneConfig>(field).max ?? 3;
  const put = (index: number, text: string) => onChange(lines.map((line, at) => (at === index ? text : line)));
  return (
    <View>
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are edited in place and have no other identity
        <View key={index} className="line">
          <View className="line__text" style={{ padding: 0 }}>
            <LineInput value={line} keyboard="phone" maxLength={24} onChange={(text) => put(index, text)} />
          </View>
          {lines.length > 1 ? (
            <View className="line__clear" onClick={() => onChange(lines.filter((_, at) => at !== index))}>
              <Icon name="close" small />
            </View>
          ) : null}
        </View>
      ))}
      {numbers.length > 0 && numbers.length < max && numbers.every(Boolean) ? (
        <View className="line link" onClick={() => onChange([...numbers, ''])}>
          {t('field.addPhone')}
        </View>
      ) : null}
    </View>
  );
}

export const phoneField: FieldRenderer = {
  Control,
  format: (value, _field, { t }) => textsOf(value).join(t('common.comma')),
  check: (value, field) =>
    refusal(parsePhones(textsOf(value).filter(Boolean), { max: configOf<PhoneConfig>(field).max ?? 3 })),
  toWire: (value) => textsOf(value).filter((number) => number.trim() !== ''),
};
