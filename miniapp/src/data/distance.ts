import type { Translate } from '../i18n/index.js';

/** 「850 米」, 「2.4 公里」. */
export function distanceText(t: Translate, metres: number): string {
  return metres < 1000 ? t('nearby.metres', { n: metres }) : t('nearby.km', { n: (metres / 1000).toFixed(1) });
}

/** 「距客户地址 120 米」. */
export function toCustomerText(t: Translate, metres: number): string {
  return metres < 1000 ? t('place.distance', { metres }) : t('place.distanceKm', { km: (metres / 1000).toFixed(1) });
}
