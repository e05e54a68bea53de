import type { AnswerOf } from '@lianke/shared/api/contracts';
import { View } from '@tarojs/components';
import { Named } from '../../components/named.js';
import { ServerImage } from '../../components/server-image.js';
import { Tag } from '../../components/tag.js';
import { useFormat } from '../../data/context.js';
import { ago, span } from '../../data/time.js';
import { showFile } from '../../platform/show-file.js';
import { showNotice } from '../../store/notice.js';

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
  const wordOf = (entry: Entry): string => {
    if (entry.to) return t('progress.transferredTo', { name: entry.to.label });
    // Who was asked for advice decides nothing.
    if (entry.role === 'adviser' && entry.action === 'approved') return t('opinion.approve');
    if (entry.role === 'adviser' && entry.action === 'rejected') return t('opinion.reject');
    return entry.action === 'waiting' && entry.ask ? t(`progress.wait.${entry.ask}`) : t(`progress.${entry.action}`);
  };
  const questionOf = (ask: Entry['ask'], text: string): string =>
    ask === 'choose' ? text : t(ask === 'resubmit' ? 'progress.returnedFor' : 'progress.question', { text });
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
                <Named text={wordOf(entry)} />
                {entry.undone ? t('progress.undone') : ''}
              </View>
              {entry.role === 'approver' || entry.role === 'starter' ? null : (
                <Tag label={t(`progress.role.${entry.role}`)} color="blue" />
              )}
              <View className="progress__at">{side}</View>
            </View>
            {entry.auto ? <View className="muted">{t(`progress.auto.${entry.auto}`)}</View> : null}
            {entry.question ? <View className="muted">{questionOf(entry.ask, entry.question)}</View> : null}
            {entry.comment ? <View className="progress__comment">{entry.comment}</View> : null}
            {entry.signature ? <ServerImage className="progress__sign" mode="aspectFit" id={entry.signature} /> : null}
            {entry.attachments.map((file) => (
              <View
                key={file.id}
                className="link progress__file ellipsis"
                onClick={() => void showFile(file).catch(() => showNotice(t('file.cannotOpen')))}
              >
                {file.name}
              </View>
            ))}
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
