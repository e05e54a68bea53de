import { z } from 'zod';
import { revisionNumber } from '../api/revision.js';
import { isDerived } from '../fields/derived.js';
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
/** Types whose values read as words, but are not made of words. */
const toWordsOnly: readonly FieldTypeName[] = ['autonumber', 'address', 'cascader', 'dateRange', 'location'];
/** One or several of the same kind. */
const counts: readonly (readonly FieldTypeName[])[] = [
  ['member', 'members'],
  ['department', 'departments'],
  ['relation', 'relations'],
];
/** Types in which a word may name a record, a person or a department. */
const namedByWords: readonly FieldTypeName[] = [
  'text',
  'longText',
  'select',
  'multiSelect',
  'tags',
  'autonumber',
  'barcode',
];
/** What a name reads as. */
const names: readonly FieldTypeName[] = ['text', 'longText'];
const files: readonly FieldTypeName[] = ['attachment', 'image', 'signature'];

/** Types that a field of this type can be converted to; what stands in single values decides how many make it. */
export function conversionTargets(type: FieldTypeName): FieldTypeName[] {
  return targetsOf(type).filter((target) => target !== type);
}

function targetsOf(type: FieldTypeName): readonly FieldTypeName[] {
  const pair = counts.find((types) => types.includes(type));
  if (pair) return [...pair, ...names];
  if (type === 'image' || type === 'signature') return ['attachment'];
  const words = saidInWords.includes(type)
    ? saidInWords
    : type === 'autonumber'
      ? saidInWords
      : toWordsOnly.includes(type)
        ? names
        : [];
  return namedByWords.includes(type) ? [...words, ...counts.flat()] : words;
}

/** Why a field of this type cannot become one of another; undefined where it can. */
export function noConversion(type: FieldTypeName): 'derived' | 'rows' | 'kept' | 'files' | undefined {
  if (conversionTargets(type).length > 0) return undefined;
  if (isDerived(type)) return 'derived';
  if (type === 'subform') return 'rows';
  return files.includes(type) ? 'files' : 'kept';
}

export const conversionBody = z.object({
  type: z.enum(fieldTypeNames),
  config: z.record(z.string(), z.json()).default({}),
  /** For choices: the texts that stand in the field become options of it. */
  makeOptions: z.boolean().default(false),
  /** For relations made of words: the field of the related form, by id or key, that the words name a record by; its title when absent. */
  matchBy: z.string().max(60).optional(),
  /** Whether the values are stored encrypted from now on; as before when absent. With the field's own type, nothing else changes. */
  encrypted: z.boolean().optional(),
});
export type ConversionBody = z.infer<typeof conversionBody>;

const fieldParams = z.record(z.string(), z.union([z.string(), z.number()]));

export const conversionPreview = z.object({
  /** Records with a value, and how many of them were looked at: very long tables are sampled from their beginning. */
  total: z.number().int(),
  scanned: z.number().int(),
  failing: z.number().int(),
  /** What would repeat and may not: the field itself, or a set of fields that it is part of, by name; none when all is well. */
  repeats: z.array(
    z.object({
      fields: z.array(z.string()),
      /** Different values, or combinations of them, that come more than once. */
      values: z.number().int(),
      /** Records that would be the same as another one. */
      rows: z.number().int(),
    }),
  ),
  /** The first values that would repeat or be left out, of records that the asker may see. */
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

export const startConversionBody = conversionBody.extend({ version: revisionNumber });

export const conversionView = z.object({
  id: uuidOf<'conversion'>(),
  field: fieldId,
  name: z.string(),
  from: z.enum(fieldTypeNames),
  to: z.enum(fieldTypeNames),
  /** Whether it also began or ended storing the values encrypted. */
  encrypted: z.boolean().nullable(),
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
    summary: '预览字段类型的转换：多少值转不过去，多少数据会违反不允许重复的规则',
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
