import fc from 'fast-check';
import { expect, it } from 'vitest';
import { gcj02ToWgs84, type Point, wgs84ToGcj02 } from './gcj02.js';

const metres = (a: Point, b: Point) =>
  Math.hypot((a.lat - b.lat) * 111_320, (a.lng - b.lng) * 111_320 * Math.cos((a.lat * Math.PI) / 180));

it('moves Chinese positions by some hundred metres, others stay', () => {
  const oriental = { lat: 31.239703, lng: 121.499718 };
  const moved = wgs84ToGcj02(oriental);
  expect(metres(oriental, moved)).toBeGreaterThan(300);
  expect(metres(oriental, moved)).toBeLessThan(700);
  // The tower as AMap shows it.
  expect(metres(moved, { lat: 31.23777, lng: 121.50424 })).toBeLessThan(20);
  expect(wgs84ToGcj02({ lat: 48.8584, lng: 2.2945 })).toEqual({ lat: 48.8584, lng: 2.2945 });
  expect(gcj02ToWgs84({ lat: 48.8584, lng: 2.2945 })).toEqual({ lat: 48.8584, lng: 2.2945 });
});

it('leads there and back again, to a few decimetres, anywhere in China', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 18, max: 53.5, noNaN: true }),
      fc.double({ min: 74, max: 134.8, noNaN: true }),
      (lat, lng) => {
        const back = gcj02ToWgs84(wgs84ToGcj02({ lat, lng }));
        expect(metres(back, { lat, lng })).toBeLessThan(0.3);
      },
    ),
  );
});
