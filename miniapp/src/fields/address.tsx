import type { AddressValue } from '@lianke/shared/fields/address/schema';
import { View } from '@tarojs/components';
import type { Json } from '../data/record-types.js';
import { useT } from '../i18n/index.js';
import { LineInput } from './line-input.js';
import { addressLine, addressOf } from './plain-values.js';
import type { ControlProps, FieldRenderer } from './types.js';

const parts = ['province', 'city', 'district'] as const;

function Control({ value, onChange }: ControlProps) {
  const t = useT();
  const address = addressOf(value);
  const put = (part: keyof AddressValue, text: string) => {
    const next: AddressValue = { ...address, [part]: text };
    onChange(addressLine(next as Json) === '' ? null : (next as Json));
  };
  return (
    <View>
      <View className="pair">
        {parts.map((part) => (
          <View key={part} className="pair__part">
            <LineInput
              value={address[part]}
              placeholder={t(`address.${part}`)}
              maxLength={30}
              onChange={(text) => put(part, text)}
            />
          </View>
        ))}
      </View>
      <LineInput
        value={address.detail}
        placeholder={t('address.detail')}
        maxLength={200}
        onChange={(text) => put('detail', text)}
      />
    </View>
  );
}

export const addressField: FieldRenderer = { Control, format: addressLine };
