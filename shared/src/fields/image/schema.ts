import { z } from 'zod';
import { parseAttachment } from '../attachment/value.js';
import { type FieldType, presenceOps } from '../types.js';

export const imageConfig = z.object({
  max: z.number().int().min(1).max(50).default(9),
  /** On phones the camera only, no pictures from the album. */
  cameraOnly: z.boolean().optional(),
});
export type ImageConfig = z.infer<typeof imageConfig>;

export const imageField: FieldType<ImageConfig, string[]> = {
  type: 'image',
  label: { zh: '图片', en: 'Images' },
  group: 'advanced',
  config: imageConfig,
  storage: 'uuid[]',
  refers: 'file',
  operators: presenceOps,
  aggregates: ['count'],
  sortable: false,
  groupable: false,
  searchable: false,
  parse: parseAttachment,
};
