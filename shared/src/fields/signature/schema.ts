import { z } from 'zod';
import { parseAttachment } from '../attachment/value.js';
import { type FieldType, presenceOps } from '../types.js';

export const signatureConfig = z.object({});
export type SignatureConfig = z.infer<typeof signatureConfig>;

/** One drawn picture, kept as a file like any other: a list of one id. */
export const signatureField: FieldType<SignatureConfig, string[]> = {
  type: 'signature',
  label: { zh: '手写签名', en: 'Signature' },
  group: 'advanced',
  config: signatureConfig,
  storage: 'uuid[]',
  refers: 'file',
  operators: presenceOps,
  aggregates: ['count'],
  sortable: false,
  groupable: false,
  searchable: false,
  parse: (raw) => parseAttachment(raw, { max: 1 }),
};
