import type { GeoBox } from '@lianke/shared/geo/box';
import type { Point } from '@lianke/shared/geo/gcj02';

/** Side of a tile in pixels, as map services cut them. */
export const tileSize = 256;
/** Where Web Mercator ends (https://epsg.io/3857): the world is a square. */
export const edgeLat = 85.0511;
/** The equator in metres, WGS-84. */
const equator = 40_075_016.686;

export interface Pixel {
  x: number;
  y: number;
}

/** What is looked at: the place in the middle of a window, and how closely. */
export interface Camera extends Point {
  /** Whole numbers: 0 shows the world on one tile, each step twice as large. */
  zoom: number;
}

export interface Size {
  width: number;
  height: number;
}

export const leastZoom = 2;

const worldSize = (zoom: number) => tileSize * 2 ** zoom;

/** Where a place lies on the world's map at a zoom, in pixels from its north-west corner. */
export function project({ lat, lng }: Point, zoom: number): Pixel {
  const size = worldSize(zoom);
  const clamped = Math.max(-edgeLat, Math.min(edgeLat, lat));
  const angle = (clamped * Math.PI) / 180;
  return {
    x: ((lng + 180) / 360) * size,
    y: (0.5 - Math.log(Math.tan(Math.PI / 4 + angle / 2)) / (2 * Math.PI)) * size,
  };
}

/** The place at a pixel of the world's map. */
export function unproject({ x, y }: Pixel, zoom: number): Point {
  const size = worldSize(zoom);
  return {
    lng: (x / size) * 360 - 180,
    lat: (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / size))) * 180) / Math.PI,
  };
}

/** The window's north-west corner on the world's map. */
export function cornerOf(camera: Camera, { width, height }: Size): Pixel {
  const middle = project(camera, camera.zoom);
  return { x: middle.x - width / 2, y: middle.y - height / 2 };
}

/** The edges of what a window shows, within the world. */
export function boxShown(camera: Camera, size: Size): GeoBox {
  const corner = cornerOf(camera, size);
  const northWest = unproject(corner, camera.zoom);
  const southEast = unproject({ x: corner.x + size.width, y: corner.y + size.height }, camera.zoom);
  const within = (degrees: number, most: number) => Math.max(-most, Math.min(most, degrees));
  return [within(northWest.lng, 180), within(southEast.lat, 90), within(southEast.lng, 180), within(northWest.lat, 90)];
}

/** The camera that shows all of a box with a margin, never closer than `most`. */
export function cameraOver([west, south, east, north]: GeoBox, size: Size, most: number): Camera {
  const margin = 48;
  for (let zoom = most; zoom > leastZoom; zoom--) {
    const [a, b] = [project({ lat: north, lng: west }, zoom), project({ lat: south, lng: east }, zoom)];
    if (b.x - a.x <= size.width - 2 * margin && b.y - a.y <= size.height - 2 * margin)
      return { ...unproject({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, zoom), zoom };
  }
  return { lat: (south + north) / 2, lng: (west + east) / 2, zoom: leastZoom };
}

/** The camera after the map was dragged by so many pixels; it stays over the world. */
export function panned(camera: Camera, dx: number, dy: number): Camera {
  const middle = project(camera, camera.zoom);
  const size = worldSize(camera.zoom);
  const within = (at: number) => Math.max(0, Math.min(size, at));
  return { ...unproject({ x: within(middle.x - dx), y: within(middle.y - dy) }, camera.zoom), zoom: camera.zoom };
}

/** The camera at another zoom with the place under a pixel of the window where it was. */
export function zoomedAt(camera: Camera, zoom: number, at: Pixel, size: Size): Camera {
  const corner = cornerOf(camera, size);
  const place = unproject({ x: corner.x + at.x, y: corner.y + at.y }, camera.zoom);
  const there = project(place, zoom);
  const middle = { x: there.x - at.x + size.width / 2, y: there.y - at.y + size.height / 2 };
  return { ...unproject(middle, zoom), zoom };
}

export interface Tile extends Pixel {
  z: number;
  /** Where it stands in the window, and how large: beyond the service's last zoom its tiles are stretched. */
  left: number;
  top: number;
  size: number;
}

/** The tiles a window shows. */
export function tilesShown(camera: Camera, size: Size, lastZoom: number): Tile[] {
  const z = Math.min(camera.zoom, lastZoom);
  const side = tileSize * 2 ** (camera.zoom - z);
  const corner = cornerOf(camera, size);
  const count = 2 ** z;
  const out: Tile[] = [];
  for (let y = Math.max(0, Math.floor(corner.y / side)); y < Math.min(count, (corner.y + size.height) / side); y++)
    for (let x = Math.max(0, Math.floor(corner.x / side)); x < Math.min(count, (corner.x + size.width) / side); x++)
      out.push({ x, y, z, left: x * side - corner.x, top: y * side - corner.y, size: side });
  return out;
}

/** A round length in metres and its pixels in the middle of the map, at most so many. */
export function scaleBar(camera: Camera, most: number): { metres: number; pixels: number } {
  const perPixel = (equator * Math.cos((camera.lat * Math.PI) / 180)) / worldSize(camera.zoom);
  const raw = perPixel * most;
  const power = 10 ** Math.floor(Math.log10(raw));
  const metres = ([5, 2, 1].find((step) => step * power <= raw) ?? 1) * power;
  return { metres, pixels: metres / perPixel };
}

/** Lines of equal degrees that a window shows: some four of them each way. */
export function graticule(box: GeoBox): { lats: number[]; lngs: number[] } {
  const [west, south, east, north] = box;
  const steps = [30, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002];
  const span = Math.max(east - west, north - south);
  const step = steps.find((each) => span / each >= 4) ?? 0.001;
  const lines = (from: number, to: number) =>
    Array.from({ length: Math.max(0, Math.floor(to / step) - Math.ceil(from / step) + 1) }, (_, index) =>
      Number(((Math.ceil(from / step) + index) * step).toFixed(4)),
    );
  return { lats: lines(south, north), lngs: lines(west, east) };
}
