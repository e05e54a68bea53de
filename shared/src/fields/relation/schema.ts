import { z } from 'zod';
import { uuidOf } from '../../ids.js';
import { choiceOps, type FieldType } from '../types.js';
import { parseRelation } from './value.js';

export const relationConfig = z.object({
  formId: uuidOf<'form'>(),
  /** What deleting the target does to records that point at it. */
  onDelete: z.enum(['detach', 'refuse', 'cascade']).default('detach'),
  /** Title of the list on the target's page; the form's name when absent. */
  reverseLabel: z.string().max(40).optional(),
});
export type RelationConfig = z.infer<typeof relationConfig>;

export const relationField: FieldType<RelationConfig, string> = {
  type: 'relation',
  label: { zh: '关联数据', en: 'Relation' },
  group: 'relation',
  config: relationConfig,
  storage: 'uuid',
  refers: 'record',
  operators: choiceOps,
  aggregates: ['count', 'countDistinct'],
  sortable: false,
  groupable: true,
  searchable: false,
  parse: parseRelation,
};
