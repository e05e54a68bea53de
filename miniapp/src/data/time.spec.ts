import { describe, expect, test } from 'vitest';
import { t } from '../i18n/index.js';
import { addDays, ago, daysBetween, dayWord, instantOf, nextMonday, span, wallClock, weekdayWord } from './time.js';

const zone = 'Asia/Shanghai';
const at = (text: string) => Date.parse(text);

describe('the tenant’s clock', () => {
  test('half past midnight there is the day before in UTC', () => {
    expect(wallClock(zone, at('2025-03-06T16:30:00Z'))).toEqual({ date: '2025-03-07', time: '00:30' });
    expect(instantOf(zone, '2025-03-07', '00:30')).toBe('2025-03-06T16:30:00.000Z');
  });

  test('a zone the phone does not know is Beijing time', () => {
    expect(wallClock('Nowhere/Atall', at('2025-03-06T16:30:00Z')).time).toBe('00:30');
  });
});

test('calendar arithmetic crosses months and leap days', () => {
  expect(addDays('2024-02-28', 2)).toBe('2024-03-01');
  expect(daysBetween('2024-12-31', '2025-01-02')).toBe(2);
  expect(weekdayWord(t, '2025-03-07')).toBe('周五');
});

test.each([
  ['2025-03-07', '2025-03-10'],
  ['2025-03-09', '2025-03-10'],
  ['2025-03-10', '2025-03-17'],
])('the Monday after %s is %s', (from, monday) => {
  expect(nextMonday(from)).toBe(monday);
});

test.each([
  ['2025-03-07T02:59:40Z', '刚刚'],
  ['2025-03-07T02:57:00Z', '3 分钟前'],
  ['2025-03-06T20:00:00Z', '7 小时前'],
  ['2025-03-06T02:32:00Z', '昨天 10:32'],
  ['2025-01-05T02:32:00Z', '01-05 10:32'],
  ['2024-12-31T02:32:00Z', '2024-12-31'],
])('at 11:00, %s was %s', (then, words) => {
  expect(ago(t, zone, at(then), at('2025-03-07T03:00:00Z'))).toBe(words);
});

test('dates near today in words, others with their year only when it is another one', () => {
  expect(
    ['2025-03-06', '2025-03-07', '2025-03-08', '2025-08-05', '2026-01-02'].map((date) =>
      dayWord(t, date, '2025-03-07'),
    ),
  ).toEqual(['昨天', '今天', '明天', '8 月 5 日', '2026-01-02']);
});

test('a wait of some seconds is told as a minute, never as none', () => {
  expect([5_000, 60_000, 7_200_000, 3 * 86_400_000].map((ms) => span(t, ms))).toEqual([
    ...['不到 1 分钟', '1 分钟', '2 小时', '3 天'],
  ]);
});

test('nobody waits longer than what he waits for has been there (3 分钟前, 已等待 4 分钟)', () => {
  const since = Date.parse('2025-03-07T02:00:00Z');
  const now = since + 230_000;
  expect([ago(t, 'Asia/Shanghai', since, now), span(t, now - since)]).toEqual(['3 分钟前', '3 分钟']);
});
