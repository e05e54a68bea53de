import { dateIn } from '@lianke/shared/time/zone';
import dayjs from 'dayjs';
import timezone from 'dayjs/plugin/timezone.js';
import utc from 'dayjs/plugin/utc.js';
import { currentLanguage, i18n } from '../i18n/index.js';

dayjs.extend(utc);
dayjs.extend(timezone);

let zone = 'Asia/Shanghai';

/** Sets the company's time zone, in which every instant is shown and typed. */
export function setTimeZone(name: string): void {
  zone = name;
}

/** The company's time zone. */
export function timeZone(): string {
  return zone;
}

/** Moves the decimal point of a plain decimal string by `places` to the right (left when negative). */
export function shiftDecimal(text: string, places: number): string {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text.trim());
  if (!match || (match[2] === '' && !match[3])) return text;
  const sign = match[1] === '-' ? '-' : '';
  const fraction = match[3] ?? '';
  let digits = `${match[2] ?? ''}${fraction}`;
  let point = (match[2] ?? '').length + places;
  if (point < 0) {
    digits = '0'.repeat(-point) + digits;
    point = 0;
  }
  if (point > digits.length) digits = digits.padEnd(point, '0');
  const whole = digits.slice(0, point).replace(/^0+(?=\d)/, '') || '0';
  const rest = digits.slice(point).replace(/0+$/, '');
  const out = rest === '' ? whole : `${whole}.${rest}`;
  return out === '0' ? '0' : sign + out;
}

/** A decimal string with thousands separators; `decimals` pads or cuts (half up) the digits after the point. */
export function formatNumber(value: string | number, decimals?: number): string {
  const text = typeof value === 'number' ? String(value) : value;
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimals === undefined ? text : roundDecimal(text, decimals));
  if (!match) return text;
  const whole = (match[2] ?? '').replace(/\B(?=(\d{3})+$)/g, ',');
  return `${match[1]}${whole}${match[3] ? `.${match[3]}` : ''}`;
}

function roundDecimal(text: string, decimals: number): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) return text;
  const fraction = (match[3] ?? '').padEnd(decimals + 1, '0');
  const kept = `${match[2]}${fraction.slice(0, decimals)}`;
  const up = (fraction.charCodeAt(decimals) || 48) >= 53;
  const rounded = (BigInt(kept) + (up ? 1n : 0n)).toString().padStart(decimals + 1, '0');
  const point = rounded.length - decimals;
  const out = decimals === 0 ? rounded : `${rounded.slice(0, point)}.${rounded.slice(point)}`;
  return /^[0.]+$/.test(out) ? out : `${match[1]}${out}`;
}

interface MoneyShape {
  display?: 'yuan' | 'wan';
  currency?: string;
}

/** By how many places a field's amounts are moved to be read and typed: 万 is a Chinese reader's step, others read in full. */
export function moneyPlaces({ display }: MoneyShape): 0 | 4 {
  return display === 'wan' && currentLanguage() === 'zh' ? 4 : 0;
}

/** The step of ten thousand: 「万元」, 「万 USD」, `10,000 USD`. */
export function wanUnit(currency = 'CNY'): string {
  return currency === 'CNY' ? i18n.t('common:wan') : `${i18n.t('common:tenThousand')} ${currency}`;
}

/** What an amount is counted in: 「元」, 「万元」, 「USD」, 「万 USD」. */
export function moneyUnit(config: MoneyShape): string {
  const { currency = 'CNY' } = config;
  if (moneyPlaces(config) !== 0) return wanUnit(currency);
  return currency === 'CNY' ? i18n.t('common:yuan') : currency;
}

/** An amount in yuan as it stands on screen: 「580,000.00 元」 or 「58 万元」; other currencies carry their code. */
export function formatMoney(value: string | number, config: MoneyShape & { decimals?: number } = {}): string {
  const text = String(value);
  const places = moneyPlaces(config);
  if (places > 0) return `${formatNumber(shiftDecimal(text, -places))} ${moneyUnit(config)}`;
  const whole = /^-?\d+(\.0+)?$/.test(text);
  const shown = formatNumber(text, whole ? 0 : (config.decimals ?? 2));
  return `${shown} ${moneyUnit(config)}`;
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
