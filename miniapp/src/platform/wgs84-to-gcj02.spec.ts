import { expect, test } from 'vitest';
import { metresBetween } from './location.js';
import { wgs84ToGcj02 } from './wgs84-to-gcj02.js';

test('Chinese positions move by some hundred metres to the south-east, others stay', () => {
  const oriental = { lat: 31.239703, lng: 121.499718 };
  const moved = wgs84ToGcj02(oriental);
  expect(metresBetween(oriental, moved)).toBeGreaterThan(300);
  expect(metresBetween(oriental, moved)).toBeLessThan(700);
  // The tower as AMap shows it.
  expect(metresBetween(moved, { lat: 31.23777, lng: 121.50424 })).toBeLessThan(20);
  expect(wgs84ToGcj02({ lat: 48.8584, lng: 2.2945 })).toEqual({ lat: 48.8584, lng: 2.2945 });
});
