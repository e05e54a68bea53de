import { View } from '@tarojs/components';
import { hideNotice, notice } from '../store/notice.js';
import { useStore } from '../store/store.js';

/** The line shown by `showNotice`. */
export function NoticeBar() {
  const { text, action, onAction } = useStore(notice);
  if (text === '') return null;
  const act = () => {
    hideNotice();
    onAction?.();
  };
  return (
    <View className="notice">
      <View className="notice__text">{text}</View>
      {action ? (
        <View className="notice__act" onClick={act}>
          {action}
        </View>
      ) : null}
    </View>
  );
}
