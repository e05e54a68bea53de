import { View } from '@tarojs/components';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/message.js';
import { Chips } from '../../components/chips.js';
import { useResource } from '../../data/resource.js';
import { useT } from '../../i18n/index.js';
import { showNotice } from '../../store/notice.js';

type Channel = 'wecom' | 'dingtalk';

/** Where messages go, for whoever has a chat on both platforms; nothing for everybody else. */
export function ChatChoice() {
  const t = useT();
  const { data } = useResource('me.chat', () => api('me.chat', {}));
  const [chosen, setChosen] = useState<Channel | null>(null);
  const [busy, setBusy] = useState(false);
  if (!data || data.channels.length < 2) return null;
  const choose = async (channel: Channel) => {
    if (busy) return;
    setBusy(true);
    try {
      const answer = await api('me.chooseChat', { body: { channel } });
      setChosen(answer.choice);
      showNotice(t('me.chatSaved'));
    } catch (error) {
      showNotice(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  const now = chosen ?? data.choice;
  return (
    <View>
      <View className="section-title">{t('me.chat')}</View>
      <View className="card me-card me-card--padded">
        <Chips
          items={data.channels.map((channel) => ({ key: channel, label: t(`me.chat.${channel}`) }))}
          on={now ? [now] : []}
          onTap={(key) => void choose(key as Channel)}
        />
      </View>
    </View>
  );
}
