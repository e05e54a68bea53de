import { expect, it } from 'vitest';
import { agree } from './agree.js';

it('lets words agree with the number before them', () => {
  expect(agree('1 ‹record|records› ‹is|are› kept')).toBe('1 record is kept');
  expect(agree('0 ‹record|records›')).toBe('0 records');
  expect(agree('1,001 ‹record|records› and 1 ‹task|tasks›')).toBe('1,001 records and 1 task');
  expect(agree('1+ ‹record|records›, 1.5 ‹day|days›')).toBe('1+ records, 1.5 days');
  expect(agree('‹Record|Records› of 2026')).toBe('Records of 2026');
  expect(agree('a ‹b› c | d')).toBe('a ‹b› c | d');
});
