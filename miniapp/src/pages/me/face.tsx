import { isStandIn } from '@lianke/shared/chat/stand-in';
import { View } from '@tarojs/components';
import { Icon } from '../../components/icon.js';

/** The end of the reader's name; a figure where WeCom withholds it, for the end of what stands there is one of his id. */
export function Face({ name }: { name: string }) {
  return <View className="me-head__face">{isStandIn(name) ? <Icon name="person" /> : name.slice(-2)}</View>;
}
