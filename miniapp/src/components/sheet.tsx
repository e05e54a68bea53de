import { ScrollView, View } from '@tarojs/components';
import type { ReactNode } from 'react';
import { Icon } from './icon.js';
import './sheet.scss';

interface Props {
  title: string;
  onClose(): void;
  /** Between the title and the scrolling part: a search box. */
  top?: ReactNode;
  /** Below the scrolling part: 确定. */
  foot?: ReactNode;
  onEnd?(): void;
  children: ReactNode;
}

/** A panel that rises from the bottom over the page. Mount it to open it. */
export function Sheet({ title, onClose, top, foot, onEnd, children }: Props) {
  return (
    <View className="sheet">
      <View className="sheet__shade" catchMove onClick={onClose} />
      <View className="sheet__panel">
        <View className="sheet__head">
          <View className="sheet__title ellipsis">{title}</View>
          <View className="sheet__close" onClick={onClose}>
            <Icon name="close" />
          </View>
        </View>
        {top}
        <ScrollView className="sheet__body" scrollY lowerThreshold={120} onScrollToLower={onEnd}>
          {children}
        </ScrollView>
        {foot ? <View className="sheet__foot">{foot}</View> : null}
      </View>
    </View>
  );
}
