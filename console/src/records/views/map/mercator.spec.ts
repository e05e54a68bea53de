import { describe, expect, it } from 'vitest';
import {
  boxShown,
  type Camera,
  cameraOver,
  graticule,
  panned,
  project,
  scaleBar,
  tilesShown,
  unproject,
  zoomedAt,
} from './mercator.js';

const size = { width: 1000, height: 600 };
const shanghai: Camera = { lat: 31.2397, lng: 121.4998, zoom: 12 };

describe('Web Mercator', () => {
  it('puts the equator and Greenwich in the middle of the world, and leads back', () => {
    expect(project({ lat: 0, lng: 0 }, 0)).toEqual({ x: 128, y: 128 });
    const there = project(shanghai, 12);
    // The tile of the Bund, as OpenStreetMap numbers it.
    expect([Math.floor(there.x / 256), Math.floor(there.y / 256)]).toEqual([3430, 1673]);
    const back = unproject(there, 12);
    expect(back.lat).toBeCloseTo(shanghai.lat, 9);
    expect(back.lng).toBeCloseTo(shanghai.lng, 9);
  });

  it('keeps the poles on the map', () => {
    expect(project({ lat: 90, lng: 180 }, 0).y).toBeCloseTo(0, 2);
    expect(boxShown({ lat: 0, lng: 0, zoom: 0 }, size)).toEqual([-180, expect.any(Number), 180, expect.any(Number)]);
  });
});

describe('the camera', () => {
  it('shows all of a box, as closely as it can', () => {
    const camera = cameraOver([120, 30, 122, 32], size, 16);
    const [west, south, east, north] = boxShown(camera, size);
    expect(west < 120 && south < 30 && east > 122 && north > 32).toBe(true);
    const closer = boxShown({ ...camera, zoom: camera.zoom + 1 }, size);
    expect(closer[1] > 30 || closer[0] > 120).toBe(true);
    expect(cameraOver([121, 31, 121, 31], size, 15)).toMatchObject({ zoom: 15 });
  });

  it('moves with the pointer, and stays over the world', () => {
    const moved = panned(shanghai, 100, 0);
    expect(moved.lng).toBeLessThan(shanghai.lng);
    expect(moved.lat).toBeCloseTo(shanghai.lat, 9);
    expect(panned({ lat: 0, lng: 179, zoom: 3 }, -9999, 0).lng).toBeLessThanOrEqual(180);
  });

  it('zooms at the pointer: what lies under it stays there', () => {
    const at = { x: 200, y: 150 };
    const place = (camera: Camera) => {
      const middle = project(camera, camera.zoom);
      return unproject({ x: middle.x - 500 + at.x, y: middle.y - 300 + at.y }, camera.zoom);
    };
    const before = place(shanghai);
    const after = place(zoomedAt(shanghai, 14, at, size));
    expect(after.lat).toBeCloseTo(before.lat, 6);
    expect(after.lng).toBeCloseTo(before.lng, 6);
  });
});

describe('tiles', () => {
  it('cover the window and none lies outside of it', () => {
    const tiles = tilesShown(shanghai, size, 18);
    expect(tiles.length).toBeGreaterThanOrEqual(4 * 3);
    expect(Math.min(...tiles.map((tile) => tile.left))).toBeLessThanOrEqual(0);
    expect(Math.max(...tiles.map((tile) => tile.left + tile.size))).toBeGreaterThanOrEqual(size.width);
    for (const tile of tiles) expect(tile.left < size.width && tile.left + tile.size > 0).toBe(true);
  });

  it('are stretched beyond the last zoom of the service', () => {
    const tiles = tilesShown({ ...shanghai, zoom: 16 }, size, 14);
    expect(tiles.every((tile) => tile.z === 14 && tile.size === 1024)).toBe(true);
  });
});

it('shows a round length that fits', () => {
  const bar = scaleBar(shanghai, 100);
  expect(bar.pixels).toBeLessThanOrEqual(100);
  expect(bar.pixels).toBeGreaterThan(35);
  expect(String(bar.metres)).toMatch(/^[125]0*$/);
  expect(scaleBar({ ...shanghai, lat: 60 }, 100).metres).toBeLessThanOrEqual(bar.metres);
});

it('draws a few lines of degrees', () => {
  const { lats, lngs } = graticule([120.3, 30.1, 122.4, 31.9]);
  expect(lngs).toEqual([120.5, 121, 121.5, 122]);
  expect(lats).toEqual([30.5, 31, 31.5]);
});
