/** Degrees in the order of GeoJSON (RFC 7946 §5); a west beyond the east spans the date line. */
export type GeoBox = readonly [west: number, south: number, east: number, north: number];

const within = (value: unknown, most: number): value is number =>
  typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= most;

/** A list `[west, south, east, north]` of degrees as a box; undefined when it is none. */
export function boxOf(value: unknown): GeoBox | undefined {
  if (!Array.isArray(value) || value.length !== 4) return undefined;
  const [west, south, east, north] = value as unknown[];
  if (!within(west, 180) || !within(south, 90) || !within(east, 180) || !within(north, 90) || south > north)
    return undefined;
  return [west, south, east, north];
}

/** Whether a place lies in a box, its edges included. */
export function inBox([west, south, east, north]: GeoBox, { lat, lng }: { lat: number; lng: number }): boolean {
  if (lat < south || lat > north) return false;
  return west <= east ? lng >= west && lng <= east : lng >= west || lng <= east;
}
