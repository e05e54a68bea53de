import type { MemberId } from '@lianke/shared/ids';
import { Picker, View } from '@tarojs/components';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/message.js';
import { Button } from '../../components/button.js';
import type { Ref } from '../../data/record-types.js';
import { addDays, dayWord, instantOf, wallClock, weekdayWord } from '../../data/time.js';
import { MemberPick } from '../../fields/member.js';
import { PickLine } from '../../fields/pick-line.js';
import { useT } from '../../i18n/index.js';
import { zone } from '../../session/session.js';
import { showNotice } from '../../store/notice.js';

/** A colleague, the first day and the last: whole days, from now when the first is today. */
export function AwayForm({ onSaved }: { onSaved(): void }) {
  const t = useT();
  const today = wallClock(zone(), Date.now()).date;
  const [to, setTo] = useState<Ref | null>(null);
  const [from, setFrom] = useState(today);
  const [until, setUntil] = useState(addDays(today, 1));
  const [busy, setBusy] = useState(false);
  const save = async () => {
    if (busy) return;
    if (!to) return showNotice(t('away.needTo'));
    setBusy(true);
    try {
      await api('aways.create', {
        body: {
          to: to.id as MemberId,
          from: from === today ? new Date().toISOString() : instantOf(zone(), from, '00:00'),
          until: instantOf(zone(), addDays(until, 1), '00:00'),
          flowIds: [],
        },
      });
      setTo(null);
      showNotice(t('away.saved'));
      onSaved();
    } catch (error) {
      showNotice(messageOf(error));
    }
    setBusy(false);
  };
  const day = (date: string) => `${dayWord(t, date, today)} ${weekdayWord(t, date)}`;
  return (
    <View>
      <View className="section-title">{t('away.hint')}</View>
      <View className="card">
        <View className="field">
          <View className="field__label">{t('away.to')}</View>
          <MemberPick title={t('away.to')} value={to} onChange={setTo} />
        </View>
        <View className="field">
          <View className="field__label">{t('away.from')}</View>
          <Picker
            mode="date"
            value={from}
            start={today}
            end="2099-12-31"
            onChange={(event) => {
              const chosen = String(event.detail.value);
              setFrom(chosen);
              if (chosen > until) setUntil(chosen);
            }}
          >
            <PickLine text={day(from)} placeholder="" />
          </Picker>
        </View>
        <View className="field">
          <View className="field__label">{t('away.until')}</View>
          <Picker
            mode="date"
            value={until}
            start={from}
            end="2099-12-31"
            onChange={(event) => setUntil(String(event.detail.value))}
          >
            <PickLine text={day(until)} placeholder="" />
          </Picker>
        </View>
        <View className="away-save">
          <Button kind="primary" off={busy} onClick={() => void save()}>
            {t('away.save')}
          </Button>
        </View>
      </View>
    </View>
  );
}
