import { describe, expect, it } from 'vitest';
import { safeReturnTo } from './return-to.js';

describe('safeReturnTo', () => {
  it.each([
    ['/apps/1?filter=%7B%7D', '/apps/1?filter=%7B%7D'],
    ['//evil.example/', '/'],
    ['/\\evil.example', '/'],
    ['https://evil.example', '/'],
    ['javascript:alert(1)', '/'],
    ['/login?returnTo=/', '/'],
    ['', '/'],
    [null, '/'],
  ])('%s leads to %s', (raw, expected) => expect(safeReturnTo(raw)).toBe(expected));
});
