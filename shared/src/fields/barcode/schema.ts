import { z } from 'zod';
import { maskText } from '../mask.js';
import { parseText } from '../text/value.js';
import { type FieldType, textOps } from '../types.js';

export const barcodeConfig = z.object({
  maxLength: z.number().int().min(1).max(500).default(200),
  /** Phones read it with the camera only; typing is for the console. */
  scanOnly: z.boolean().optional(),
});
export type BarcodeConfig = z.infer<typeof barcodeConfig>;

export const barcodeField: FieldType<BarcodeConfig, string> = {
  type: 'barcode',
  label: { zh: '扫码输入', en: 'Barcode or QR code' },
  group: 'advanced',
  config: barcodeConfig,
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
