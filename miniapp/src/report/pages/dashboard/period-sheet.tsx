import type { PageFilterValue } from '@lianke/shared/dashboards/page-filters';
import { periodKey, usualPeriods } from '@lianke/shared/dashboards/usual-periods';
import { View } from '@tarojs/components';
import { useState } from 'react';
import { Button } from '../../../components/button.js';
import { DayRange, type Days } from '../../../components/day-range.js';
import { Icon } from '../../../components/icon.js';
import { Sheet } from '../../../components/sheet.js';
import { type Translate, useT } from '../../../i18n/index.js';
import type { MessageKey } from '../../../i18n/zh.js';

/** A period in words; '' for none. */
export function periodText(t: Translate, value: PageFilterValue | undefined): string {
  if (!value || Array.isArray(value)) return '';
  if ('rel' in value) return t(`dashboard.period.${value.rel}` as MessageKey, { n: value.n ?? 0 });
  const { from, to } = value;
  if (from && to) return from === to ? from : t('dashboard.range', { from, to });
  if (from) return t('dashboard.since', { from });
  return to ? t('dashboard.until', { to }) : '';
}

interface Props {
  title: string;
  value: PageFilterValue | undefined;
  /** Without a value: all the time. */
  onDone(value: PageFilterValue | undefined): void;
  onClose(): void;
}

/** 时间 of a page: the periods asked for most, and any days from one to another. */
export function PeriodSheet({ title, value, onDone, onClose }: Props) {
  const t = useT();
  const chosen = value && !Array.isArray(value) ? value : undefined;
  const on = chosen === undefined ? '' : 'rel' in chosen ? periodKey(chosen) : undefined;
  const [days, setDays] = useState<Days>(chosen && !('rel' in chosen) ? chosen : {});
  const backwards = days.from !== undefined && days.to !== undefined && days.from > days.to;
  const none = !days.from && !days.to;
  const own = () => onDone({ ...(days.from ? { from: days.from } : {}), ...(days.to ? { to: days.to } : {}) });
  const line = (key: string, label: string, picked: PageFilterValue | undefined) => (
    <View key={key} className="option" hoverClass="is-pressed" onClick={() => onDone(picked)}>
      <View className="option__main">{label}</View>
      {on === key ? <Icon name="check" className="option__check" /> : null}
    </View>
  );
  return (
    <Sheet
      title={title}
      onClose={onClose}
      foot={
        none ? undefined : (
          <Button kind="primary" off={backwards} onClick={own}>
            {t('dashboard.showDays')}
          </Button>
        )
      }
    >
      <View className="field">
        <View className="field__label">{t('dashboard.ownDays')}</View>
        <DayRange days={days} onChange={setDays} />
        {backwards ? <View className="field-error">{t('dashboard.daysBackwards')}</View> : null}
      </View>
      {line('', t('dashboard.anyTime'), undefined)}
      {usualPeriods.map((item) => line(periodKey(item), periodText(t, item), item))}
    </Sheet>
  );
}
