import { z } from 'zod';
import type { ShapeText } from '../errors/shape-texts.js';
import { filter } from '../filter/ast.js';
import { boxOf } from '../geo/box.js';

/** Types of fields that say where a record is. */
export const placeTypes = ['location', 'address'] as const;

/** Closest look: beyond it Web Mercator tiles are rarely drawn. */
export const mostZoom = 18;
/** Spots answered at most; the fullest ones. */
export const mostSpots = 2000;
/** Side of the squares records are gathered in, in pixels of a Web Mercator map of 256-pixel tiles at that zoom. */
export const spotPixels = 48;

const degrees = z.number();
/** `[west, south, east, north]`, GCJ-02 degrees. */
export const geoBox = z
  .tuple([degrees, degrees, degrees, degrees])
  .refine((box) => boxOf(box) !== undefined, 'geo_box' satisfies ShapeText);

export const placesBody = z.object({
  /** A location or an address; addresses lie in the middle of their city. */
  field: z.string().max(200),
  filter: filter.optional(),
  search: z.string().max(100).optional(),
  /** Absent: counts and extent only. */
  box: geoBox.optional(),
  /** How closely one looks: each step halves the squares. */
  zoom: z.number().int().min(0).max(mostZoom).default(0),
  /** A single select whose options are told apart within each spot. */
  color: z.string().max(200).optional(),
});
export type PlacesBody = z.infer<typeof placesBody>;

/** Records that lie close together: the middle of them, how many they are, and which record a single one is. */
export const spot = z.object({
  lat: z.number(),
  lng: z.number(),
  count: z.number().int(),
  /** The square's edges, GCJ-02 degrees: what a filter `within` finds the same records by. */
  box: z.tuple([degrees, degrees, degrees, degrees]),
  /** Option ids with how many records have them, the most first; the empty text stands for none. Absent without `color`. */
  colors: z.array(z.object({ id: z.string(), count: z.number().int() })).optional(),
  /** Of a single record. */
  record: z.object({ id: z.string(), label: z.string() }).optional(),
});
export type Spot = z.infer<typeof spot>;

export const placesAnswer = z.object({
  spots: z.array(spot),
  /** There are more than `mostSpots`. */
  cut: z.boolean(),
  /** Records that the view selects, those of them with a place, and those inside of the box. */
  total: z.number().int(),
  placed: z.number().int(),
  inside: z.number().int(),
  /** What holds every place; null without any. */
  extent: z.tuple([degrees, degrees, degrees, degrees]).nullable(),
});
export type PlacesAnswer = z.infer<typeof placesAnswer>;
