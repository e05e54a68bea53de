import { z } from 'zod';
import { maskText } from '../mask.js';
import { type FieldType, presenceOps } from '../types.js';
import { parseLongText } from './value.js';

export const longTextConfig = z.object({
  maxLength: z.number().int().min(1).max(20_000).default(5000),
  placeholder: z.string().max(100).optional(),
});
export type LongTextConfig = z.infer<typeof longTextConfig>;

export const longTextField: FieldType<LongTextConfig, string> = {
  type: 'longText',
  label: { zh: '多行文本', en: 'Multi-line text' },
  group: 'basic',
  config: longTextConfig,
  storage: 'text',
  operators: ['contains', ...presenceOps],
  aggregates: ['count'],
  sortable: false,
  groupable: false,
  searchable: false,
  mayBeEncrypted: true,
  mask: maskText,
  parse: parseLongText,
};
