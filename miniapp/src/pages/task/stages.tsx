import type { AnswerOf } from '@lianke/shared/api/contracts';
import { ScrollView, View } from '@tarojs/components';
import { Named } from '../../components/named.js';
import { useT } from '../../i18n/index.js';

/** The progress picture: passed, where it stands, what comes. */
export function Stages({ stages }: { stages: AnswerOf<'tasks.get'>['stages'] }) {
  const t = useT();
  return (
    <ScrollView className="chips-scroll" scrollX enhanced showScrollbar={false}>
      <View className="stages">
        {stages.map((stage) => (
          <View key={stage.node} className={`stages__item stages__item--${stage.state}`}>
            <View className="stages__dot" />
            <View className="stages__name">{stage.name}</View>
            <View className="stages__who ellipsis">
              <Named text={stage.people.map((item) => item.who.label).join(t('common.comma'))} />
            </View>
          </View>
        ))}
      </View>
    </ScrollView>
  );
}
