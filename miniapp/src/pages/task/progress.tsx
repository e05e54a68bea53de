import type { AnswerOf } from '@lianke/shared/api/contracts';
import { View } from '@tarojs/components';
import { Named } from '../../components/named.js';
import { useFormat } from '../../data/context.js';
import { ago, span } from '../../data/time.js';

type Entry = AnswerOf<'tasks.get'>['progress'][number];

/** Who did what, with the time each step took; the open one shows how long it has been waiting. */
export function Progress({ entries }: { entries: readonly Entry[] }) {
  const { t, zone, now } = useFormat();
  const timeText = (entry: Entry, before: string | null): string => {
    const at = entry.at ? Date.parse(entry.at) : null;
    if (entry.action === 'waiting') {
      const since = at ?? (before ? Date.parse(before) : null);
      return since === null ? '' : t('task.waitingFor', { span: span(t, now - since) });
    }
    if (at === null) return '';
    const took = before ? at - Date.parse(before) : 0;
    const when = ago(t, zone, at, now);
    return took >= 60_000 ? t('task.took', { when, span: span(t, took) }) : when;
  };
  return (
    <View className="card progress">
      {entries.map((entry, index) => {
        const side = timeText(entry, entries[index - 1]?.at ?? null);
        return (
          <View
            key={entry.task ?? `${entry.action}${entry.at ?? ''}`}
            className={`progress__item progress__item--${entry.action}`}
          >
            <View className="progress__head">
              <View className="progress__who">
                <Named text={entry.who?.label ?? entry.node} />
              </View>
              <View className="progress__action">
                {entry.actingFor ? <Named text={`${t('task.actingFor', { name: entry.actingFor.label })} `} /> : ''}
                <Named
                  text={
                    entry.to ? t('progress.transferredTo', { name: entry.to.label }) : t(`progress.${entry.action}`)
                  }
                />
                {entry.undone ? t('progress.undone') : ''}
              </View>
              <View className="progress__at">{side}</View>
            </View>
            {entry.question ? <View className="progress__comment">{entry.question}</View> : null}
            {entry.comment ? <View className="progress__comment">{entry.comment}</View> : null}
          </View>
        );
      })}
    </View>
  );
}

/** Who was sent a copy and has looked at it when; nothing when nobody was. */
export function CopyMarks({ copies }: { copies: AnswerOf<'tasks.get'>['copies'] }) {
  const { t, zone, now } = useFormat();
  if (copies.length === 0) return null;
  const read = copies.filter((copy) => copy.readAt).length;
  return (
    <View>
      <View className="section-title">{t('task.copiesRead', { n: read, all: copies.length })}</View>
      <View className="card progress">
        {copies.map((copy) => (
          <View key={`${copy.who.id}${copy.at}`} className="progress__head">
            <View className="progress__who">
              <Named text={copy.who.label} />
            </View>
            <View className="progress__action">
              <Named text={copy.by ? t('task.copyBy', { name: copy.by.label }) : t('task.copyByFlow')} />
            </View>
            <View className="progress__at">
              {copy.readAt
                ? t('task.copyRead', { when: ago(t, zone, Date.parse(copy.readAt), now) })
                : t('task.copyUnread')}
            </View>
          </View>
        ))}
      </View>
    </View>
  );
}
