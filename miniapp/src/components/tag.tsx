import type { OptionColor } from '@lianke/shared/fields/select/schema';
import { View } from '@tarojs/components';

export function Tag({ label, color = 'gray' }: { label: string; color?: OptionColor }) {
  return <View className={`tag tag--${color}`}>{label}</View>;
}
