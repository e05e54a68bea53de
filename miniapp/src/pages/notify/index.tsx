import type { AnswerOf, BodyOf } from '@lianke/shared/api/contracts';
import { View } from '@tarojs/components';
import { useDidShow } from '@tarojs/taro';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/message.js';
import { Failed } from '../../components/empty.js';
import { Screen } from '../../components/screen.js';
import { SkeletonRows } from '../../components/skeleton.js';
import { useResource } from '../../data/resource.js';
import { useT } from '../../i18n/index.js';
import { showNotice } from '../../store/notice.js';
import { QuietCard } from './quiet-card.js';
import { TopicsCard } from './topics-card.js';
import '../../components/sheet.scss';
import './index.scss';

export type MyNotify = AnswerOf<'me.notify'>;
export type Choices = NonNullable<BodyOf<'me.saveNotify'>>;

/** 通知设置: when the chat stays silent, and what reaches it at all. Every change is saved at once. */
export default function NotifyPage() {
  const t = useT();
  const known = useResource('me.notify', () => api('me.notify', {}));
  const [changed, setChanged] = useState<MyNotify>();
  useDidShow(() => void known.reload());
  const now = changed ?? known.data;
  const save = async (own: Choices) => {
    if (!now) return;
    // Shown at once; the answer, or how it was, follows.
    setChanged({ ...now, own, settings: under(now.company, own) });
    try {
      setChanged(await api('me.saveNotify', { body: own }));
    } catch (error) {
      setChanged(now);
      showNotice(messageOf(error));
    }
  };
  return (
    <Screen title={t('notify.title')}>
      {!now && known.loading ? (
        <View className="card">
          <SkeletonRows count={5} />
        </View>
      ) : null}
      {!now && known.error && !known.loading ? (
        <Failed error={known.error} onRetry={() => void known.reload()} />
      ) : null}
      {now ? <QuietCard notify={now} onChange={(own) => void save(own)} /> : null}
      {now ? <TopicsCard notify={now} onChange={(own) => void save(own)} /> : null}
    </Screen>
  );
}

function under(company: MyNotify['company'], own: Choices): MyNotify['settings'] {
  const chosen = Object.fromEntries(Object.entries(own.chat ?? {}).filter(([, value]) => value !== undefined));
  return {
    quiet: own.quiet ?? company.quiet,
    through: own.through ?? company.through,
    chat: { ...company.chat, ...chosen },
  };
}
