import { z } from 'zod';
import type { ShapeText } from '../../errors/shape-texts.js';
import { type FieldType, orderedOps } from '../types.js';
import { parseSlider } from './value.js';

export const sliderConfig = z
  .object({
    min: z.number().min(-1e9).max(1e9).default(0),
    max: z.number().min(-1e9).max(1e9).default(100),
    step: z.number().positive().max(1e9).default(1),
    unit: z.string().max(10).optional(),
  })
  .refine(({ min, max }) => min < max, 'max_over_min' satisfies ShapeText);
export type SliderConfig = z.infer<typeof sliderConfig>;

export const sliderField: FieldType<SliderConfig, string> = {
  type: 'slider',
  label: { zh: '滑块', en: 'Slider' },
  group: 'basic',
  config: sliderConfig,
  storage: 'numeric',
  operators: orderedOps,
  aggregates: ['count', 'countDistinct', 'sum', 'avg', 'min', 'max'],
  sortable: true,
  groupable: true,
  searchable: false,
  parse: parseSlider,
};
