import type { SchedulePlan, Trigger } from '@lianke/shared/flows/triggers';
import type { TFunction } from 'i18next';

type T = TFunction<'flows'>;

/** 「每周 周一、周五 09:00」 */
export function sayPlan(t: T, plan: SchedulePlan): string {
  switch (plan.every) {
    case 'minutes':
      return t('start.everyMinutes', { n: plan.n });
    case 'within':
      return t('start.within', {
        days:
          plan.days === 'work'
            ? t('start.workdays')
            : plan.days.map((day) => t(`start.weekday${day as 1}`)).join(t('say.and')),
        ...{ from: plan.from, to: plan.to, gap: sayGap(t, plan.n) },
      });
    case 'workday':
      return t('start.onWorkdays', { at: plan.at });
    case 'day':
      return plan.n === 1 ? t('start.daily', { at: plan.at }) : t('start.everyDays', { n: plan.n, at: plan.at });
    case 'week':
      return t('start.weekly', {
        days: plan.days.map((day) => t(`start.weekday${day as 1}`)).join(t('say.and')),
        at: plan.at,
      });
    case 'month':
      return t('start.monthly', { days: plan.days.map((day) => sayDay(t, day)).join(t('say.and')), at: plan.at });
    case 'year':
      return t('start.yearly', { month: plan.month, day: sayDay(t, plan.day), at: plan.at });
  }
}

/** 「30 分钟」, 「2 小时」 */
const sayGap = (t: T, minutes: number): string =>
  minutes % 60 === 0 ? t('start.gapHours', { n: minutes / 60 }) : t('start.gapMinutes', { n: minutes });

/** A day of the month: 「31 日」, 「最后一天」. */
export const sayDay = (t: T, day: number): string => (day === -1 ? t('start.lastDay') : t('start.nthDay', { n: day }));

/** 「在【合同】的“到期日”前 7 天 09:00」 */
export function sayWhen(t: T, trigger: Extract<Trigger, { type: 'dateArrives' }>, form: string, field: string): string {
  const unit = t(`unit.${trigger.unit}`);
  const n = Math.abs(trigger.amount);
  const at = trigger.at ? ` ${trigger.at}` : '';
  if (n === 0) return t('start.dateOn', { form, field, at });
  return t(trigger.amount < 0 ? 'start.dateBefore' : 'start.dateAfter', { form, field, n, unit, at });
}
