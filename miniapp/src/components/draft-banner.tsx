import { View } from '@tarojs/components';
import { ago } from '../data/time.js';
import { useT } from '../i18n/index.js';
import { zone } from '../session/session.js';

interface Props {
  /** When the draft was written last; undefined: there is none. */
  at: number | undefined;
  onRestore(): void;
  onDiscard(): void;
}

/** 「恢复昨天 10:32 的草稿？」 above a page that was left without saving. */
export function DraftBanner({ at, onRestore, onDiscard }: Props) {
  const t = useT();
  if (at === undefined) return null;
  return (
    <View className="banner">
      <View className="banner__text">{t('form.restoreDraft', { time: ago(t, zone(), at, Date.now()) })}</View>
      <View className="banner__act" onClick={onRestore}>
        {t('form.restore')}
      </View>
      <View className="banner__act" onClick={onDiscard}>
        {t('form.discard')}
      </View>
    </View>
  );
}
