import { z } from 'zod';
import { maskText } from '../mask.js';
import { type FieldType, textOps } from '../types.js';
import { parseText } from './value.js';

export const textConfig = z.object({
  maxLength: z.number().int().min(1).max(500).default(200),
  placeholder: z.string().max(100).optional(),
});
export type TextConfig = z.infer<typeof textConfig>;

export const textField: FieldType<TextConfig, string> = {
  type: 'text',
  label: { zh: '单行文本', en: 'Single-line text' },
  group: 'basic',
  config: textConfig,
  storage: 'text',
  operators: textOps,
  aggregates: ['count', 'countDistinct'],
  sortable: true,
  groupable: true,
  searchable: true,
  mayBeUnique: true,
  mayBeEncrypted: true,
  mask: maskText,
  parse: parseText,
};
