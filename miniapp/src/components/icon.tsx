import { View } from '@tarojs/components';

export type IconName =
  | 'back'
  | 'next'
  | 'down'
  | 'close'
  | 'plus'
  | 'search'
  | 'check'
  | 'phone'
  | 'chat'
  | 'nav'
  | 'pen'
  | 'camera'
  | 'place'
  | 'chart'
  | 'table'
  | 'file'
  | 'clock'
  | 'bell'
  | 'moon'
  | 'scan'
  | 'swap'
  | 'person'
  | 'more'
  | 'book'
  | 'bulb'
  | 'contacts'
  | 'flag'
  | 'inbox'
  | 'project'
  | 'rise'
  | 'shopping'
  | 'team'
  | 'tool'
  | 'warning';

/** A line icon in the colour of the text around it (styles/icons.scss). */
export function Icon({ name, small, className = '' }: { name: IconName; small?: boolean; className?: string }) {
  return <View className={`icon icon--${name} ${small ? 'icon--small' : ''} ${className}`} />;
}
