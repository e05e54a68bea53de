import { z } from 'zod';
import { maskEmail } from '../mask.js';
import { type FieldType, textOps } from '../types.js';
import { parseEmail } from './value.js';

export const emailConfig = z.object({});
export type EmailConfig = z.infer<typeof emailConfig>;

export const emailField: FieldType<EmailConfig, string> = {
  type: 'email',
  label: { zh: '邮箱', en: 'Mail' },
  group: 'basic',
  config: emailConfig,
  storage: 'text',
  operators: textOps,
  aggregates: ['count', 'countDistinct'],
  sortable: true,
  groupable: false,
  searchable: true,
  mayBeUnique: true,
  mayBeEncrypted: true,
  mask: maskEmail,
  parse: parseEmail,
};
