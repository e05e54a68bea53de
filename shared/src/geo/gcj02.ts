/** A place in degrees. */
export interface Point {
  lat: number;
  lng: number;
}

/** Whether a value holds degrees of latitude and longitude, as locations do. */
export function isPoint(value: unknown): value is Point {
  if (typeof value !== 'object' || value === null || !('lat' in value && 'lng' in value)) return false;
  return typeof value.lat === 'number' && typeof value.lng === 'number';
}

/** What coordinates are counted in: GCJ-02 is the datum of Chinese maps and of the chat clients, WGS-84 that of GPS. */
export const datums = ['gcj02', 'wgs84'] as const;
export type Datum = (typeof datums)[number];

const axis = 6_378_245;
const eccentricity = 0.006693421622965943;
/** The inverse has no closed form; three steps bring it within a millimetre. */
const steps = 3;

function shiftLat(x: number, y: number): number {
  let shift = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x));
  shift += ((20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI)) * 2) / 3;
  shift += ((20 * Math.sin(y * Math.PI) + 40 * Math.sin((y / 3) * Math.PI)) * 2) / 3;
  return shift + ((160 * Math.sin((y / 12) * Math.PI) + 320 * Math.sin((y * Math.PI) / 30)) * 2) / 3;
}

function shiftLng(x: number, y: number): number {
  let shift = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x));
  shift += ((20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI)) * 2) / 3;
  shift += ((20 * Math.sin(x * Math.PI) + 40 * Math.sin((x / 3) * Math.PI)) * 2) / 3;
  return shift + ((150 * Math.sin((x / 12) * Math.PI) + 300 * Math.sin((x / 30) * Math.PI)) * 2) / 3;
}

/** The rectangle around China outside of which both are the same, as the public formula has it. */
function shifted({ lat, lng }: Point): boolean {
  return lng >= 72.004 && lng <= 137.8347 && lat >= 0.8293 && lat <= 55.8271;
}

function forward({ lat, lng }: Point): Point {
  const radians = (lat / 180) * Math.PI;
  const magic = 1 - eccentricity * Math.sin(radians) ** 2;
  const root = Math.sqrt(magic);
  const dLat = (shiftLat(lng - 105, lat - 35) * 180) / (((axis * (1 - eccentricity)) / (magic * root)) * Math.PI);
  const dLng = (shiftLng(lng - 105, lat - 35) * 180) / ((axis / root) * Math.cos(radians) * Math.PI);
  return { lat: lat + dLat, lng: lng + dLng };
}

const rounded = ({ lat, lng }: Point): Point => ({ lat: Number(lat.toFixed(6)), lng: Number(lng.toFixed(6)) });

/**
 * A WGS-84 place in GCJ-02, in degrees. The usual public approximation on the Krasovsky 1940 ellipsoid, first published as
 * "EvilTransform" and described at https://en.wikipedia.org/wiki/Restrictions_on_geographic_data_in_China (about 1 m off);
 * outside of China the two are the same.
 */
export function wgs84ToGcj02(point: Point): Point {
  return shifted(point) ? rounded(forward(point)) : { lat: point.lat, lng: point.lng };
}

/** The way back: the WGS-84 place that `wgs84ToGcj02` makes this one of, to the millionth of a degree. */
export function gcj02ToWgs84(point: Point): Point {
  if (!shifted(point)) return { lat: point.lat, lng: point.lng };
  let guess = { ...point };
  for (let step = 0; step < steps; step++) {
    const there = forward(guess);
    guess = { lat: guess.lat + point.lat - there.lat, lng: guess.lng + point.lng - there.lng };
  }
  return rounded(guess);
}
