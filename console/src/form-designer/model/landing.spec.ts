import { describe, expect, it } from 'vitest';
import { landingAt, nearestBox } from './landing.js';

// Two columns, the third item takes a whole row:  0 1 / 2 / 3
const boxes = [
  { left: 0, right: 90, top: 0, bottom: 50, wide: false },
  { left: 100, right: 190, top: 0, bottom: 50, wide: false },
  { left: 0, right: 190, top: 60, bottom: 110, wide: true },
  { left: 0, right: 90, top: 120, bottom: 170, wide: false },
];

const landingIndex = (...args: Parameters<typeof landingAt>) => landingAt(...args).index;

describe('landingAt', () => {
  it('takes the half of a box that the pointer is on', () => {
    expect(landingIndex(boxes, 10, 25)).toBe(0);
    expect(landingIndex(boxes, 80, 25)).toBe(1);
    expect(landingIndex(boxes, 180, 25)).toBe(2);
  });
  it('takes upper and lower halves of a wide box', () => {
    expect(landingIndex(boxes, 180, 70)).toBe(2);
    expect(landingIndex(boxes, 10, 100)).toBe(3);
  });
  it('lands in the gap between rows before the next row', () => {
    expect(landingIndex(boxes, 150, 55)).toBe(2);
  });
  it('says when it lands behind the last of a row', () => {
    expect(landingAt(boxes, 180, 25)).toEqual({ index: 2, after: true });
    expect(landingAt(boxes, 10, 25).after).toBe(false);
    expect(landingAt(boxes, 150, 55).after).toBe(false);
  });
  it('lands last beside or below the last box', () => {
    expect(landingIndex(boxes, 150, 150)).toBe(4);
    expect(landingIndex(boxes, 10, 400)).toBe(4);
    expect(landingIndex([], 10, 10)).toBe(0);
  });
});

describe('nearestBox', () => {
  it('finds the section that holds the height, or the closest', () => {
    const sections = [
      { top: 0, bottom: 100 },
      { top: 120, bottom: 200 },
    ];
    expect(nearestBox(sections, 50)).toBe(0);
    expect(nearestBox(sections, 115)).toBe(1);
    expect(nearestBox(sections, 900)).toBe(1);
    expect(nearestBox([], 5)).toBe(-1);
  });
});
