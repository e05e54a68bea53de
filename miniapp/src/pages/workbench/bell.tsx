import { View } from '@tarojs/components';
import { useDidShow } from '@tarojs/taro';
import { Icon } from '../../components/icon.js';
import { unreadText, useNotices } from '../../data/notices.js';
import { useT } from '../../i18n/index.js';
import { open } from '../../platform/navigate.js';

/** The way to 消息, with how many are unread. */
export function Bell() {
  const t = useT();
  const notices = useNotices();
  useDidShow(() => void notices.reload());
  const unread = notices.data?.unread ?? 0;
  return (
    <View
      className="bell"
      hoverClass="is-pressed"
      aria-label={t('notices.title')}
      onClick={() => open('/pages/notices/index')}
    >
      <Icon name="bell" />
      {unread > 0 ? <View className="bell__count num">{unreadText(unread)}</View> : null}
    </View>
  );
}
