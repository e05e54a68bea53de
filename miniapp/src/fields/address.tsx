import type { AddressValue } from '@lianke/shared/fields/address/schema';
import { View } from '@tarojs/components';
import type { Json } from '../data/record-types.js';
import { useT } from '../i18n/index.js';
import { LineInput } from './line-input.js';
import type { ControlProps, FieldRenderer } from './types.js';

const parts = ['province', 'city', 'district'] as const;

export function addressOf(value: Json | undefined): AddressValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as AddressValue) : {};
}

export function addressLine(value: Json | undefined): string {
  const address = addressOf(value);
  return [address.province, address.city, address.district, address.detail].filter(Boolean).join('');
}

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
