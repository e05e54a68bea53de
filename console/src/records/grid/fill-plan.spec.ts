import { expect, it } from 'vitest';
import { fillPlan } from './fill-plan.js';

const block = (top: number, bottom: number) => ({ top, bottom, left: 0, right: 1 });
const plan = (...args: Parameters<typeof fillPlan>) => fillPlan(...args).map(({ to, from }) => [to, from]);

it('a block repeats its first row, a single row takes the one above, the first row of all takes none', () => {
  expect(plan(block(2, 4))).toEqual([
    [3, 2],
    [4, 2],
  ]);
  expect(plan(block(2, 2))).toEqual([[2, 1]]);
  expect(plan(block(0, 0))).toEqual([]);
});

it('a dragged block repeats all its rows in turn', () => {
  expect(plan(block(2, 6), block(2, 3))).toEqual([
    [4, 2],
    [5, 3],
    [6, 2],
  ]);
  expect(plan(block(2, 3), block(2, 3))).toEqual([]);
});
