import { z } from 'zod';
import { type FieldType, setOps } from '../types.js';
import { parseMembers } from './value.js';

export const membersConfig = z.object({ max: z.number().int().min(1).max(200).default(50) });
export type MembersConfig = z.infer<typeof membersConfig>;

export const membersField: FieldType<MembersConfig, string[]> = {
  type: 'members',
  label: { zh: '成员多选', en: 'Members' },
  group: 'advanced',
  config: membersConfig,
  storage: 'uuid[]',
  refers: 'member',
  operators: setOps,
  aggregates: ['count'],
  sortable: false,
  groupable: true,
  searchable: false,
  parse: parseMembers,
};
