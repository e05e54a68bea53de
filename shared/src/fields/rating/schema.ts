import { z } from 'zod';
import { type FieldType, orderedOps } from '../types.js';
import { parseRating } from './value.js';

export const ratingConfig = z.object({
  max: z.number().int().min(3).max(10).default(5),
  /** Half stars may be given. */
  half: z.boolean().optional(),
});
export type RatingConfig = z.infer<typeof ratingConfig>;

export const ratingField: FieldType<RatingConfig, string> = {
  type: 'rating',
  label: { zh: '评分', en: 'Rating' },
  group: 'basic',
  config: ratingConfig,
  storage: 'numeric',
  operators: orderedOps,
  aggregates: ['count', 'countDistinct', 'avg', 'min', 'max'],
  sortable: true,
  groupable: true,
  searchable: false,
  parse: parseRating,
};
