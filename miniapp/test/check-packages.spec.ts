import { expect, test } from 'vitest';
import { readsGlobal } from '../scripts/check-packages.mjs';

test.each([
  ['my.request()', true],
  ['const a = { x: my }', true],
  ['typeof my', true],
  ['function f(my) { return my.x }', false],
  ['var my = 1; function g() { return my }', false],
  ['(function () { const my = {}; return () => my.x })()', false],
  ['a.my.b', false],
  ['x = { my: 1 }', false],
  ['"my.request"', false],
  ['function f(my) {} my.go()', true],
])('%s reads the global my: %s', (source, expected) => {
  expect(readsGlobal(source, 'my')).toBe(expected);
});
