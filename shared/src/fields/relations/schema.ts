import { z } from 'zod';
import { uuidOf } from '../../ids.js';
import { type FieldType, setOps } from '../types.js';
import { parseRelations } from './value.js';

export const relationsConfig = z.object({
  formId: uuidOf<'form'>(),
  /** What deleting a target does: the pointer stays without a name, or the deletion is refused. */
  onDelete: z.enum(['detach', 'refuse']).default('detach'),
  max: z.number().int().min(1).max(500).default(100),
  /** Title of the list on the targets' pages; the form's name when absent. */
  reverseLabel: z.string().max(40).optional(),
});
export type RelationsConfig = z.infer<typeof relationsConfig>;

export const relationsField: FieldType<RelationsConfig, string[]> = {
  type: 'relations',
  label: { zh: '关联多条数据', en: 'Related records' },
  group: 'relation',
  config: relationsConfig,
  storage: 'uuid[]',
  refers: 'record',
  operators: setOps,
  aggregates: ['count'],
  sortable: false,
  groupable: true,
  searchable: false,
  parse: parseRelations,
};
