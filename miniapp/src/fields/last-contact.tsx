import { daysBetween, wallClock } from '../data/time.js';
import type { FieldRenderer } from './types.js';

/** 「12 天未联系」: how long ago says more on a phone than the date. */
export const lastContactField: FieldRenderer = {
  Control: null,
  format(value, _field, { t, zone, now }) {
    const at = Date.parse(String(value));
    if (Number.isNaN(at)) return '';
    const days = daysBetween(wallClock(zone, at).date, wallClock(zone, now).date);
    if (days <= 0) return t('contact.today');
    return days === 1 ? t('contact.yesterday') : t('contact.days', { n: days });
  },
};
