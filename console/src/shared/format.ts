import * as money from '@lianke/shared/fields/money/text';
import { groupThousands, roundNumeral } from '@lianke/shared/fields/number/numeral';
import { dateIn } from '@lianke/shared/time/zone';
import dayjs from 'dayjs';
import timezone from 'dayjs/plugin/timezone.js';
import utc from 'dayjs/plugin/utc.js';
import { currentLanguage, i18n } from '../i18n/index.js';

dayjs.extend(utc);
dayjs.extend(timezone);

type MoneyShape = money.MoneyShape;

let zone = 'Asia/Shanghai';

/** Sets the company's time zone, in which every instant is shown and typed. */
export function setTimeZone(name: string): void {
  zone = name;
}

/** The company's time zone. */
export function timeZone(): string {
  return zone;
}

/** A decimal string with thousands separators; `decimals` pads or cuts (half up) the digits after the point. */
export function formatNumber(value: string | number, decimals?: number): string {
  const text = String(value);
  return groupThousands(decimals === undefined ? text : roundNumeral(text, decimals));
}

/** By how many places a field's amounts are moved to be read and typed. */
export function moneyPlaces(config: MoneyShape): 0 | 4 {
  return money.moneyPlaces(config, currentLanguage());
}

/** The step of ten thousand: 「万元」, 「万 USD」, `10,000 USD`. */
export function wanUnit(currency = 'CNY'): string {
  return currency === 'CNY' ? i18n.t('common:wan') : `${i18n.t('common:tenThousand')} ${currency}`;
}

/** What an amount is counted in: 「元」, 「万元」, 「USD」, 「万 USD」. */
export function moneyUnit(config: MoneyShape): string {
  return money.moneyUnit(config, currentLanguage());
}

/** An amount as it stands on screen: 「580,000.50 元」, 「58 万元」; other currencies carry their code. */
export function formatMoney(value: string | number, config: MoneyShape = {}): string {
  return money.moneyText(String(value), config, currentLanguage());
}

/** An instant as `2025-03-07 10:32` in the company's zone. */
export function formatDatetime(instant: string, precision: 'day' | 'minute' | 'second' = 'minute'): string {
  const time = dayjs(instant);
  if (!time.isValid()) return instant;
  const pattern = { day: 'YYYY-MM-DD', minute: 'YYYY-MM-DD HH:mm', second: 'YYYY-MM-DD HH:mm:ss' }[precision];
  return time.tz(zone).format(pattern);
}

/** How long ago: 「3 分钟前」 within a week, then the date. */
export function formatRecent(instant: string, now: Date = new Date()): string {
  const seconds = (now.getTime() - new Date(instant).getTime()) / 1000;
  if (Number.isNaN(seconds)) return instant;
  if (seconds < -60 || seconds >= 7 * 86_400) return dateIn(zone, new Date(instant));
  if (seconds < 60) return i18n.t('common:justNow');
  if (seconds < 3600) return i18n.t('common:minutesAgo', { n: Math.floor(seconds / 60) });
  if (seconds < 86_400) return i18n.t('common:hoursAgo', { n: Math.floor(seconds / 3600) });
  return i18n.t('common:daysAgo', { n: Math.floor(seconds / 86_400) });
}

/** A size in bytes as `1.2 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB'];
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** A total as the API answers it: `3,979`, or `10,000+` beyond the exact range. */
export function formatTotal(total: number | { atLeast: number }): string {
  return typeof total === 'number' ? formatNumber(total) : i18n.t('common:atLeast', { n: formatNumber(total.atLeast) });
}

/** The wall-clock time of an instant in the company's zone, for pickers that know no zones. */
export function toWallTime(instant: string): dayjs.Dayjs {
  return dayjs(dayjs(instant).tz(zone).format('YYYY-MM-DDTHH:mm:ss'));
}

/** The instant (RFC 3339 UTC) that a wall-clock time means in the company's zone. */
export function fromWallTime(wall: dayjs.Dayjs): string {
  return dayjs.tz(wall.format('YYYY-MM-DD HH:mm:ss'), zone).toISOString();
}
