import type { ReportSchedule } from '@lianke/shared/dashboards/subscriptions';

type Translate = (key: string, values?: Record<string, string | number>) => string;

/** 「每周一、五 09:00」 */
export function scheduleText(schedule: ReportSchedule, t: Translate): string {
  const { time } = schedule;
  if (schedule.unit === 'day') return t('subscribe.everyDay', { time });
  if (schedule.unit === 'month') return t('subscribe.everyMonth', { n: schedule.day, time });
  const days = [...schedule.days].sort((a, b) => a - b).map((day) => t(`subscribe.weekdays.${day}`));
  return t('subscribe.everyWeek', { days: days.join(t('subscribe.comma')), time });
}
