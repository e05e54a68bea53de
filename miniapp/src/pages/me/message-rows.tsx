import { View } from '@tarojs/components';
import { useDidShow } from '@tarojs/taro';
import { Icon } from '../../components/icon.js';
import { unreadText, useNotices } from '../../data/notices.js';
import { useT } from '../../i18n/index.js';
import { open } from '../../platform/navigate.js';

/** 消息 with the number of unread ones, 通知设置, and 审批代理. */
export function MessageRows() {
  const t = useT();
  const notices = useNotices();
  useDidShow(() => void notices.reload());
  const unread = notices.data?.unread ?? 0;
  return (
    <View className="card me-card me-links">
      <View className="option" hoverClass="is-pressed" onClick={() => open('/pages/notices/index')}>
        <Icon name="bell" className="me-links__icon" />
        <View className="option__main">{t('me.notices')}</View>
        {unread > 0 ? <View className="me-links__count num">{t('me.unread', { n: unreadText(unread) })}</View> : null}
        <Icon name="next" small className="me-links__next" />
      </View>
      <View className="option" hoverClass="is-pressed" onClick={() => open('/pages/notify/index')}>
        <Icon name="moon" className="me-links__icon" />
        <View className="option__main">{t('me.notify')}</View>
        <Icon name="next" small className="me-links__next" />
      </View>
      <View className="option" hoverClass="is-pressed" onClick={() => open('/pages/away/index')}>
        <Icon name="swap" className="me-links__icon" />
        <View className="option__main">{t('away.title')}</View>
        <Icon name="next" small className="me-links__next" />
      </View>
    </View>
  );
}
