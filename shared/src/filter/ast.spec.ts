import { describe, expect, it } from 'vitest';
import { issuesText } from '../errors/issue-text.js';
import { filter } from './ast.js';

function refused(input: unknown) {
  const { error } = filter.safeParse(input);
  return issuesText(error?.issues ?? [], input);
}

describe('a condition on a box of coordinates', () => {
  it.each([
    [[121, 31, 122]],
    [[121, 32, 122, 31]],
    [[121, 31, 200, 32]],
    [[]],
    [{ west: 121, south: 31, east: 122, north: 32 }],
    [{ rel: 'today' }],
    ['121,31,122,32'],
    [null],
  ])('%j is refused saying what a box is, and nothing of dates', (value) => {
    const { zh, en } = refused({ field: 'spot', op: 'within', value });
    expect(zh).toContain('[西, 南, 东, 北]');
    expect(en).toMatch(/value: .*\[west, south, east, north\]/);
    expect(zh + en).not.toMatch(/today|rel/);
  });

  it('says so within other conditions, and where there is none', () => {
    const wrong = {
      and: [
        { field: 'name', op: 'notEmpty' },
        { field: 'spot', op: 'within', value: [1, 2] },
      ],
    };
    expect(refused(wrong).en).toMatch(/^and\[1\]\.value: is no box/);
    expect(refused({ field: 'spot', op: 'within', value: ['a', 31, 122, 32] }).en).toMatch(/^value: is no box/);
    expect(refused({ field: 'spot', op: 'within' }).en).toMatch(/^value: is no box/);
  });

  it('takes a box', () => {
    const box = { field: 'spot', op: 'within', value: [121, 31, 122, 32] };
    expect(filter.parse(box)).toEqual(box);
  });

  it('leaves what is said of other operators as it was', () => {
    expect(refused({ field: 'day', op: 'eq', value: { rel: 'someday' } }).en).toContain('today');
    expect(refused({ field: 'day', op: 'near', value: 1 }).en).toMatch(/^op: must be/);
  });
});
