import { View } from '@tarojs/components';
import { Icon } from './icon.js';

/** A circle beside what can be picked or done, filled once it is. */
export function PickRing({ on }: { on: boolean }) {
  return <View className={`ring ${on ? 'ring--on' : ''}`}>{on ? <Icon name="check" small /> : null}</View>;
}
