import type { TFunction } from 'i18next';

/** How long something took, in its largest unit; to now while it goes on. Instants are RFC 3339. */
export function took(t: TFunction<'flows'>, from: string, to: string | null, now: Date = new Date()): string {
  const ms = Math.max(0, (to === null ? now.getTime() : Date.parse(to)) - Date.parse(from));
  if (Number.isNaN(ms)) return '';
  const tenth = (value: number) => Math.round(value * 10) / 10;
  if (ms < 1000) return t('run.ms', { n: Math.round(ms) });
  if (ms < 60_000) return t('run.s', { n: tenth(ms / 1000) });
  if (ms < 3_600_000) return t('run.min', { n: tenth(ms / 60_000) });
  if (ms < 86_400_000) return t('run.h', { n: tenth(ms / 3_600_000) });
  return t('run.d', { n: tenth(ms / 86_400_000) });
}
