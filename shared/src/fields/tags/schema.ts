import { z } from 'zod';
import { type FieldType, setOps } from '../types.js';
import { parseTags } from './value.js';

export const tagsConfig = z.object({
  /** Offered first while typing; any other tag may be added by use. */
  suggestions: z.array(z.string().min(1).max(30)).max(200).default([]),
});
export type TagsConfig = z.infer<typeof tagsConfig>;

export const tagsField: FieldType<TagsConfig, string[]> = {
  type: 'tags',
  label: { zh: '标签', en: 'Tags' },
  group: 'basic',
  config: tagsConfig,
  storage: 'text[]',
  operators: setOps,
  aggregates: ['count'],
  sortable: false,
  groupable: true,
  searchable: false,
  parse: parseTags,
};
