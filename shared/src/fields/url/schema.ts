import { z } from 'zod';
import { maskText } from '../mask.js';
import { type FieldType, textOps } from '../types.js';
import { parseUrl } from './value.js';

export const urlConfig = z.object({});
export type UrlConfig = z.infer<typeof urlConfig>;

export const urlField: FieldType<UrlConfig, string> = {
  type: 'url',
  label: { zh: '网址', en: 'Web address' },
  group: 'basic',
  config: urlConfig,
  storage: 'text',
  operators: textOps,
  aggregates: ['count', 'countDistinct'],
  sortable: true,
  groupable: false,
  searchable: false,
  mayBeUnique: true,
  mayBeEncrypted: true,
  mask: maskText,
  parse: parseUrl,
};
