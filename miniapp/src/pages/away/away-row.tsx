import type { AnswerOf } from '@lianke/shared/api/contracts';
import { View } from '@tarojs/components';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/message.js';
import { Tag } from '../../components/tag.js';
import { wallClock } from '../../data/time.js';
import { useT } from '../../i18n/index.js';
import { zone } from '../../session/session.js';
import { showNotice } from '../../store/notice.js';

type Away = AnswerOf<'aways.list'>['items'][number];

const colours = { active: 'green', coming: 'blue', over: 'gray' } as const;

/** Who for whom, from when to when; and the way to end it before its time. */
export function AwayRow({ away, onEnded }: { away: Away; onEnded(): void }) {
  const t = useT();
  const [busy, setBusy] = useState(false);
  const end = async () => {
    if (busy) return;
    setBusy(true);
    try {
      await api('aways.end', { params: { id: away.id } });
      showNotice(t('away.ended'));
    } catch (error) {
      showNotice(messageOf(error));
    }
    setBusy(false);
    onEnded();
  };
  const when = (instant: string) => {
    const { date, time } = wallClock(zone(), Date.parse(instant));
    return `${date} ${time}`;
  };
  return (
    <View className="away-row">
      <Tag label={t(`away.${away.state}`)} color={colours[away.state]} />
      <View className="away-row__main">
        <View className="ellipsis">{t('away.line', { to: away.to.label, who: away.member.label })}</View>
        <View className="away-row__time num">
          {when(away.from)} – {when(away.until)}
        </View>
        {away.flows.length > 0 ? (
          <View className="away-row__time ellipsis">
            {away.flows.map((flow) => flow.label).join(t('common.comma'))}
          </View>
        ) : null}
      </View>
      {away.state === 'over' ? null : (
        <View className="away-row__end" hoverClass="is-pressed" onClick={() => void end()}>
          {t('away.end')}
        </View>
      )}
    </View>
  );
}
