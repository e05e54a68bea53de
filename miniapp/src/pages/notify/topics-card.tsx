import { offeredTopics } from '@lianke/shared/chat/topics';
import { View } from '@tarojs/components';
import { useT } from '../../i18n/index.js';
import type { Choices, MyNotify } from './index.js';
import { SettingRow } from './setting-row.js';

/** 哪些消息发到聊天: one switch a topic; the company's word beside what differs from it. */
export function TopicsCard({ notify, onChange }: { notify: MyNotify; onChange(own: Choices): void }) {
  const t = useT();
  const { own, company, settings } = notify;
  const set = (topic: (typeof offeredTopics)[number], on: boolean) => {
    const { [topic]: _, ...rest } = own.chat ?? {};
    // What is as the company has it follows the company from then on.
    const chat = on === company.chat[topic] ? rest : { ...rest, [topic]: on };
    const { chat: __, ...others } = own;
    onChange(Object.keys(chat).length > 0 ? { ...others, chat } : others);
  };
  return (
    <View>
      <View className="section-title">{t('notify.topics')}</View>
      <View className="card notify-card">
        {offeredTopics.map((topic) => (
          <SettingRow
            key={topic}
            name={t(`notify.topic.${topic}`)}
            hint={
              settings.chat[topic] === company.chat[topic]
                ? t(`notify.topic.${topic}.hint`)
                : t(company.chat[topic] ? 'notify.differs.on' : 'notify.differs.off')
            }
            on={settings.chat[topic]}
            onChange={(on) => set(topic, on)}
          />
        ))}
      </View>
      <View className="notify-foot">{t('notify.topicsHint')}</View>
    </View>
  );
}
