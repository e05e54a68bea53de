import type { RelativeValue } from '../filter/ast.js';

/** The periods that a page's filter by date offers at a tap, in the order in which they stand. */
export const usualPeriods: readonly RelativeValue[] = [
  { rel: 'today' },
  { rel: 'yesterday' },
  { rel: 'thisWeek' },
  { rel: 'lastWeek' },
  { rel: 'thisMonth' },
  { rel: 'lastMonth' },
  { rel: 'thisQuarter' },
  { rel: 'thisYear' },
  { rel: 'lastNDays', n: 7 },
  { rel: 'lastNDays', n: 30 },
  { rel: 'lastNDays', n: 90 },
];

/** Tells periods apart: `today`, `lastNDays:30`. */
export const periodKey = ({ rel, n }: RelativeValue): string => (n === undefined ? rel : `${rel}:${n}`);
