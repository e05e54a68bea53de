import type { Spot } from '@lianke/shared/records/places';
import { describe, expect, it } from 'vitest';
import { labelsShown, markSize, marksOf, ringOf } from './clusters.js';

const spot = (lng: number, count: number, more: Partial<Spot> = {}): Spot => ({
  lat: 0,
  lng,
  count,
  box: [lng - 1, -1, lng + 1, 1],
  ...more,
});
const onePixelADegree = ({ lat, lng }: { lat: number; lng: number }) => ({ x: lng, y: lat });

describe('marks', () => {
  it('that would cover one another are one, in the middle of what they stand for', () => {
    const marks = marksOf(
      [
        spot(10, 1, { record: { id: 'a', label: '甲' }, colors: [{ id: 'A', count: 1 }] }),
        spot(30, 3, {
          colors: [
            { id: 'B', count: 2 },
            { id: 'A', count: 1 },
          ],
        }),
        spot(100, 1, { record: { id: 'b', label: '乙' } }),
      ],
      onePixelADegree,
    );
    expect(marks).toEqual([
      {
        x: 25,
        y: 0,
        count: 4,
        box: [9, -1, 31, 1],
        merged: true,
        colors: [
          { id: 'B', count: 2 },
          { id: 'A', count: 2 },
        ],
        record: undefined,
      },
      { x: 100, y: 0, count: 1, box: [99, -1, 101, 1], merged: false, colors: [], record: { id: 'b', label: '乙' } },
    ]);
  });

  it('lose no record', () => {
    const spots = Array.from({ length: 60 }, (_, index) => spot((index * 37) % 500, 1 + ((index * 7) % 5)));
    const total = spots.reduce((sum, each) => sum + each.count, 0);
    const marks = marksOf(spots, onePixelADegree);
    expect(marks.reduce((sum, mark) => sum + mark.count, 0)).toBe(total);
    expect(marks.length).toBeLessThan(spots.length);
  });

  it('grow with their number, to a limit', () => {
    expect(markSize(1)).toBeLessThan(markSize(2));
    expect(markSize(10)).toBeLessThan(markSize(1000));
    expect(markSize(10_000_000)).toBe(64);
  });

  it('show the shares of their colours', () => {
    const ring = ringOf(
      [
        { id: 'A', count: 3 },
        { id: '', count: 1 },
      ],
      (id) => (id === 'A' ? 'red' : 'gray'),
    );
    expect(ring).toBe('conic-gradient(red 0.00% 75.00%, gray 75.00% 100.00%)');
  });
});

it('labels capitals first and leaves names room', () => {
  const city = (name: string, lng: number, capital = false) => ({ name, lat: 0, lng, capital });
  const shown = labelsShown(
    [city('小', 10), city('省会', 40, true), city('远', 200), city('外', 900)],
    [0, -1, 500, 1],
    onePixelADegree,
  );
  expect(shown.map((each) => each.name)).toEqual(['省会', '远']);
});
