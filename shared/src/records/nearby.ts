import { z } from 'zod';
import { locationValue } from '../fields/location/schema.js';
import { filter } from '../filter/ast.js';
import { recordView } from './query.js';

/** Widest circle, in metres: beyond it nobody drives by. */
export const maxNearby = 100_000;

export const nearbyBody = z.object({
  /** Where the asker is, GCJ-02 degrees. */
  lat: z.number().min(-90).max(90),
  lng: z.number().min(-180).max(180),
  /** Metres. */
  within: z.number().int().min(1).max(maxNearby).default(5000),
  filter: filter.optional(),
  limit: z.number().int().min(1).max(200).default(50),
});
export type NearbyBody = z.infer<typeof nearbyBody>;

/** A record and how far away it is: by its own location, else by the newest one of a record that points at it. */
export const nearbyItem = z.object({
  record: recordView,
  /** Metres as the crow flies. */
  distance: z.number().int(),
  place: locationValue,
  /** Absent: the record's own location. */
  from: z.object({ formId: z.string(), name: z.string(), at: z.string() }).optional(),
});
export type NearbyItem = z.infer<typeof nearbyItem>;
