import { expect, it } from 'vitest';
import { belowOf } from './below.js';

it('finds a department and all below it, whatever the order', () => {
  const list = [
    { id: 'c', parentId: 'b' },
    { id: 'b', parentId: 'a' },
    { id: 'a', parentId: null },
    { id: 'x', parentId: null },
  ];
  expect([...belowOf(list, 'a')].sort()).toEqual(['a', 'b', 'c']);
  expect([...belowOf(list, 'x')]).toEqual(['x']);
});
