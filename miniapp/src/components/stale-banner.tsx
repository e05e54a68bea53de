import { View } from '@tarojs/components';
import { wallClock } from '../data/time.js';
import { useT } from '../i18n/index.js';
import { isUnreachable } from '../platform/transport.js';
import { zone } from '../session/session.js';

/** 「10:32 的数据，恢复连接后更新」 above data that could not be read again. */
export function StaleBanner({ error, at }: { error: unknown; at: number }) {
  const t = useT();
  if (!isUnreachable(error) || at === 0) return null;
  return <View className="banner">{t('offline.stale', { time: wallClock(zone(), at).time })}</View>;
}
