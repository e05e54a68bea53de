import type { AnswerOf } from '@lianke/shared/api/contracts';
import { View } from '@tarojs/components';
import { useFormat } from '../../data/context.js';
import { ago, span } from '../../data/time.js';

type Entry = AnswerOf<'tasks.get'>['progress'][number];

/** Who did what, with the time each step took; the open one shows how long it has been waiting. */
export function Progress({ entries }: { entries: readonly Entry[] }) {
  const { t, zone, now } = useFormat();
  return (
    <View className="card progress">
      {entries.map((entry, index) => {
        const before = entries[index - 1]?.at;
        const at = entry.at ? Date.parse(entry.at) : null;
        const took = before ? (at ?? now) - Date.parse(before) : null;
        const side = at
          ? took !== null && took >= 60_000
            ? t('task.took', { when: ago(t, zone, at, now), span: span(t, took) })
            : ago(t, zone, at, now)
          : took !== null
            ? t('task.waitingFor', { span: span(t, took) })
            : '';
        return (
          <View
            key={`${entry.node}${entry.who?.id ?? ''}${entry.action}${entry.at ?? ''}`}
            className={`progress__item progress__item--${entry.action}`}
          >
            <View className="progress__head">
              <View className="progress__who">{entry.who?.label ?? entry.node}</View>
              <View className="progress__action">{t(`progress.${entry.action}`)}</View>
              <View className="progress__at">{side}</View>
            </View>
            {entry.comment ? <View className="progress__comment">{entry.comment}</View> : null}
          </View>
        );
      })}
    </View>
  );
}
