import { Switch, View } from '@tarojs/components';
import type { ReactNode } from 'react';

interface Props {
  name: string;
  hint?: ReactNode;
  /** Shown at the right instead of a switch. */
  side?: ReactNode;
  on?: boolean;
  onChange?(on: boolean): void;
}

/** One line of settings: what it is, a word about it, and a switch. */
export function SettingRow({ name, hint, side, on = false, onChange }: Props) {
  return (
    <View className="option setting">
      <View className="option__main">
        <View>{name}</View>
        {hint ? <View className="setting__hint">{hint}</View> : null}
      </View>
      {side}
      {onChange ? (
        <View className="setting__switch" aria-label={name}>
          <Switch checked={on} color="#2b7de9" onChange={(event) => onChange(event.detail.value)} />
        </View>
      ) : null}
    </View>
  );
}
