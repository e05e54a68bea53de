import pg from 'pg';
import { expect, it } from 'vitest';
import { installTypeParsers } from './type-parsers.js';

it('reads instants of any session zone and precision as UTC with milliseconds', () => {
  installTypeParsers();
  const read = pg.types.getTypeParser(1184, 'text') as (text: string) => string;
  expect(read('2026-03-04 02:00:00+00')).toBe('2026-03-04T02:00:00.000Z');
  expect(read('2026-03-04 02:00:00.5+00')).toBe('2026-03-04T02:00:00.500Z');
  expect(read('2026-03-04 02:00:00.123987+00')).toBe('2026-03-04T02:00:00.123Z');
  expect(read('2026-03-04 10:00:00.5+08')).toBe('2026-03-04T02:00:00.500Z');
  expect(read('2026-03-04 07:30:00+05:30')).toBe('2026-03-04T02:00:00.000Z');
});
