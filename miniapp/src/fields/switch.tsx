import { Switch, View } from '@tarojs/components';
import type { ControlProps, FieldRenderer } from './types.js';

function Control({ value, onChange }: ControlProps) {
  return (
    <View className="line">
      <Switch checked={value === true} color="#2b7de9" onChange={(event) => onChange(event.detail.value)} />
    </View>
  );
}

export const switchField: FieldRenderer = {
  Control,
  format: (value, _field, { t }) => (typeof value === 'boolean' ? t(value ? 'common.yes' : 'common.no') : ''),
};
