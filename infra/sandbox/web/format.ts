import type { Translate } from './i18n.js';

const two = (value: number): string => String(value).padStart(2, '0');

/** 10:32 */
export function clock(at: number): string {
  const date = new Date(at);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** 10:32:05.120 */
export function preciseClock(at: number): string {
  const date = new Date(at);
  return `${clock(at)}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

function dayOf(at: number): number {
  const date = new Date(at);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** Today 10:32, yesterday 昨天 10:32, else 3/7 10:32. */
export function chatTime(at: number, now: number, t: Translate): string {
  const days = Math.round((dayOf(now) - dayOf(at)) / 86_400_000);
  if (days === 0) return clock(at);
  if (days === 1) return `${t('yesterday')} ${clock(at)}`;
  const date = new Date(at);
  return `${date.getMonth() + 1}/${date.getDate()} ${clock(at)}`;
}

/** How far the clock was moved: 3 天 4 小时. */
export function span(ms: number, t: Translate): string {
  const hours = Math.round(ms / 3_600_000);
  const days = Math.floor(hours / 24);
  const rest = hours % 24;
  return [days > 0 ? t('days', { n: days }) : '', rest > 0 || days === 0 ? t('hours', { n: rest }) : '']
    .filter(Boolean)
    .join(' ');
}

const TINTS = ['#2b7de9', '#0e9f6e', '#c2660c', '#8b5cf6', '#d1477a', '#0891b2', '#5b6b8c', '#b7791f'];

/** A steady colour for a person's picture. */
export function tint(userid: string): string {
  let sum = 7;
  for (const character of userid) sum = (sum * 37 + character.charCodeAt(0)) % 9973;
  return TINTS[sum % TINTS.length] ?? '#2b7de9';
}

/** 320 KB, 1.4 MB */
export function sizeOf(bytes: number): string {
  const kilobytes = bytes / 1024;
  return kilobytes < 1024 ? `${Math.max(1, Math.round(kilobytes))} KB` : `${(kilobytes / 1024).toFixed(1)} MB`;
}
