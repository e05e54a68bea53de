import { z } from 'zod';
import { type FieldType, presenceOps } from '../types.js';
import { parseLocation } from './value.js';

export const locationConfig = z.object({});
export type LocationConfig = z.infer<typeof locationConfig>;

/** Degrees in GCJ-02 as the chat clients report them; `accuracy` in metres. */
export const locationValue = z.object({
  lat: z.number().min(-90).max(90),
  lng: z.number().min(-180).max(180),
  name: z.string().max(100).optional(),
  address: z.string().max(200).optional(),
  accuracy: z.number().min(0).optional(),
  mock: z.boolean().optional(),
  /** Of a visit: metres to the customer's address at that time, as the crow flies. */
  distance: z.number().int().min(0).max(20_040_000).optional(),
});
export type LocationValue = z.infer<typeof locationValue>;

/** `within` asks for places in a box of degrees, `[west, south, east, north]`. */
export const locationField: FieldType<LocationConfig, LocationValue> = {
  type: 'location',
  label: { zh: '定位', en: 'Location' },
  group: 'advanced',
  config: locationConfig,
  storage: 'jsonb',
  compares: 'point',
  operators: [...presenceOps, 'within'],
  aggregates: ['count'],
  sortable: false,
  groupable: false,
  searchable: false,
  parse: (raw) => parseLocation(raw, locationValue),
};
