import { wallClock } from '../../data/time.js';
import type { Translate } from '../../i18n/index.js';
import type { PlaceState } from './place.js';

/**
 * What is written on a photo of a visit at the moment it is taken: who with whom, when, where.
 * @param distance of the place from the customer's, in words; empty when that is not known
 */
export function photoMark(
  t: Translate,
  zone: string,
  visit: { member: string; customer: string; place: Pick<PlaceState, 'found'>; distance: string; now: number },
): string[] {
  const { date, time } = wallClock(zone, visit.now);
  const { found } = visit.place;
  const at = found ? `${found.lat.toFixed(5)}, ${found.lng.toFixed(5)}` : t('visit.markNoPlace');
  return [
    [visit.member, visit.customer].filter(Boolean).join(' · '),
    `${date} ${time}`,
    [at, visit.distance, found?.mock ? t('visit.mock') : ''].filter(Boolean).join(' · '),
  ];
}
