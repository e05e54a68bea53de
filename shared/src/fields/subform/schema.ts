import { z } from 'zod';
import type { ShapeText } from '../../errors/shape-texts.js';
import { fieldRules } from '../../forms/rule-schema.js';
import { fieldId, fieldKeyPattern, uuidOf } from '../../ids.js';
import { type FieldType, presenceOps } from '../types.js';
import { parseRows, type SubformRow } from './value.js';

/** Types a row's fields cannot have: rows hold no rows, and what the system keeps is kept of records only. */
export const notInRows: readonly string[] = ['subform', 'autonumber', 'lastContact', 'rollup'];

/** A field of the rows: the same as a form's field. A new one has no `id`, its `key` is made from the name when absent. */
export const subformFieldShape = z.object({
  id: fieldId.optional(),
  key: z
    .string()
    .regex(fieldKeyPattern, 'key' satisfies ShapeText)
    .optional(),
  name: z.string().trim().min(1).max(40),
  type: z.string().max(40),
  config: z.record(z.string(), z.json()).default({}),
  rules: fieldRules.default({}),
  hint: z.string().max(200).optional(),
  default: z.json().optional(),
  encrypted: z.boolean().optional(),
  /** On reading: false when the reader may see but not write it. */
  writable: z.boolean().optional(),
});
export type SubformField = z.infer<typeof subformFieldShape>;

export const maxSubformRows = 5000;

export const subformConfig = z
  .object({
    /** In the order of the columns. */
    fields: z.array(subformFieldShape).max(50).default([]),
    minRows: z.number().int().min(0).max(maxSubformRows).optional(),
    maxRows: z.number().int().min(1).max(maxSubformRows).default(1000),
    /**
     * Set by the server: the rows are records of a form of their own, whose relation `parentField` names the record they
     * belong to and whose number `positionField` is their place in it, from 1.
     */
    formId: uuidOf<'form'>().optional(),
    parentField: fieldId.optional(),
    positionField: fieldId.optional(),
    /** Set by the server: fields taken off the rows, whose data is kept. */
    removed: z.array(subformFieldShape.extend({ removedAt: z.string() })).optional(),
  })
  .refine(({ minRows = 0, maxRows }) => minRows <= maxRows, 'rows_min_max' satisfies ShapeText);
export type SubformConfig = z.infer<typeof subformConfig>;

/**
 * Rows owned by one record. The record's column holds the rows' ids in order; the rows are real ones in a table of their
 * own. A value is written as the whole list, see `parseRows`.
 */
export const subformField: FieldType<SubformConfig, SubformRow[]> = {
  type: 'subform',
  label: { zh: '子表单', en: 'Subform' },
  group: 'relation',
  config: subformConfig,
  storage: 'uuid[]',
  refers: 'record',
  operators: presenceOps,
  aggregates: ['count'],
  sortable: false,
  groupable: false,
  searchable: false,
  parse: parseRows,
};
