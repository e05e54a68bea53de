import { Picker, View } from '@tarojs/components';
import { Chips } from '../../components/chips.js';
import { Icon } from '../../components/icon.js';
import { wallClock } from '../../data/time.js';
import { type Translate, useT } from '../../i18n/index.js';
import { zone } from '../../session/session.js';
import { showNotice } from '../../store/notice.js';
import type { Choices, MyNotify } from './index.js';
import { SettingRow } from './setting-row.js';

type Quiet = MyNotify['settings']['quiet'];

interface Props {
  notify: MyNotify;
  onChange(own: Choices): void;
}

/** 勿扰时段: the company's, or one's own. */
export function QuietCard({ notify: { own, company, settings, quietUntil, held }, onChange }: Props) {
  const t = useT();
  const mine = own.quiet !== undefined || own.through !== undefined;
  const { quiet, through } = settings;
  const set = (change: Partial<Quiet>) => {
    const next = { ...quiet, ...change };
    if (next.from === next.to) return showNotice(t('notify.sameTime'));
    onChange({ ...own, quiet: next, through });
  };
  const pass = (change: Partial<typeof through>) => onChange({ ...own, quiet, through: { ...through, ...change } });
  const choose = (key: string) => {
    const { quiet: _, through: __, ...rest } = own;
    onChange(key === 'own' ? { ...rest, quiet: { ...quiet, on: true }, through } : rest);
  };
  const until = quietUntil ? wallClock(zone(), Date.parse(quietUntil)).time : '';
  return (
    <View>
      <View className="section-title">{t('notify.quiet')}</View>
      {quietUntil ? (
        <View className="banner notify-now">
          <View className="banner__text">
            {held > 0 ? t('notify.nowHeld', { n: held, time: until }) : t('notify.nowQuiet', { time: until })}
          </View>
        </View>
      ) : null}
      <View className="card notify-card">
        <View className="notify-choice">
          <Chips
            items={[
              { key: 'company', label: t('notify.company') },
              { key: 'own', label: t('notify.own') },
            ]}
            on={[mine ? 'own' : 'company']}
            onTap={choose}
          />
          {mine ? null : <View className="notify-says">{says(t, company.quiet)}</View>}
        </View>
        {mine ? (
          <>
            <SettingRow name={t('notify.on')} on={quiet.on} onChange={(on) => set({ on })} />
            {quiet.on ? (
              <>
                <TimeRow
                  name={t('notify.from')}
                  value={quiet.from}
                  shown={quiet.from}
                  onChange={(from) => set({ from })}
                />
                <TimeRow
                  name={t('notify.to')}
                  value={quiet.to}
                  shown={quiet.to < quiet.from ? t('notify.next', { time: quiet.to }) : quiet.to}
                  onChange={(to) => set({ to })}
                />
                <SettingRow
                  name={t('notify.rest')}
                  hint={t('notify.restHint')}
                  on={quiet.restDays}
                  onChange={(restDays) => set({ restDays })}
                />
              </>
            ) : null}
          </>
        ) : null}
      </View>
      {mine && quiet.on ? (
        <>
          <View className="section-title">{t('notify.through')}</View>
          <View className="card notify-card">
            <SettingRow
              name={t('notify.throughApprovals')}
              on={through.approvals}
              onChange={(approvals) => pass({ approvals })}
            />
            <SettingRow name={t('notify.throughUrgent')} on={through.urgent} onChange={(urgent) => pass({ urgent })} />
          </View>
        </>
      ) : null}
    </View>
  );
}

function TimeRow(props: { name: string; value: string; shown: string; onChange(time: string): void }) {
  return (
    <Picker mode="time" value={props.value} onChange={(event) => props.onChange(String(event.detail.value))}>
      <SettingRow
        name={props.name}
        side={
          <>
            <View className="setting__value num">{props.shown}</View>
            <Icon name="next" small className="setting__next" />
          </>
        }
      />
    </Picker>
  );
}

/** The company's silent hours in a sentence. */
function says(t: Translate, quiet: Quiet): string {
  if (!quiet.on) return t('notify.companyNone');
  const times = t(quiet.to < quiet.from ? 'notify.saysNext' : 'notify.says', { from: quiet.from, to: quiet.to });
  return quiet.restDays ? [times, t('notify.saysRest')].join(t('common.semicolon')) : times;
}
