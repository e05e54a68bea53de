import { z } from 'zod';
import { type FieldType, presenceOps } from '../types.js';
import { parseRichText } from './value.js';

export const richTextConfig = z.object({
  maxLength: z.number().int().min(1).max(50_000).default(10_000),
});
export type RichTextConfig = z.infer<typeof richTextConfig>;

/** Sanitised HTML of a few tags (see `document.ts`); filters look into what it says. */
export const richTextField: FieldType<RichTextConfig, string> = {
  type: 'richText',
  label: { zh: '富文本', en: 'Rich text' },
  group: 'basic',
  config: richTextConfig,
  storage: 'text',
  compares: 'markup',
  operators: ['contains', ...presenceOps],
  aggregates: ['count'],
  sortable: false,
  groupable: false,
  searchable: false,
  parse: parseRichText,
};
