import { z } from 'zod';
import { type FieldTypeName, fieldTypeNames } from '../fields/registry.js';
import { fieldId, uuidOf } from '../ids.js';
import { fieldUse } from './versions.js';

/** Types whose values can be said in a cell, and so be read as another type. */
const saidInWords: readonly FieldTypeName[] = [
  'text',
  'longText',
  'richText',
  'number',
  'money',
  'percent',
  'rating',
  'slider',
  'date',
  'datetime',
  'time',
  'select',
  'multiSelect',
  'tags',
  'switch',
  'phone',
  'email',
  'url',
  'idNumber',
  'creditCode',
  'barcode',
];
/** One or several of the same kind. */
const counts: readonly (readonly FieldTypeName[])[] = [
  ['member', 'members'],
  ['department', 'departments'],
];

/** Types that a field of this type can be converted to; what stands in single values decides how many make it. */
export function conversionTargets(type: FieldTypeName): FieldTypeName[] {
  const pair = counts.find((types) => types.includes(type));
  const targets = pair ?? (saidInWords.includes(type) || type === 'autonumber' ? saidInWords : []);
  return targets.filter((target) => target !== type);
}

export const conversionBody = z.object({
  type: z.enum(fieldTypeNames),
  config: z.record(z.string(), z.json()).default({}),
  /** For choices: the texts that stand in the field become options of it. */
  makeOptions: z.boolean().default(false),
});
export type ConversionBody = z.infer<typeof conversionBody>;

const fieldParams = z.record(z.string(), z.union([z.string(), z.number()]));

export const conversionPreview = z.object({
  /** Records with a value, and how many of them were looked at: very long tables are sampled from their beginning. */
  total: z.number().int(),
  scanned: z.number().int(),
  failing: z.number().int(),
  /** The first values that would be left out, of records that the asker may see. */
  rows: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      value: z.string(),
      code: z.string(),
      params: fieldParams.optional(),
    }),
  ),
  /** Options that would be made. */
  options: z.array(z.string()),
  uses: z.array(fieldUse),
  /** Why it cannot begin, in words; null when it can. */
  refusal: z.string().nullable(),
});
export type ConversionPreview = z.infer<typeof conversionPreview>;

export const startConversionBody = conversionBody.extend({ version: z.number().int() });

export const conversionView = z.object({
  id: uuidOf<'conversion'>(),
  field: fieldId,
  name: z.string(),
  from: z.enum(fieldTypeNames),
  to: z.enum(fieldTypeNames),
  state: z.enum(['running', 'done', 'failed', 'canceled']),
  done: z.number().int(),
  total: z.number().int().nullable(),
  /** Values that were left out. */
  failing: z.number().int(),
  error: z.string().nullable(),
  by: z.object({ id: z.string(), name: z.string() }).nullable(),
  at: z.string(),
  finishedAt: z.string().nullable(),
  /** The old values are still kept: it can be taken back. */
  undoable: z.boolean(),
  /** Takes another conversion back. */
  undoes: z.string().nullable(),
});
export type ConversionView = z.infer<typeof conversionView>;

const field = z.object({ formId: uuidOf<'form'>(), fieldId: z.string().max(60) });

export const conversionContracts = {
  'conversions.list': {
    tag: 'forms',
    summary: '字段类型的转换',
    params: z.object({ formId: uuidOf<'form'>() }),
    answer: z.object({ items: z.array(conversionView), cursor: z.null() }),
  },
  'conversions.preview': {
    tag: 'forms',
    summary: '预览字段类型的转换：多少值转不过去',
    params: field,
    body: conversionBody,
    answer: conversionPreview,
  },
  'conversions.start': {
    tag: 'forms',
    summary: '转换字段的类型；在后台分批进行，填写照常',
    params: field,
    body: startConversionBody,
    answer: conversionView,
  },
  'conversions.cancel': { tag: 'forms', summary: '停止转换', params: field, answer: conversionView },
  'conversions.undo': {
    tag: 'forms',
    summary: '撤销转换，原来的值回来',
    params: field,
    answer: conversionView,
  },
} as const;
