import pg from 'pg';

const oid = { date: 1082, timestamptz: 1184, dateArray: 1182, numericArray: 1231, timestamptzArray: 1185, int8: 20 };

/**
 * How PostgreSQL values arrive in Node: numeric and its arrays as strings (no float ever touches money), dates as
 * `YYYY-MM-DD`, instants as RFC 3339 UTC with milliseconds. bigint arrives as number: counters stay far below 2^53.
 */
export function installTypeParsers(): void {
  pg.types.setTypeParser(oid.date, (text) => text);
  pg.types.setTypeParser(oid.timestamptz, instant);
  pg.types.setTypeParser(oid.int8, Number);
  const textArray = pg.types.getTypeParser(1009 as never, 'text') as (text: string) => string[];
  pg.types.setTypeParser(oid.dateArray as never, textArray);
  pg.types.setTypeParser(oid.numericArray as never, textArray);
  pg.types.setTypeParser(oid.timestamptzArray as never, (text: string) => textArray(text).map(instant));
}

const utc = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00$/;

/** A page holds hundreds of instants, and sessions are in UTC: most need no calendar. */
function instant(text: string): string {
  if (!utc.test(text)) return new Date(text).toISOString();
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${text.slice(20, -3).slice(0, 3).padEnd(3, '0')}Z`;
}
