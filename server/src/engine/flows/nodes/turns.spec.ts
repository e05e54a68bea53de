import type { MemberId } from '@lianke/shared/ids';
import { expect, it } from 'vitest';
import { type Given, nextInTurn } from './turns.js';

const people = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as MemberId[];

function turns(present: readonly MemberId[], n: number, given: Given = {}, weights = {}): { got: Given; given: Given } {
  const got: Given = {};
  for (let turn = 0; turn < n; turn++) {
    const next = nextInTurn(present, given, weights);
    given = next.given;
    got[next.member] = (got[next.member] ?? 0) + 1;
  }
  return { got, given };
}

const spread = (got: Given, of: readonly string[]) => {
  const counts = of.map((id) => got[id] ?? 0);
  return Math.max(...counts) - Math.min(...counts);
};

it('1,000 leads over seven people differ by at most one', () => {
  expect(spread(turns(people, 1000).got, people)).toBeLessThanOrEqual(1);
});

it('one who goes away midway gets none, and is not flooded when he is back', () => {
  const first = turns(people, 500);
  const away = turns(people.slice(1), 300, first.given);
  expect(away.got.a).toBeUndefined();
  expect(spread(away.got, people.slice(1))).toBeLessThanOrEqual(1);
  const back = turns(people, 70, away.given);
  expect(spread(back.got, people)).toBeLessThanOrEqual(2);
});

it('a newcomer begins level with the others', () => {
  const before = turns(people.slice(0, 6), 600);
  expect(spread(turns(people, 70, before.given).got, people)).toBeLessThanOrEqual(2);
});

it('weights share out as they say', () => {
  expect(turns(people.slice(0, 3), 60, {}, { a: 3, b: 2 }).got).toEqual({ a: 30, b: 20, c: 10 });
});
