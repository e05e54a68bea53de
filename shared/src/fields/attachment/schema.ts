import { z } from 'zod';
import { type FieldType, presenceOps } from '../types.js';
import { parseAttachment } from './value.js';

export const attachmentConfig = z.object({
  accept: z.enum(['any', 'image']).default('any'),
  max: z.number().int().min(1).max(50).default(20),
});
export type AttachmentConfig = z.infer<typeof attachmentConfig>;

export const attachmentField: FieldType<AttachmentConfig, string[]> = {
  type: 'attachment',
  label: { zh: '附件', en: 'Attachment' },
  group: 'advanced',
  config: attachmentConfig,
  storage: 'uuid[]',
  refers: 'file',
  operators: presenceOps,
  aggregates: ['count'],
  sortable: false,
  groupable: false,
  searchable: false,
  parse: parseAttachment,
};
