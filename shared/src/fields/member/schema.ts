import { z } from 'zod';
import { choiceOps, type FieldType } from '../types.js';
import { parseMember } from './value.js';

export const memberConfig = z.object({ default: z.enum(['none', 'me']).default('none') });
export type MemberConfig = z.infer<typeof memberConfig>;

export const memberField: FieldType<MemberConfig, string> = {
  type: 'member',
  label: { zh: '成员', en: 'Member' },
  group: 'advanced',
  config: memberConfig,
  storage: 'uuid',
  refers: 'member',
  operators: choiceOps,
  aggregates: ['count', 'countDistinct'],
  sortable: false,
  groupable: true,
  searchable: false,
  parse: parseMember,
};
