import { describe, expect, it } from 'vitest';
import { visibleRange } from './use-virtual-rows.js';

describe('visibleRange', () => {
  it('covers what is in sight and eight rows more at each edge', () => {
    expect(visibleRange(0, 360, 36, 1000)).toEqual({ first: 0, last: 18 });
    expect(visibleRange(3600, 360, 36, 1000)).toEqual({ first: 92, last: 118 });
  });
  it('ends with the rows there are', () => {
    expect(visibleRange(0, 360, 36, 5)).toEqual({ first: 0, last: 5 });
    expect(visibleRange(99_999, 360, 36, 5)).toEqual({ first: 5, last: 5 });
    expect(visibleRange(0, -20, 36, 0)).toEqual({ first: 0, last: 0 });
  });
});
